"""k3d: the image of the nodes of a cluster, of the registry beside it, and the files it puts into nodes.

Nodes without an image get that of the installed k3d, unless the command that uses the configuration has one.
"""

import posixpath
import re
from collections.abc import Iterator

from msgspec.structs import replace

from planner.formats import _manifest
from planner.formats._base import Binding, Candidate, Embedded, Format, Given
from planner.formats._ci import value
from planner.formats._image_fields import filled, written
from planner.formats._implicit import K3S, Pull
from planner.formats._kubernetes_kinds import K3D
from planner.formats._kubernetes_objects import of_kind
from planner.formats._moved import REST, SCRIPTS, by_commands, is_moved
from planner.formats._placeholders import settled
from planner.formats._select import scalars_at, select
from planner.formats._yaml import Scalar, parse
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile

_FIELDS = {"image": Role.WORKLOAD, "registries.create.image": Role.SERVICE}
_CHANNELS = ("latest", "stable", "testing")  # and all that begins with a plus sign


_SERVER = Pull(K3S, "set image, or --image beside --config, to move it", "the installed k3d")
_COMMAND = re.compile(rf"(?<![\w-])k3d[\"']?\s+cluster\s+create\b{REST}")
_IMAGE = re.compile(r"--image\b|(?<!\S)-i\b")
_KIND = "Simple"  # of configurations of clusters


def extract(source: SourceFile, given: Given) -> Iterator[Candidate | Embedded | Binding]:
    """Yield the images of a cluster, and which configurations need none; mirrors are none."""
    yield from by_commands(source, _COMMAND, _IMAGE, "k3d")
    if "k3d.io/" in source.text:
        yield from _clusters(source, given)


def _clusters(source: SourceFile, given: Given) -> Iterator[Candidate | Embedded]:
    for cluster in of_kind(parse(source), re.compile(K3D)):
        kind = filled(cluster.get("kind"))
        simple = kind is not None and kind.value == _KIND
        if kind and simple and not filled(cluster.get("image")) and not is_moved(source.path, given):
            yield _SERVER.at(kind.text.start, kind.value)
        for path, role in _FIELDS.items():
            for image in scalars_at(cluster, path):
                yield settled(_image(image, role), given)
        for file in select(cluster, "files[]"):
            for content in scalars_at(file, "source"):
                if "\n" in content.value:
                    yield Embedded(content.text, posixpath.basename(value(file, "destination")))


def _image(image: Scalar, role: Role) -> Candidate:
    problem = ""
    if image.value.startswith("+") or image.value in _CHANNELS:
        problem = (
            f"{image.value} is a channel of k3s: which version it means is asked when the cluster is made"
        )
    return replace(written(image, role, Confidence.CERTAIN), problem=problem)


FORMAT = Format(
    name="k3d",
    patterns=(*_manifest.PATTERNS, *SCRIPTS),
    words=((b"k3d.io/", b"cluster create"),),
    extract=extract,
    specification="https://k3d.io/stable/usage/configfile/",
    by_content=True,
)
