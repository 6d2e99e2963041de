"""What Testcontainers on the JVM asks for once an image has another name: `asCompatibleSubstituteFor`.

Its classes for databases and the like refuse an image of another repository than their own, unless it is said
what that stands for: https://java.testcontainers.org/features/image_name_substitution/#manual-substitution
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from planner.formats import _code as code
from planner.formats._base import Addition, Candidate
from planner.formats._code_file import CodeFile
from planner.formats._testcontainers_defaults import OF_CLASSES
from planner.model.source import Part

_JVM = (code.JAVA, code.KOTLIN, code.GROOVY)
_VERSION = re.compile(r"[:@].*", re.DOTALL)
_HOST = re.compile(r"[^/]*[.:][^/]*/|localhost/")
_NAMES = "DockerImageName"
_PACKAGE = "org.testcontainers.utility."
_SAYS = "asCompatibleSubstituteFor"


def of_argument(
    file: CodeFile, argument: code.Argument | None, found: Iterable[Candidate]
) -> Iterator[Candidate]:
    """Yield the images of an argument with what has to be put around that once they are called otherwise."""
    tokens = argument.tokens if argument else ()
    simple = len(tokens) == 1 and tokens[0].kind is code.Kind.STRING
    simple = simple or (bool(tokens) and _is_constant(tokens))
    for candidate in found:
        own = _own(candidate) if simple and file.language in _JVM else ""
        if not own:
            yield candidate
            continue
        known = any(token.text == _NAMES for token in file.tokens)
        before = f"{'' if known else _PACKAGE}{_NAMES}.parse("
        additions = (
            Addition(Part.BESIDE, tokens[0].start, lead=before),
            Addition(Part.BESIDE, tokens[-1].end, lead=f').{_SAYS}("{own}")'),
        )
        yield replace(candidate, additions=additions)


def _is_constant(tokens: Sequence[code.Token]) -> bool:
    """Whether an expression is a name, or a path of names: `REDIS`, `Images.REDIS`."""
    names, dots = tokens[::2], tokens[1::2]
    named = all(token.kind is code.Kind.NAME for token in names)
    return len(tokens) % 2 == 1 and named and all(token.text == "." for token in dots)


def of_name(
    file: CodeFile, call: code.Group, found: Iterable[Candidate], *, choosy: bool
) -> Iterator[Candidate]:
    """Yield the images of `DockerImageName.parse("a")` with what has to follow once they are renamed.

    Where it is not known that `choosy` classes use them, only images that such a class is made for.
    """
    said = any(following.method == _SAYS for following in file.chained(call))
    whole = call.closed < len(file.tokens)
    for candidate in found:
        own = _own(candidate) if whole and not said and file.language in _JVM else ""
        own = own if choosy or own in OF_CLASSES else ""
        lead = f'.{_SAYS}("{own}")'
        additions = (Addition(Part.BESIDE, file.tokens[call.closed].end, lead=lead),) if own else ()
        yield replace(candidate, additions=additions) if additions else candidate


def _own(candidate: Candidate) -> str:
    """Return the repository as the class knows it; empty where it is not known, or another already."""
    value = str(candidate.value)
    if candidate.problem or _HOST.match(value):
        return ""
    folder, slash, last = value.rpartition("/")
    return f"{folder}{slash}{_VERSION.sub('', last)}"
