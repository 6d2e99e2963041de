"""Istio: the images that istioctl and the operators of Istio install, made of a hub, bare names and a tag.

What no field names is pulled all the same: the control plane, the proxies, and what a profile adds.
"""

from collections.abc import Iterator

from planner.formats._base import Candidate, Format, Given
from planner.formats._image_fields import filled, places
from planner.formats._istio_values import Hub
from planner.formats._yaml import Mapping, Node, parse
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_ALWAYS = ("pilot", "proxyv2")
_NODE_AGENT = "install-cni"
_AMBIENT = ("ztunnel", _NODE_AGENT)
_OF_KIND = {"IstioCNI": (_NODE_AGENT,), "ZTunnel": ("ztunnel",), "IstioOperator": _ALWAYS, "Istio": _ALWAYS}


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate]:
    """Yield the images of each object that has a hub."""
    for document in parse(source).documents:
        kind = filled(document.get("kind")) if type(document) is Mapping else None
        if type(document) is Mapping and kind and kind.value in _OF_KIND and _is_istio(document):
            yield from _installed(document.get("spec"), kind.value)


def _is_istio(document: Mapping) -> bool:
    version = filled(document.get("apiVersion"))
    return version is not None and version.value.partition("/")[0] in ("install.istio.io", "sailoperator.io")


def _installed(spec: Node | None, kind: str) -> Iterator[Candidate]:
    if type(spec) is not Mapping:
        return
    hub = Hub.in_fields(spec).before(Hub.of(spec.get("values")))
    named: set[str] = set()
    for place in places(spec, lambda _, key: key not in ("labels", "annotations")):
        if written := filled(place.fields.get("image")):
            named.add(written.value.rpartition("/")[2].partition(":")[0])
        if found := hub.image(place):
            yield found
    start = hub.name.start if hub.name else 0
    for name in dict.fromkeys(_unnamed(spec, kind)):
        if name not in named and (implied := hub.named(Text.of(name), Role.IMPLICIT, start)):
            yield implied


def _unnamed(spec: Mapping, kind: str) -> Iterator[str]:
    """Yield the names of what is installed without being named."""
    profile = filled(spec.get("profile"))
    if profile is None or profile.value != "empty":
        yield from _OF_KIND[kind]
    if profile is not None and profile.value == "ambient":
        yield from _AMBIENT
    agent = filled(spec.get("components", "cni", "enabled"))
    if agent is not None and agent.value == "true":
        yield _NODE_AGENT


FORMAT = Format(
    name="istio",
    patterns=("*.{yml,yaml}",),
    words=((b"install.istio.io/", b"sailoperator.io/"), (b"hub",)),
    extract=extract,
    specification="https://istio.io/latest/docs/reference/config/istio.operator.v1alpha1/",
)
