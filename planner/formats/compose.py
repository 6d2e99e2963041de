"""Compose files: the images of services, and what their builds use and produce.

Beside Compose's own names every YAML file whose content has its shape is read. The image of a service that is
also built is an output. A node that several services share through an anchor is one candidate.
"""

import re
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Table
from typing import TypeVar

from msgspec import Struct

from planner.formats import _compose_build, _compose_environment, _compose_files
from planner.formats._base import Candidate, Format, Given, Item
from planner.formats._compose_files import built_elsewhere
from planner.formats._compose_values import Use, candidate, is_set, whole
from planner.formats._yaml import Mapping, Node, Scalar, Sequence, lines, parse, problems, walk
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile

N = TypeVar("N")

_NAMED = re.compile(r"(?:compose(?!r)|docker-stack)[^/]*\Z|(?:\A|/)fig\.ya?ml\Z|\.dockerapp\Z")
_SERVICES = re.compile(r"services[\"']?\s*:")  # nearly every object of Kubernetes has the word
_KEYS = frozenset(
    {"version", "name", "services", "networks", "volumes", "configs", "secrets", "include", "models"}
)
_FIRST_VERSION = ("image", "build", "extends")  # one of them is in every service of a file without `services`
_ITS_OWN = frozenset(  # of what has images, only a service has one of these
    {"ports", "container_name", "restart", "networks", "expose", "depends_on", "healthcheck"}
)
_OF_SERVICE = _ITS_OWN | {"image", "build", "command", "entrypoint", "environment", "env_file", "volumes",
    "user", "labels", "hostname", "platform", "privileged", "tty", "stdin_open", "extra_hosts", "links",
    "ulimits", "cap_add", "working_dir", "logging", "deploy", "profiles", "shm_size", "tmpfs", "init",
    "extends", "secrets", "configs", "security_opt", "stop_grace_period", "pull_policy", "network_mode",
    "mem_limit", "sysctls", "devices"}  # fmt: skip
_PART = re.compile(rf"(?m)^[ \t]+(?:{'|'.join(sorted(_ITS_OWN))})[ \t]*:")
_LONGEST_CHAIN = 20  # services that extend one another
_FREE = frozenset({"labels", "environment", "annotations", "args", "driver_opts", "options"})  # of any names
_SHARED = "x-"  # begins the keys that Compose leaves to the author


class _Project(Struct, frozen=True):
    """A document that has the shape of a Compose file."""

    services: Table[str, Mapping]
    shared: Sequence  # what stands under `x-…`
    include: Node | None = None
    models: Node | None = None  # of Docker Model Runner, artifacts in registries

    @property
    def files(self) -> tuple[Node | None, Node | None]:
        """What other files are named by."""
        return self.include, _compose_files.extended(self.services.values())


def extract(source: SourceFile, given: Given) -> Iterator[Item]:
    """Yield the images that services name, and the arguments that their builds give to Dockerfiles."""
    named = bool(_NAMED.search(source.path))
    if not named and not _SERVICES.search(source.text) and not _PART.search(source.text):
        return
    parsed = parse(source)
    projects = [project for document in parsed.documents if (project := _project(document, named))]
    if projects or (named and not parsed.complete):
        yield from problems(source, parsed, Role.SERVICE)
        yield from _candidates(projects, given)
        yield from _dockerfiles(source, projects, given)
        yield from _others(source.path, projects, given)
    if named and not parsed.complete:
        yield from _by_line(source, parsed.read, given)


def _project(document: Node, named: bool) -> _Project | None:
    if type(document) is not Mapping:
        return None
    top = {key.value: value for key, value in document.entries()}
    if "apiVersion" in top and "kind" in top:
        return None  # an object of Kubernetes
    services = top.get("services")
    shared = Sequence(document.start, "")
    shared.items.extend(value for key, value in top.items() if key.startswith(_SHARED))
    if type(services) is Mapping or (named and top.get("include")):
        listed = _mappings(services) if type(services) is Mapping else {}
        project = _Project(listed, shared, top.get("include"), top.get("models"))
        return project if named or _is_compose(top, project) else None
    if "services" not in top and "version" not in top and (named or _is_part(document)):
        return _first_version(document)
    return None


def _is_part(document: Mapping) -> bool:
    """Whether a document is services and nothing else: a generator puts them into a Compose file."""
    services = _mappings(document).values()
    return bool(services) and all(
        service.get("image") and not _ITS_OWN.isdisjoint(service.own) and _OF_SERVICE.issuperset(service.own)
        for service in services
    )


def _mappings(node: Mapping) -> dict[str, Mapping]:
    return {key.value: value for key, value in node.entries() if type(value) is Mapping}


def _is_compose(top: Table[str, Node], project: _Project) -> bool:
    """Tell by the keys: Compose refuses all others (https://docs.docker.com/reference/compose-file/)."""
    known = all(key in _KEYS or key.startswith(_SHARED) for key in top)
    return known and any(
        service.get("image") or service.get("build") for service in project.services.values()
    )


def _first_version(document: Mapping) -> _Project | None:
    """Return a file of services and nothing else, as it was written before `version` came."""
    services = _mappings(document)
    others = [key for key, value in document.entries() if type(value) is not Mapping]
    if others or not all(any(service.get(key) for key in _FIRST_VERSION) for service in services.values()):
        return None
    return _Project(services, Sequence(document.start, ""))


