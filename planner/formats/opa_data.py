"""Data of the Open Policy Agent, Conftest and Trivy: images and registries that are let in or not.

A list counts that is called like what is let through or refused (`allowed_registries`, `deniedImages`), with
what in it is a registry or stands in one.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from planner.formats._base import Candidate, Format, Given
from planner.formats._ci import entries, scalars
from planner.formats._rules import host, names, prefixes, texts
from planner.formats._yaml import Mapping, Node, Sequence, parse, walk
from planner.model.source import SourceFile, Text

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
_RULE = re.compile(
    r"(?:dis)?allow|permit|approv|trust|accept|white|den[yi]|forbid|block|reject|black|exempt|exclu|ignor"
)
_REGISTRY = re.compile(r"registr(?:y|ies)\Z|repos?\Z|repositor(?:y|ies)\Z")
_IMAGE = re.compile(r"images?\Z")
_BESIDE = re.compile(
    r"(?:containers?|docker|oci|base|names?|prefix(?:es)?|patterns?|lists?|listed|hosts?|by|for|from|all)\Z"
)
_PLACE = re.compile(r"[!^]?[\w*.-]+(?::\d+)?(?:/[\w*.-]+)*/?(?::[\w*.-]+)?(?:@sha256:[\w*]+)?\Z")


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate]:
    """Yield what the lists hold."""
    for document in parse(source).documents:
        for _, node in walk(document):
            for key, inner in entries(node) if type(node) is Mapping else ():
                if type(inner) is Sequence and (read := _reader(key)):
                    yield from read(_places(inner))


def _reader(key: str) -> Callable[[Iterable[Text]], Iterator[Candidate]] | None:
    """Return what reads a list of that name; None where it says nothing of images."""
    words = [word.lower() for word in _WORD.findall(key)]
    left = [word for word in words if not _RULE.match(word) and not _BESIDE.match(word)]
    if not all(_REGISTRY.match(word) or _IMAGE.match(word) for word in left):
        return None
    if not left or not any(map(_RULE.match, words)):
        return None
    return prefixes if any(map(_REGISTRY.match, left)) else names


def _places(node: Node) -> Iterator[Text]:
    """Yield the items that begin with a registry, or have a folder before the name."""
    for text in texts(scalars(node)):
        bare = str(text).lstrip("!^*.")
        if _PLACE.match(str(text)) and (host(bare) or "/" in bare.rstrip("/")):
            yield text


FORMAT = Format(
    name="opa_data",
    patterns=(
        "data.{json,y{a,}ml}",
        "*{policy,policies,conftest,opa,rego}*.{json,y{a,}ml}",
        "{policy,policies,rego,opa,conftest,gatekeeper,data}/**/*.{json,y{a,}ml}",
    ),
    words=(
        (b"egistr", b"epo", b"mage"),
        (b"llow", b"rust", b"en", b"lock", b"ermit", b"pprov", b"xcl", b"ccept"),
    ),
    extract=extract,
    general=True,
    specification="https://www.openpolicyagent.org/docs/latest/external-data/",
)
