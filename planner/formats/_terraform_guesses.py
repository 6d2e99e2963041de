"""Images in fields of Terraform that no schema tells of: attributes, inputs and defaults by their name.

Providers of virtual machines call disk images `image` too, so a value must look like a container's: a tag, a
digest or a registry.
"""

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from planner.formats._arguments import in_variable
from planner.formats._base import Candidate
from planner.formats._docker_commands import image
from planner.formats._hcl_expressions import Scope
from planner.formats._hcl_nodes import (
    Access,
    Array,
    Body,
    Call,
    Conditional,
    Expression,
    For,
    Literal,
    Object,
)
from planner.formats._hcl_values import Fields, Items, Result, alternatives, words
from planner.formats._image_fields import plausible, versioned
from planner.formats._shell_words import Word
from planner.formats._terraform_blocks import inner
from planner.formats._terraform_images import joined
from planner.model.inventory import Confidence, Role

_DEPTH = 16
_KEY = re.compile(
    r"(?i)(?:^|.*[_-]|.*[a-z])images?(?:_?(?:uri|url|name|ref|reference|repository|repo|path|full))?\Z"
)
_SURE = re.compile(r"(?i).*(?:docker|container|oci)_?image(?:_?(?:uri|url|name|ref|reference))?\Z|image\Z")
_NO_CONTAINER = re.compile(
    r"(?i).*(?:source|machine|vm|boot|os|disk|base_os|backing|ami|instance|node|node_pool|host|server|snapshot|droplet"
    r"|background|logo|icon|avatar|cover|banner|favicon|splash|thumbnail)_?images?(?:_?\w+)?\Z"
)
_PARTS = ("repository", "repo", "name", "image", "uri", "url")
_PLURAL = frozenset({"images", "container_images", "docker_images"})
_LABELS = frozenset(
    {"labels", "annotations", "tags", "selector", "match_labels", "node_selector", "default_tags", "triggers"}
)
_TAGS = ("tag", "image_tag", "version", "digest")
_MACHINES = re.compile(
    r"(?:google_compute|openstack|digitalocean_(?!app)|hcloud|libvirt|linode|vsphere|proxmox|lxd|incus|vultr|exoscale"
    r"|upcloud|scaleway_instance|azurerm_(?:linux_virtual|windows_virtual|virtual|image|shared_image)|aws_(?:ami|instance"
    r"|launch|spot|workspaces|appstream|imagebuilder)|oci_core|cloudstack|ovh|packet|equinix|metal|maas|nutanix|outscale"
    r"|opennebula|ibm_is|ibm_pi|ibm_compute|alicloud_(?:instance|image|ecs)|tencentcloud_(?:instance|image)|huaweicloud"
    r"|civo_instance|hyperv|esxi|brightbox|stackit_server|ionoscloud|multipass|virtualbox|harvester|kubevirt|genesyscloud"
    r"|yandex_compute|selectel|vcd_|aws_cloudfront|aws_s3|nsxt|rustack|gridscale|aws_ecr|google_artifact|github_"
    r"|grafana|datadog|okta|auth0)"
)  # fmt: skip
_PUBLIC_DISKS = re.compile(r"(?:[a-z0-9]+-)+(?:cloud|images)/|projects/|windows-sql-|https?://")


class Place(Struct, frozen=True):
    """A named expression, and those that stand beside it."""

    name: str
    value: Expression
    beside: Mapping[str, Expression]
    above: str = ""  # the name of what it stands in


def machine(type_: str) -> bool:
    """Whether an image of this type of resource is that of a virtual machine, or no image at all."""
    return bool(_MACHINES.match(type_))


def in_body(body: Body, scope: Scope, above: str = "", depth: int = _DEPTH) -> Iterator[Candidate]:
    """Yield what looks like an image in the attributes of a body, at any depth."""
    beside = {each.name: each.value for each in body.attributes}
    for name, value in beside.items():
        yield from guessed(Place(name, value, beside, above), scope)
    for type_, block, within in inner(body, scope) if depth else ():
        if type_ not in _LABELS:
            yield from in_body(block, within, type_, depth - 1)


