"""Plugins of Buildkite that run or build images: docker, docker-compose and kubernetes.

https://github.com/buildkite-plugins/docker-buildkite-plugin
"""

from collections.abc import Iterator

from planner.formats._base import Candidate
from planner.formats._ci import entries, items, scalars, value
from planner.formats._ci_environment import Environment
from planner.formats._docker_commands import image
from planner.formats._yaml import Mapping, Node
from planner.model.inventory import Role

_MACHINES = frozenset({"gcp", "aws", "azure", "orka"})
_MACHINE_KEYS = frozenset({"imageproject", "image_project", "machinetype", "machine_type", "instancetype"})
_POD = ("podSpec", "podSpecPatch")


def plugins(node: Node | None, scope: Environment) -> Iterator[Candidate]:
    """Yield what the plugins of a step name: a list of `NAME#VERSION: SETTINGS`, or a map."""
    for item in items(node):
        for spelled, settings in entries(item):
            if type(settings) is Mapping and (read := _PLUGINS.get(_name(spelled))):
                yield from read(settings, scope)


def kubernetes(settings: Mapping, scope: Environment) -> Iterator[Candidate]:
    """Yield the containers of the pod that a step runs in, and those beside it."""
    for key in _POD:
        for kind in ("containers", "initContainers"):
            pod = settings.get(key)
            for container in items(pod.get(kind)) if type(pod) is Mapping else ():
                yield from _image(container, scope, Role.STEP)
    for container in items(settings.get("sidecars")):
        yield from _image(container, scope, Role.SERVICE)


def _name(spelled: str) -> str:
    """Return `docker` of `docker#v5.12.0`, `acme/docker#main` and `ssh://…/docker-buildkite-plugin.git#v1`."""
    last = spelled.partition("#")[0].rstrip("/").rpartition("/")[2]
    return last.removesuffix(".git").removesuffix("-buildkite-plugin")


def _docker(settings: Mapping, scope: Environment) -> Iterator[Candidate]:
    yield from _image(settings, scope, Role.STEP)


def _compose(settings: Mapping, scope: Environment) -> Iterator[Candidate]:
    """`cache-from` and `push` begin with the service: `app:registry.example.com/app:latest`."""
    yield from scope.image(settings.get("image-repository"), Role.OUTPUT)
    for key, role in (("cache-from", Role.CACHE), ("push", Role.OUTPUT)):
        for scalar in scalars(settings.get(key)):
            for word in scope.words(scalar):
                name = word.partition(":")[1]
                if name is not None:
                    yield from image(name, role)


def _image(node: Node, scope: Environment, role: Role) -> Iterator[Candidate]:
    if type(node) is Mapping:
        yield from scope.image(node.get("image"), role)


_PLUGINS = {"docker": _docker, "docker-compose": _compose, "kubernetes": kubernetes}


def is_machine(agents: Mapping) -> bool:
    """Tell whether the `image` of agents is that of a virtual machine."""
    keys = {key.lower() for key, _ in entries(agents)}
    return bool(keys & _MACHINE_KEYS) or value(agents, "provider").lower() in _MACHINES
