"""Variables that a command gives to Compose files: `V=1 docker compose up`, `docker compose --env-file x up`.

Those of a file stand neither in the script nor where they are for, so the script tells the file of variables
where its values go.

https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/
"""

import posixpath
import re
from collections.abc import Iterable, Iterator
from itertools import islice, product

from planner.formats._base import Binding, Given
from planner.formats._shell_words import Value, Word
from planner.model.source import Text

_GOES_TO = "compose:"  # with a colon, which no variable has
_MOST_USES = 20  # of one file by one command, with other values each time
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|/|~|\$|-\Z", re.IGNORECASE)


def named(files: Iterable[Word], variables: Iterable[Word], folder: str) -> Iterator[Binding]:
    """Yield, for the files of variables, which Compose files they are for; all paths begin in `folder`.

    Where no Compose file is named, those in the folder are meant.
    """
    goes_to = _read(files, folder)
    for word in variables:
        if path := _path(folder, word):
            yield from goes(path, goes_to)


def goes(path: str, targets: Iterable[str]) -> Iterator[Binding]:
    """Yield for a file of variables which Compose files they are for."""
    goes_to = {f"{_GOES_TO}{each}": Text.of(each) for each in targets if not each.startswith("../")}
    if goes_to and not path.startswith("../"):
        yield Binding(path, "dotenv", goes_to)


def given(
    files: Iterable[Word], settings: Iterable[tuple[str, Iterable[Value]]], folder: str
) -> Iterator[Binding]:
    """Yield the variables that a command gives to the Compose files it reads, once for each set of values."""
    known = {
        name: found
        for name, values in settings
        if (found := [each.text for each in values if each.text and not each.problem])
    }
    for values in islice(product(*known.values()) if known else (), _MOST_USES):
        for path in _read(files, folder):
            yield Binding(path, "compose", dict(zip(known, values, strict=True)))


def _read(files: Iterable[Word], folder: str) -> list[str]:
    """Return which Compose files a command reads, as targets: those of a folder where it names none."""
    return [path for word in files if (path := _path(folder, word))] or [
        f"{_path(folder)}/".removeprefix("./")
    ]


def targets(given: Given) -> list[str]:
    """Return where the variables of a file go, as targets of bindings."""
    return [str(text).removeprefix("./") for name, text in given.items() if name.startswith(_GOES_TO)]


def _path(folder: str, word: Word | None = None) -> str:
    """Return a path in the tree; empty where it is not known or not in the tree."""
    if word is not None and (not word.known or _ELSEWHERE.match(str(word))):
        return ""
    path = posixpath.normpath(posixpath.join(folder, str(word or "")))
    return "" if path == ".." or path.startswith(("../", "/")) else path
