"""Docker Engine: `registry-mirrors` of daemon.json, for docker.io only and without a path.

dockerd refuses to start with a mirror that has a path, so a repository of Artifact Registry cannot be one
(https://github.com/moby/moby/blob/master/daemon/pkg/registry/config.go, ValidateMirror). It also refuses a
setting that is both in the file and on its command line.
"""

from planner.runtimes import _daemon_json, _daemon_options, _daemon_unit
from planner.runtimes._base import HUB, File, Runtime, Step

PLACES = (
    "/etc/docker/daemon.json",
    "~/.config/docker/daemon.json",  # rootless
    "/var/snap/docker/current/config/daemon.json",
    r"C:\ProgramData\docker\config\daemon.json",
)
UNITS = (
    "/etc/systemd/system/docker.service.d/override.conf",
    "/etc/systemd/system/docker.service",
)

RUNTIME = Runtime(
    name="docker",
    title="Docker Engine",
    files=(
        File("daemon.json", "json", PLACES, _daemon_json.merge, _daemon_json.mirrors),
        File(
            "docker",
            "shell",
            ("/etc/default/docker",),
            _daemon_options.merge,
            _daemon_options.mirrors,
            alternative=True,
        ),
        File("docker.service", "ini", UNITS, _daemon_unit.merge, _daemon_unit.mirrors, alternative=True),
    ),
    flag=lambda mirror: f"dockerd --registry-mirror={_daemon_json.accepted(mirror).url}",
    restart=(
        Step("Linux with systemd", "sudo systemctl restart docker"),
        Step("Linux with systemd, rootless", "systemctl --user restart docker"),
        Step("Linux with sysvinit", "sudo service docker restart"),
        Step("Windows", "Restart-Service docker"),
    ),
    check="docker system info --format '{{json .RegistryConfig.Mirrors}}'",
    private="not possible: a mirror has no path here, and dockerd sends no credentials to one",
    miss="the next mirror is asked, and Docker Hub last",
    default=(HUB,),
    specification="https://docs.docker.com/docker-hub/image-library/mirror/",
)
