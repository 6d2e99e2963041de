"""Rules for names of images: one name, or a pattern that names are compared with."""

import re
from collections.abc import Iterable, Iterator

from planner.formats._base import Candidate
from planner.formats._placeholders import templated
from planner.formats._yaml import Scalar
from planner.model.inventory import Confidence, Role, Syntax
from planner.model.source import Text

_WILD = re.compile(r"[*?\[\]{}]")
_NO_NAME = re.compile(r"[^\w./:@-]")
_REGISTRY = re.compile(  # that holds images and no modules of a language
    r"(?:(?:index\.|registry-1\.)?docker\.io|registry\.hub\.docker\.com|ghcr\.io|quay\.io|lscr\.io|cgr\.dev"
    r"|mcr\.microsoft\.com|public\.ecr\.aws|docker\.elastic\.co|registry\.gitlab\.com|registry\.k8s\.io"
    r"|(?:[\w-]+\.)?gcr\.io|[\w-]+\.pkg\.dev|[\w-]+\.azurecr\.io|[\w-]+\.dkr\.ecr\.[\w.-]+)(?=[/:]|\Z)"
)
_HOST = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?(?=/|\Z)")


def names(texts: Iterable[Text], confidence: Confidence = Confidence.CERTAIN) -> Iterator[Candidate]:
    """Yield what a rule applies to: names, and globs among them. One that is negated is a rule as well."""
    for text in texts:
        found = _bare(text)
        if _WILD.search(str(found)):
            yield from _pattern(found, Syntax.GLOB)
        elif found and not _NO_NAME.search(str(found)):
            yield Candidate.of(found, Role.RULE, confidence)


def prefixes(texts: Iterable[Text]) -> Iterator[Candidate]:
    """Yield beginnings of names: registries, folders of them; globs where they have wildcards."""
    for text in texts:
        found = _bare(text)
        yield from _pattern(found, Syntax.GLOB if _WILD.search(str(found)) else Syntax.PREFIX)


def expressions(texts: Iterable[Text]) -> Iterator[Candidate]:
    """Yield regular expressions."""
    for text in texts:
        yield from _pattern(text.strip(), Syntax.REGEX)


def texts(scalars: Iterable[Scalar]) -> Iterator[Text]:
    """Yield values that no other program fills in."""
    for scalar in scalars:
        if not templated(scalar.value):
            yield scalar.text


def host(text: str) -> str:
    """Return the registry that a name or a pattern begins with, empty where it begins with none."""
    match = _HOST.match(text)
    return match[0] if match else ""


def is_of_images(text: str) -> bool:
    """Whether a name, a pattern or an expression begins with a registry that holds images only."""
    return bool(_REGISTRY.match(text.lstrip("!^").replace("\\", "")))


def _bare(text: Text) -> Text:
    """Return what a rule says without the mark that negates it."""
    found = text.strip()
    return found.cut(1, len(found)).strip() if str(found).startswith("!") else found


def _pattern(text: Text, syntax: Syntax) -> Iterator[Candidate]:
    if text:
        yield Candidate(text, Role.RULE, max(text.start, 0), str(text), syntax=syntax)
