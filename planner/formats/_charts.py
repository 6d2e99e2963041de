"""Helm charts in OCI registries: the address of one, and the version that is its tag.

A chart is pulled as an image is. A version may also be a range; then what is pulled is known only to Helm.
https://helm.sh/docs/topics/registries/
"""

import re

from planner.formats._base import Candidate
from planner.formats._image_fields import filled, versioned
from planner.formats._placeholders import templated
from planner.formats._yaml_nodes import Mapping, Scalar
from planner.model.inventory import Role
from planner.model.source import Text

SCHEME = "oci://"
_EXACT = re.compile(r"v?\d+\.\d+\.\d+(?:[-+][\w.+-]+)?\Z", re.ASCII)
_DIGEST = re.compile(r"sha(?:256|512):[0-9a-f]+\Z")
_ANY = frozenset({"*", "latest", ">=0", ">0.0.0-0", ">=0.0.0", ">=0.0.0-0"})


def address(url: Text, *names: Text) -> Text | None:
    """Return where a chart lies, without `oci://`; None for a repository that is no registry."""
    if not str(url).startswith(SCHEME):
        return None
    path = url.cut(len(SCHEME), len(url))
    pieces = [path.cut(0, len(str(path).rstrip("/")))]
    for name in names:
        pieces += Text.of("/"), name
    return Text.join(pieces)


def chart(reference: Text, version: Text | None) -> Candidate:
    """Return the chart at an address; without a version it is the newest, so there is no tag."""
    start = max(reference.start, 0)
    text = str(version) if version else ""
    if not text or text in _ANY or versioned(str(reference)):
        return Candidate(reference, Role.CHART, start, str(reference))
    assert version is not None
    spelled = f"{reference}:{text}"
    if _DIGEST.match(text):
        return Candidate(Text.join((reference, Text.of("@"), version)), Role.CHART, start, spelled)
    if _EXACT.match(text) or templated(text):
        return Candidate(tagged(reference, version), Role.CHART, start, spelled)
    problem = f"version {text!r} is a range: an exact one tells which chart is pulled"
    return Candidate(reference, Role.CHART, start, spelled, problem=problem)


def tagged(reference: Text, version: Text) -> Text:
    """Return the reference of a chart; Helm writes `_` for the `+` of a version."""
    pieces = [reference, Text.of(":")]
    position = 0
    for match in re.finditer(r"\+", str(version)):
        pieces += version.cut(position, match.start()), Text.of("_")
        position = match.end()
    return Text.join((*pieces, version.cut(position, len(version))))


def field(mapping: Mapping | None, *keys: str) -> Text | None:
    """Return a text under the keys that is neither empty nor null."""
    found: Scalar | None = filled(mapping.get(*keys)) if mapping is not None else None
    return found.text.strip() if found else None
