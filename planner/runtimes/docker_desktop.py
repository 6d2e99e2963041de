"""Docker Desktop: the same JSON as dockerd's, under Settings > Docker Engine or in the user's home.

`docker-machine restart` of older instructions is gone with docker-machine.
"""

from planner.runtimes import _daemon_json
from planner.runtimes._base import HUB, File, Runtime, Step

RUNTIME = Runtime(
    name="docker_desktop",
    title="Docker Desktop",
    files=(
        File("daemon.json", "json", ("~/.docker/daemon.json",), _daemon_json.merge, _daemon_json.mirrors),
    ),
    restart=(
        Step("macOS", "docker desktop restart"),
        Step("Windows", "docker desktop restart"),
        Step("Linux", "systemctl --user restart docker-desktop"),
    ),
    check="docker system info --format '{{json .RegistryConfig.Mirrors}}'",
    private="not possible: a mirror has no path here, and dockerd sends no credentials to one",
    miss="the next mirror is asked, and Docker Hub last",
    default=(HUB,),
    specification="https://docs.docker.com/desktop/settings-and-maintenance/settings/#docker-engine",
)