def guessed(place: Place, scope: Scope, depth: int = _DEPTH) -> Iterator[Candidate]:
    """Yield what looks like an image in one attribute, and in the objects that its expression holds."""
    if place.name in _LABELS:
        return
    if place.name == "value" and "name" in place.beside:
        yield from _variable(place, scope)
    yield from _by_name(place, scope)
    for below in _objects(place.value, depth):
        for name, value in below.items():
            yield from guessed(Place(name, value, below, place.name), scope, depth - 1)


def _objects(expression: Expression, depth: int) -> Iterator[Mapping[str, Expression]]:
    """Yield the objects nearest to the outside of an expression."""
    waiting = [expression]
    while waiting and depth:
        each = waiting.pop()
        match each:
            case Object(entries):
                yield {str(key.text) if isinstance(key, Literal) else "": value for key, value in entries}
            case Array(items):
                waiting.extend(reversed(items))
            case Call(arguments=arguments):
                waiting.extend(reversed(arguments))
            case Conditional(yes=yes, no=no):
                waiting += [no, yes]
            case For(value=value):
                waiting.append(value)
            case Access(value=value):
                waiting.append(value)


def _variable(place: Place, scope: Scope) -> Iterator[Candidate]:
    """Yield the value of an environment variable whose name tells of an image."""
    for name in words(scope.evaluate(place.beside["name"])):
        if "IMAGE" in str(name).upper():
            for value in words(scope.evaluate(place.value)):
                for each in value.choices():
                    if not each.problem and each.text:
                        yield from in_variable(str(name), each.text, max(each.text.start, 0))


def _by_name(place: Place, scope: Scope) -> Iterator[Candidate]:
    name = place.name
    about_images = place.above in _PLURAL or _KEY.match(name) or _in_parts(place)
    if not about_images or _NO_CONTAINER.match(name):
        return
    tag = _tag(place, scope)
    for word in _scalars(scope.evaluate(place.value), lists=name.endswith("images")):
        yield from _likely(word, tag, name)


def _in_parts(place: Place) -> bool:
    """Whether this is the repository of an object about an image: `image = { repository, tag }`."""
    return place.name in _PARTS and bool(_KEY.match(place.above)) and not _NO_CONTAINER.match(place.above)


def _tag(place: Place, scope: Scope) -> Word | None:
    stem = re.sub(r"(?i)_?(?:uri|url|name|repository|repo)\Z", "", place.name)
    names = (*_TAGS, "image_version") if place.name in (*_PARTS, "image") else ()
    for name in (f"{stem}_tag", f"{stem}_version", *names):
        if (value := place.beside.get(name)) is not None and name != place.name:
            return next((word for word in words(scope.evaluate(value)) if str(word)), None)
    return None


def _scalars(result: Result, *, lists: bool) -> Iterator[Word]:
    for each in alternatives(result):
        if isinstance(each, Word):
            yield each
        elif isinstance(each, Items) and lists:
            yield from (word for item in each.items for word in words(item))
        elif isinstance(each, Fields) and lists:
            yield from (word for _, item in each.fields for word in words(item))


def _likely(word: Word, tag: Word | None, name: str) -> Iterator[Candidate]:
    """Yield a value that has the shape of a container's image."""
    text = str(word)
    whole = joined(word, tag) if tag is not None and not versioned(text) else word
    for candidate in image(whole, Role.WORKLOAD, Confidence.HEURISTIC):
        value = str(candidate.value)
        if candidate.problem:
            if _partly_known(word):
                yield candidate
        elif (
            plausible(value, bare=bool(_SURE.match(name)) and name.lower() != "image")
            and not _PUBLIC_DISKS.match(value)
            and (versioned(value) or _hosted(value) or _SURE.match(name))
        ):
            yield candidate


def _hosted(value: str) -> bool:
    first, slash, _ = value.partition("/")
    return bool(slash) and ("." in first or ":" in first)


def _partly_known(word: Word) -> bool:
    """Whether the known part of a word shows that it is an image: `nginx:${var.tag}`."""
    literal = "".join(str(piece.written) for piece in word.pieces if not piece.name)
    return bool(re.search(r"[a-z0-9]:\Z|/[a-z0-9]", literal))
