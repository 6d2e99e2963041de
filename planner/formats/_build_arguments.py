"""Arguments of a build: values for the Dockerfile they are given to, and images that they name.

An argument may hold anything. It is taken for an image where its name says so, or where it has the shape of a
reference with a tag or a digest and its name does not tell of something else.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator

from planner.formats._base import Binding, Candidate
from planner.formats._image_fields import plausible, versioned
from planner.formats._shell_words import Value, Word
from planner.model.inventory import Confidence, Role

_IMAGE = re.compile(r"image\Z|\Aimage\Z|image_?(?:name|ref|reference|full)\Z", re.IGNORECASE)
_OTHER = re.compile(
    r"proxy|host|addr|port|server|endpoint|url|uri|registry|repo(?!sitory)|mirror|user|uid|gid|owner|group|chown"
    r"|tag|version|label|title|path|dir|file|platform|arch|date|time|revision|commit|sha\Z|ref\Z|module|package",
    re.IGNORECASE,
)
_FRONTEND = "BUILDKIT_SYNTAX"
_NUMBERS = re.compile(r"[\d.:]*\Z")
_MOST_BINDINGS = 64  # of one build; more is a matrix that repeats itself


def images(arguments: Iterable[tuple[str, Word]]) -> Iterator[Candidate]:
    """Yield the arguments that name images; what is not known is told where the Dockerfile uses it."""
    for name, word in arguments:
        role = Role.FRONTEND if name == _FRONTEND else Role.BASE
        for candidate in word.candidates(role, Confidence.HEURISTIC):
            if not candidate.problem and _holds_image(name, str(candidate.value)):
                yield candidate


def binding(target: str, arguments: Iterable[tuple[str, Word]]) -> Iterator[Binding]:
    """Yield the values for a Dockerfile; as many as an argument has values, each a use of the file."""
    if not target:
        return
    known = {name: [value for value in word.choices() if not value.problem] for name, word in arguments}
    known = {name: values for name, values in known.items() if values}
    for index in range(min(max(map(len, known.values()), default=0), _MOST_BINDINGS)):
        chosen = {name: _chosen(values, index) for name, values in known.items()}
        yield Binding(target, "dockerfile", {name: value.text for name, value in chosen.items()})


def dockerfile(*parts: str) -> str:
    """Return the path that the parts make, empty where it is not in the tree."""
    path = posixpath.normpath(posixpath.join(*parts))
    return "" if path == ".." or path.startswith(("../", "/")) or "\0" in path else path


def _chosen(values: list[Value], index: int) -> Value:
    return values[min(index, len(values) - 1)]


def _holds_image(name: str, value: str) -> bool:
    if _NUMBERS.match(value):
        return False
    if _IMAGE.search(name) or name == _FRONTEND:
        return plausible(value, bare=True)
    return not _OTHER.search(name) and versioned(value) and plausible(value, bare=False)
