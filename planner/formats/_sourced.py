"""Variables that scripts and makefiles take from each other: `source lib.sh`, `include common.mk`.

The file that is included cannot tell who includes it, so it offers what it sets to the files around it, under
names that say where they are from; who includes it takes them.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase as fnmatch

from planner.formats._base import Binding, Definition, Given
from planner.model.source import Text

_SOURCE = re.compile(  # each begins with a letter that is soon found, and then looks back
    r"(?:source(?<![^\s;&|{(]source)|load(?<![^\s;&|{(]load)|\.(?<![^\s;&|{(no]\.))[ \t]++"
    r"(?P<rest>[^\n]{1,300})"
)
_OPENING = "\n;&|{("  # signs that a command begins after
_OPENING_WORD = re.compile(r"\b(?:then|do)\b")
_FILLED = re.compile(r"\$\{\{[^{}]*\}\}|\$\([^()]*\)|\$\{[^{}]*\}|\$\w+|`[^`]*`|[\"']")
_SOURCED = re.compile(r"(?:[./]*/)?(\.?\w[\w./-]*)(?=[\s;&|#]|\Z)")
_SEPARATOR = "\n"  # between the path of a file and the name of a variable
_OFFERED = re.compile(
    r"(?i)image|img|tag|version|registry|repo|hub|prefix|_ver\Z|sha|digest|docker|container"
)
_LIKELY = re.compile(r"[\w.-]+(?:/[\w./-]+)?:[\w.-]+(?:@[\w:]+)?\Z")
_SHARED = re.compile(
    r"(?i)env|var|version|common|lib|util|func|conf|setting|image|default|include|shared|helper|init|const|param"
    r"|tag|base|rc\Z|\.mk\Z|global|dep|setup|prelude"
)
_ASKING = frozenset({"shell"})  # formats whose files say what they read, see `asking`
_MOST = 60  # variables of a file
_LONGEST = 300  # characters of a value


def offered(path: str, format_name: str, variables: Mapping[str, Text]) -> Iterator[Binding]:
    """Yield what a file whose name says that others read it offers to those around it and above.

    Where files of a format say which names they read, the others are not read again with values that they do
    not use.
    """
    wanted = {
        f"{path}{_SEPARATOR}{name}": value
        for name, value in variables.items()
        if value and len(value) <= _LONGEST and (_OFFERED.search(name) or _LIKELY.match(str(value)))
    }
    if wanted and len(wanted) <= _MOST and _SHARED.search(posixpath.basename(path)):
        above = posixpath.dirname(posixpath.dirname(path))
        of = posixpath.basename(path) if format_name in _ASKING else ""
        yield Binding(f"{above}/**" if above else "**", format_name, wanted, always=True, of=of)
        while above:
            above = posixpath.dirname(above)
            yield Binding(f"{above}/" if above else "", format_name, wanted, always=True, of=of)


def asking(names: Iterable[str]) -> Iterator[Definition]:
    """Yield what a file says so that it is offered what the files set whose paths end in these names."""
    yield from map(Definition, dict.fromkeys(map(posixpath.basename, names)))


def sources(script: str) -> list[str]:
    """Return the ends of the paths of the files that a script reads with `source`."""
    written = (_FILLED.sub("", _FILLED.sub("", rest)) for rest in _arguments(script))
    matches = (_SOURCED.match(name) for name in written)
    return [posixpath.normpath(match[1]) for match in matches if match]


def _arguments(script: str) -> Iterator[str]:
    """Yield what follows `source` in its line, where that is a command."""
    position = end = 0
    while match := _SOURCE.search(script, position):
        position = match.start() + 1
        if _begins(script, match.start(), end):
            position = end = match.end()
            yield match["rest"]


def _begins(script: str, start: int, floor: int) -> bool:
    """Whether a command begins at a place; what stands before `floor` belongs to another."""
    while start > floor and script[start - 1] in " \t":
        start -= 1
    if start == 0 or script[start - 1] == "\n" or (start > floor and script[start - 1] in _OPENING):
        return True
    words = (_OPENING_WORD.match(script, start - size) for size in (4, 2) if start - size >= floor)
    return any(word is not None and word.end() == start for word in words)


def handed(
    reader: str, names: Iterable[str], format_name: str, variables: Mapping[str, Text]
) -> Iterator[Binding]:
    """Yield, for the files that a file reads, what it may have set before it reads them.

    `names` are the ends of their paths; the files lie in its own folder, or are named from the root.
    """
    wanted = {
        name: value
        for name, value in variables.items()
        if value and len(value) <= _LONGEST and _OFFERED.search(name)
    }
    if wanted and len(wanted) <= _MOST:
        folder = posixpath.dirname(reader)
        for name in dict.fromkeys(names):
            for target in dict.fromkeys((posixpath.join(folder, name), name)):
                if "*" not in target and target != reader:
                    yield Binding(target, format_name, wanted)


def taken(given: Given, names: Iterable[str], reader: str) -> dict[str, Text]:
    """Return, for the file `reader`, the variables of those whose path, or the end of it, is among `names`.

    Of several files the one that is nearest to it counts; a name with a `*` stands for all that match.
    """
    by_file: dict[str, dict[str, Text]] = {}
    for key, value in given.items():
        path, separator, name = key.partition(_SEPARATOR)
        if separator:
            by_file.setdefault(path, {})[name] = value
    found: dict[str, Text] = {}
    for end in dict.fromkeys(names) if by_file else ():
        if "*" in end:
            matching = [path for path in by_file if fnmatch(f"/{path}", f"*/{end}")]
        else:
            likely = [path for path in by_file if f"/{path}".endswith(f"/{end}")]
            matching = sorted(likely, key=lambda path: _distance(path, reader))[:1]
        for path in matching:
            found |= by_file[path]
    return found


def _distance(path: str, reader: str) -> int:
    """Return over how many folders the way leads from one file to the other."""
    own, other = path.split("/")[:-1], reader.split("/")[:-1]
    shared = next(
        (i for i, (a, b) in enumerate(zip(own, other, strict=False)) if a != b), min(len(own), len(other))
    )
    return len(own) + len(other) - 2 * shared


def plain(given: Given) -> dict[str, Text]:
    """Return the variables that other files set outright."""
    return {name: value for name, value in given.items() if _SEPARATOR not in name}
