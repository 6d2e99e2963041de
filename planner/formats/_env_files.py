"""Files of variables that a command names for Compose files: `docker compose --env-file prod.env up`.

The command stands in a script, the variables in the file that it names, and what they are for in a third. So
the script tells the file of variables where its values go.

https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/
"""

import posixpath
import re
from collections.abc import Iterable, Iterator

from planner.formats._base import Binding, Given
from planner.formats._shell_words import Word
from planner.model.source import Text

_GOES_TO = "compose:"  # with a colon, which no variable has
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|/|~|\$|-\Z", re.IGNORECASE)


def named(files: Iterable[Word], variables: Iterable[Word], folder: str) -> Iterator[Binding]:
    """Yield, for the files of variables, which Compose files they are for; all paths begin in `folder`.

    Where no Compose file is named, those in the folder are meant.
    """
    paths = [path for word in files if (path := _path(folder, word))]
    goes_to = {f"{_GOES_TO}{each}": Text.of(each) for each in paths or [f"{_path(folder)}/"]}
    for word in variables:
        if path := _path(folder, word):
            yield Binding(path, "dotenv", goes_to)


def targets(given: Given) -> list[str]:
    """Return where the variables of a file go, as targets of bindings."""
    return [str(text).removeprefix("./") for name, text in given.items() if name.startswith(_GOES_TO)]


def _path(folder: str, word: Word | None = None) -> str:
    """Return a path in the tree; empty where it is not known or not in the tree."""
    if word is not None and (not word.known or _ELSEWHERE.match(str(word))):
        return ""
    path = posixpath.normpath(posixpath.join(folder, str(word or "")))
    return "" if path == ".." or path.startswith(("../", "/")) else path
