"""What a live cluster says that it runs: the digest behind the image of each container."""

import re
from collections.abc import Iterator

from planner.formats._base import Candidate
from planner.formats._kubernetes_objects import kind_of, objects
from planner.formats._select import scalars_at, select
from planner.formats._yaml import Mapping, Node
from planner.model.inventory import Role

_CONTAINERS = ("containers", "initContainers", "ephemeralContainers")
_STATUSES = (
    "status.containerStatuses[]",
    "status.initContainerStatuses[]",
    "status.ephemeralContainerStatuses[]",
)
_RUNNING = re.compile(
    r"(?:docker-pullable://)?(?P<reference>[^:@/\s][^@\s]*@(?P<digest>sha256:[0-9a-f]{64}))\Z"
)


def running(document: Node) -> Iterator[Candidate]:
    """Yield the images that containers run by digest, where their pods do not name it themselves.

    A runtime that pulled nothing reports the ID of an image (`sha256:…`), which no registry knows.
    """
    for pod in (each for each in _pods(document) if type(each) is Mapping):
        named = {scalar.value for kind in _CONTAINERS for scalar in scalars_at(pod, f"spec.{kind}[].image")}
        pinned = {name.rpartition("@")[2] for name in named}
        seen: set[str] = set()
        for status in _STATUSES:
            for scalar in scalars_at(pod, f"{status}.imageID"):
                match = _RUNNING.match(scalar.value)
                if match and match["digest"] not in pinned and match["reference"] not in seen:
                    seen.add(match["reference"])
                    yield Candidate.of(scalar.text.cut(match.start("reference"), match.end()), Role.WORKLOAD)


def _pods(document: Node) -> Iterator[Node]:
    for each in objects(document):
        kind = kind_of(each)
        if kind == "v1 Pod":
            yield each
        elif kind == "v1 PodList":  # an answer of the API, whose items have no kind of their own
            yield from select(each, "items[]")
