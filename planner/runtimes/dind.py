"""docker:dind, Docker in a container: an option of its command in Compose and GitLab CI files.

What a CI job starts has its own dockerd, which knows nothing of the mirrors of its host.
"""

import re

from planner.errors import ConfigError
from planner.model.source import SourceFile
from planner.runtimes import _words
from planner.runtimes._base import HUB, File, Mirror, Runtime
from planner.runtimes._daemon_json import accepted
from planner.runtimes._options import OPTION
from planner.runtimes._text import newline
from planner.runtimes._yaml import Node, child, documents, end, items, mappings, shared, text_of
from planner.runtimes._yaml_edit import Value, flow, new, not_added

_IMAGE = re.compile(r"(?:[^\s]+/)?docker:(?:[\w.-]*-)?dind(?:-[\w.-]+)?(?:@\S+)?\Z")


def is_dind(image: str) -> bool:
    """Say whether an image is docker:dind, of whatever version and registry."""
    return bool(_IMAGE.match(image))


_KIND = _words.Kind(is_dind, "command", lambda mirror: accepted(mirror).url)


def _merge(file: SourceFile, mirror: Mirror) -> str:
    option = f"{OPTION}={accepted(mirror).url}"
    if not file.text.strip():
        service: Value = {"image": "docker:dind", "privileged": True, "command": [option]}
        return new(file.text, {"services": {"docker": service}})
    while (short := _short(file)) is not None:  # GitLab's short form has no place for a command
        file = SourceFile(file.path, _longer(file, *short, option))
    if next(_words.containers(file, _KIND), None) is None:
        raise ConfigError(
            f"{file.path} starts no docker:dind",
            hint="jobs that use the Docker of their host need `hub2ar mirror config docker` there",
        )
    return _words.merge(file, mirror, _KIND)


def _longer(file: SourceFile, service: Node, in_flow: bool, option: str) -> str:
    """Return the file with a service that is only an image written as a mapping with a command."""
    text, start, stop = file.text, service.start_mark.index, end(file.text, service)
    if shared(text, service):
        raise not_added(file, service)
    if in_flow:
        return text[:start] + flow({"name": text_of(service), "command": [option]}) + text[stop:]
    line = newline(text) + " " * service.start_mark.column
    return f"{text[:start]}name: {text[start:stop]}{line}command: {flow([option])}{text[stop:]}"


def _short(file: SourceFile) -> tuple[Node, bool] | None:
    """Return the first service that is only an image, and whether it stands in a list on one line."""
    for document in documents(file):
        for mapping in mappings(document):
            services = child(mapping, "services")
            for service in items(services):
                if _IMAGE.match(text_of(service)):
                    return service, bool(getattr(services, "flow_style", False))
    return None


def _mirrors(file: SourceFile) -> tuple[str, ...]:
    return _words.mirrors(file, _KIND)


RUNTIME = Runtime(
    name="dind",
    title="Docker in Docker",
    files=(File("compose.yaml", "yaml", ("compose.yaml", ".gitlab-ci.yml"), _merge, _mirrors),),
    flag=lambda mirror: f"docker run --privileged docker:dind --registry-mirror={accepted(mirror).url}",
    restart=(),
    check="docker system info  # in the job; Registry Mirrors lists it",
    private="not possible: a mirror has no path here, and dockerd sends no credentials to one",
    miss="the next mirror is asked, and Docker Hub last",
    default=(HUB,),
    specification="https://docs.gitlab.com/ci/docker/using_docker_build/#enable-registry-mirror-for-dockerdind-service",
)
