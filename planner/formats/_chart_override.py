"""Where the registry of all images of a chart can be set: `global.imageRegistry`, which is there and empty.

Values tell it to the images beside it, and to the templates of the chart, which tell whether they use it.
Charts of Bitnami want to be told besides that their images may come from elsewhere.
"""

import re

from planner.formats._base import Addition, Given
from planner.formats._image_fields import filled
from planner.formats._messages import decode, encode
from planner.formats._yaml import Mapping, Node, Scalar
from planner.model.source import Part, Text

INSECURE = "global.security.allowInsecureImages=true"
_INSECURE = "allowInsecureImages"
NAME = ".Values.global.imageRegistry"
_TOLD = f"place of {NAME}"  # with spaces, which no value's name has
_EMPTY = re.compile(r"\"\"|''|null|~|")


def place(root: Node, text: str) -> Addition | None:
    """Return where a registry is written; None where the values have no such key, or have one in it."""
    node = root.get("global", "imageRegistry") if type(root) is Mapping else None
    if type(node) is not Scalar or filled(node) or not 0 < node.start <= node.end:
        return None
    raw = text[node.start : node.end]
    if not _EMPTY.fullmatch(raw):
        return None
    if raw[:1] in ("'", '"'):
        return Addition(Part.OVERRIDE, node.start + 1)
    if raw:
        return Addition(Part.OVERRIDE, node.start, raw)
    begin = text.rfind(":", 0, node.start) + 1
    return Addition(Part.OVERRIDE, begin, lead=" ") if not text[begin : node.start].strip() else None


def told(found: Addition | None) -> dict[str, Text]:
    """Return the place as a value for templates."""
    return {_TOLD: Text.of(encode((found.start, found.text, found.lead)))} if found else {}


def given_place(given: Given) -> Addition | None:
    """Return the place that values have told."""
    said = given.get(_TOLD)
    if said is None or not said.runs:
        return None
    start, text, lead = decode(str(said), tuple[int, str, str])
    return Addition(Part.OVERRIDE, start, text, lead, said.runs[0].path)


def insecure(root: Node, text: str) -> Addition | None:
    """Return where charts of Bitnami are allowed other images: `false`, or a block without the setting.

    https://github.com/bitnami/charts/blob/main/bitnami/common/templates/_errors.tpl
    """
    block = root.get("global", "security") if type(root) is Mapping else None
    if type(block) is not Mapping or not block.pairs:
        return None
    said, first = block.get(_INSECURE), block.pairs[0][0]
    if type(said) is Scalar:
        stands = said.plain and said.value == "false" and text.startswith("false", max(said.start, 0))
        return Addition(Part.BESIDE, said.start, "false", "true") if stands else None
    begin = text.rfind("\n", 0, max(first.start, 0)) + 1
    indent = text[begin : first.start]
    if said is not None or indent.strip() or first.start <= begin:
        return None  # in flow style
    feed = "\r\n" if text[max(begin - 2, 0) : begin] == "\r\n" else "\n"
    return Addition(Part.BESIDE, first.start, lead=f"{_INSECURE}: true{feed}{indent}")


def takes_others(root: Node) -> bool:
    """Whether values say already that images may come from elsewhere."""
    said = root.get("global", "security", _INSECURE) if type(root) is Mapping else None
    return type(said) is Scalar and said.value == "true"
