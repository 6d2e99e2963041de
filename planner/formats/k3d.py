"""k3d: the image of the nodes of a cluster, of the registry beside it, and the files it puts into nodes."""

import posixpath
import re
from collections.abc import Iterator

from msgspec.structs import replace

from planner.formats import _manifest
from planner.formats._base import Candidate, Embedded, Format, Given
from planner.formats._ci import value
from planner.formats._image_fields import written
from planner.formats._kubernetes_kinds import K3D
from planner.formats._kubernetes_objects import of_kind
from planner.formats._placeholders import settled
from planner.formats._select import scalars_at, select
from planner.formats._yaml import Scalar, parse
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile

_FIELDS = {"image": Role.WORKLOAD, "registries.create.image": Role.SERVICE}
_CHANNELS = ("latest", "stable", "testing")  # and all that begins with a plus sign


def extract(source: SourceFile, given: Given) -> Iterator[Candidate | Embedded]:
    """Yield the images of a cluster; mirrors in its registries' configuration are none."""
    for cluster in of_kind(parse(source), re.compile(K3D)):
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
    patterns=_manifest.PATTERNS,
    words=((b"k3d.io/",),),
    extract=extract,
    specification="https://k3d.io/stable/usage/configfile/",
    by_content=True,
)