def _others(path: str, projects: list[_Project], given: Given) -> Iterator[Item]:
    """Yield what other Compose files are given."""
    for project in projects:
        yield from _compose_files.joined(path, _compose_files.builds(project.services.items()))
        yield from _compose_files.handed_on(path, project.files, given)
        yield from _compose_files.with_variables(path, project.include)


def _candidates(projects: list[_Project], given: Given) -> Iterator[Candidate]:
    """Yield one candidate for each node; that something builds it counts more than that something runs it."""
    chosen: dict[int, Use] = {}
    for use in (use for project in projects for use in _uses(project, given)):
        before = chosen.get(id(use.scalar))
        if before is None or (use.role is Role.OUTPUT and before.role is Role.SERVICE):
            chosen[id(use.scalar)] = use
    for use in sorted(chosen.values(), key=lambda use: use.scalar.start):
        found = candidate(use, given)
        if found:
            yield found


def _uses(project: _Project, given: Given) -> Iterator[Use]:
    joined = {id(each) for name, each in project.services.items() if built_elsewhere(name, given)}
    for service in _distinct(project.services.values()):
        yield from _image(service, id(service) in joined or _is_built(service, project.services))
    for files in project.files:
        yield from _compose_files.artifacts(files)
    for build in _distinct(service.get("build") for service in project.services.values()):
        yield from _compose_build.uses(build)
    for environment in _distinct(service.get("environment") for service in project.services.values()):
        yield from _compose_environment.images(environment)
    for volumes in _distinct(service.get("volumes") for service in project.services.values()):
        yield from _volumes(volumes)
    yield from _models(project)
    for path, node in walk(project.shared):
        if type(node) is Mapping and not _FREE & set(path):
            yield from _image(node, is_set(node.get("build")), Confidence.HEURISTIC)


def _distinct(nodes: Iterable[N]) -> Iterable[N]:
    """Return each node once, however many aliases it has."""
    return {id(node): node for node in nodes}.values()


def _image(service: Mapping, built: bool, confidence: Confidence = Confidence.CERTAIN) -> Iterator[Use]:
    image = service.get("image")
    if type(image) is Scalar:
        yield Use(image, Role.OUTPUT if built else Role.SERVICE, whole, confidence)


def _is_built(service: Mapping, services: Table[str, Mapping]) -> bool:
    """Tell whether a service has a `build`, its own or that of the service it extends in this file."""
    current: Mapping | None = service
    for _ in range(_LONGEST_CHAIN):
        if current is None:
            return False
        if is_set(current.get("build")):
            return True
        extends = current.get("extends")
        base = extends.get("service") if type(extends) is Mapping and not extends.get("file") else extends
        current = services.get(base.value) if type(base) is Scalar else None
    return False


def _volumes(volumes: Node | None) -> Iterator[Use]:
    """Yield the images that are mounted (https://docs.docker.com/reference/compose-file/services/#volumes)."""
    for volume in volumes.items if type(volumes) is Sequence else ():
        if type(volume) is Mapping:
            kind, image = volume.get("type"), volume.get("source")
            if _is(kind, "image") and type(image) is Scalar:
                yield Use(image, Role.MOUNT, whole)


def _models(project: _Project) -> Iterator[Use]:
    """Yield the models that services use (https://docs.docker.com/ai/compose/models-and-compose/)."""
    models = _mappings(project.models) if type(project.models) is Mapping else {}
    provided = (service.get("provider") for service in project.services.values())
    options = (
        each.get("options")
        for each in _distinct(provided)
        if type(each) is Mapping and _is(each.get("type"), "model")
    )
    for holder in _distinct((*models.values(), *options)):
        model = holder.get("model") if type(holder) is Mapping else None
        if type(model) is Scalar:
            yield Use(model, Role.SERVICE, whole)


def _is(node: Node | None, value: str) -> bool:
    return type(node) is Scalar and node.value == value


def _dockerfiles(source: SourceFile, projects: list[_Project], given: Given) -> Iterator[Item]:
    services = [service for project in projects for service in project.services.values()]
    builds = {
        id(build): (build, service.get("image")) for service in services if (build := service.get("build"))
    }
    yield from _compose_build.dockerfiles(source, builds.values(), given)


def _by_line(source: SourceFile, start: int, given: Given) -> Iterator[Candidate]:
    for line in lines(source, start):
        if line.key == "image":
            scalar = Scalar(str(line.value), line.start, line.start + len(line.value), "", "", line.value)
            found = candidate(Use(scalar, Role.SERVICE, whole, Confidence.HEURISTIC), given)
            if found:
                yield found


FORMAT = Format(
    name="compose",
    patterns=(
        "compose*.y{a,}ml",
        "docker-compose*.y{a,}ml",
        "docker-stack*.y{a,}ml",
        "*compose*.y{a,}ml",
        "*compose*.y{a,}ml.*",
        "*compose*.json",
        "*stack*.y{a,}ml",
        "*.dockerapp",
        "*.stub",
        "*.y{a,}ml",
    ),
    words=((b"image", b"build", b"include", b"extends", b"model"),),
    extract=extract,
    builds=True,
    specification="https://docs.docker.com/reference/compose-file/services/#image",
    by_content=True,
)
