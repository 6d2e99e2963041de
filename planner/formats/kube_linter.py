"""KubeLinter: the expressions by which its checks accept or refuse names of images."""

from collections.abc import Iterator

from planner.formats._base import Candidate, Format, Given
from planner.formats._ci import value
from planner.formats._rules import expressions, host, texts
from planner.formats._select import scalars_at, select
from planner.formats._yaml import Mapping, parse
from planner.model.source import SourceFile

_TEMPLATE = "latest-tag"  # the one that compares whole names
_LISTS = ("params.allowList[]", "params.blockList[]", "params.AllowList[]", "params.BlockList[]")


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate]:
    """Yield the expressions that say where images come from; those for tags stay true."""
    for document in parse(source).documents:
        for check in select(document, "customChecks[]"):
            if type(check) is Mapping and value(check, "template") == _TEMPLATE:
                for path in _LISTS:
                    found = texts(scalars_at(check, path))
                    yield from expressions(text for text in found if _is_place(str(text)))


def _is_place(text: str) -> bool:
    bare = text.lstrip("^(?:!*.").replace("\\", "")
    return bool(host(bare)) or "/" in bare


FORMAT = Format(
    name="kube_linter",
    patterns=("*kube{-,_,}linter*.y{a,}ml", "*kube{-,_,}linter*/**/*.y{a,}ml"),
    words=((b"customChecks",), (b"latest-tag",), (b"llowList", b"lockList")),
    extract=extract,
    specification="https://docs.kubelinter.io/#/generated/templates?id=latest-tag",
)
