"""GitLab Runner: an option of the docker:dind services that config.toml starts beside every job.

The images of jobs and services themselves are pulled by the Docker of the runner's host or by the cluster.
"""

from collections.abc import Iterator

from planner.errors import ConfigError
from planner.model.source import SourceFile
from planner.runtimes import _toml
from planner.runtimes._base import HUB, File, Mirror, Runtime, place, present
from planner.runtimes._daemon_json import accepted
from planner.runtimes._options import OPTION, options
from planner.runtimes._toml import Path, at, strings
from planner.runtimes._toml_edit import with_string
from planner.runtimes.dind import is_dind

_EXECUTORS = ("docker", "kubernetes")
_NEW = """[[runners]]
  executor = "docker"
  [runners.docker]
    privileged = true
    [[runners.docker.services]]
      name = "docker:dind"
      alias = "docker"
      command = ["--registry-mirror={url}"]
"""


def _merge(file: SourceFile, mirror: Mirror) -> str:
    url = accepted(mirror).url
    if not _toml.parsed(file):
        return file.text + _NEW.replace("{url}", url)
    paths = tuple(_services(file))
    if not paths:
        raise ConfigError(
            f"{file.path} starts no docker:dind",
            hint="jobs that use the Docker of the host need `hub2ar mirror config docker` there; those "
            "that start docker:dind in .gitlab-ci.yml need `hub2ar mirror config dind --file "
            ".gitlab-ci.yml`",
        )
    for path in paths:
        words = strings(_toml.parsed(file), (*path, "command"))
        found = options(words)
        values = [option.value for option in found]
        if not present(values, mirror):
            index = place(values, mirror)
            before = found[index].index if index < len(found) else len(words)
            file = SourceFile(file.path, with_string(file, path, "command", before, f"{OPTION}={url}"))
    return file.text


def _services(file: SourceFile) -> Iterator[Path]:
    """Yield the paths of the docker:dind services of every runner."""
    tree = _toml.parsed(file)
    runners = at(tree, ("runners",))
    for number in range(len(runners) if isinstance(runners, list) else 0):
        for executor in _EXECUTORS:
            path: Path = ("runners", number, executor, "services")
            services = at(tree, path)
            for index, service in enumerate(services if isinstance(services, list) else []):
                name = at(service, ("name",))
                if isinstance(name, str) and is_dind(name):
                    yield (*path, index)


def _mirrors(file: SourceFile) -> tuple[str, ...]:
    tree = _toml.parsed(file)
    first = next(_services(file), None)
    return tuple(one.value for one in options(strings(tree, (*first, "command")))) if first else ()


RUNTIME = Runtime(
    name="gitlab_runner",
    title="GitLab Runner",
    files=(
        File(
            "config.toml",
            "toml",
            ("/etc/gitlab-runner/config.toml", "~/.gitlab-runner/config.toml"),
            _merge,
            _mirrors,
        ),
    ),
    restart=(),
    check="docker system info  # in a job; Registry Mirrors lists it",
    private="not possible: a mirror has no path here, and dockerd sends no credentials to one",
    miss="the next mirror is asked, and Docker Hub last",
    default=(HUB,),
    specification="https://docs.gitlab.com/ci/docker/using_docker_build/#enable-registry-mirror-for-dockerdind-service",
)
