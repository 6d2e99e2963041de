"""Operator Lifecycle Manager: the images of operators, their bundles and their catalogs.

A ClusterServiceVersion names the images of its deployments and those they start in turn. Catalogs are files,
too: streams of YAML or JSON whose documents have a `schema` that begins with `olm.`.
"""

import re
from collections.abc import Iterator

from planner.formats import _manifest
from planner.formats._base import Candidate, Format, Given, Item, embedded
from planner.formats._chart_files import is_template
from planner.formats._ci import value
from planner.formats._image_fields import written
from planner.formats._kubernetes_kinds import OLM
from planner.formats._kubernetes_objects import images, kind_of, of_kind
from planner.formats._placeholders import settled
from planner.formats._select import scalars_at, select
from planner.formats._yaml import Mapping, parse, problems
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile

_KINDS = re.compile(OLM)
_SCHEMA = "olm."
_IN_CATALOGS = (
    "image",
    "relatedImages[].image",
    "entries[].image",
    "entries[].relatedImages[].image",
    "*.bundles[].image",
)
_IN_OBJECTS = ("spec.source.image.ref",)  # of a ClusterCatalog


def extract(source: SourceFile, given: Given) -> Iterator[Item]:
    """Yield the images of operators and of catalogs."""
    if is_template(source):
        return  # only the chart's values tell
    for part, place in _manifest.parts(source):
        found = _part(part, given)
        yield from found if part is source else embedded(found, place)


def _part(source: SourceFile, given: Given) -> Iterator[Candidate]:
    text = parse(source)
    for each in of_kind(text, _KINDS):
        sources = [found for path in _IN_OBJECTS for found in scalars_at(each, path)]
        yield from (written(scalar, Role.WORKLOAD, Confidence.CERTAIN) for scalar in sources)
        known = {scalar.text.start for scalar in sources}
        yield from (settled(found, given) for found in images(each, source) if found.start not in known)
    catalogs = [each for each in text.documents if type(each) is Mapping and _is_catalog(each)]
    for each in catalogs:
        for scalar in (found for path in _IN_CATALOGS for found in scalars_at(each, path)):
            yield settled(written(scalar, Role.WORKLOAD, Confidence.CERTAIN), given)
        for metadata in select(each, "properties[].value.annotations"):
            yield from images(metadata, source)
    if catalogs:
        yield from problems(source, text, Role.WORKLOAD)


def _is_catalog(document: Mapping) -> bool:
    return not kind_of(document) and value(document, "schema").lower().startswith(_SCHEMA)


FORMAT = Format(
    name="olm",
    patterns=_manifest.PATTERNS,
    words=((b"operators.coreos.com/", b"olm.operatorframework.io/", b"olm."), (b"mage",)),
    extract=extract,
    specification="https://olm.operatorframework.io/docs/reference/file-based-catalogs/",
    by_content=True,
)
