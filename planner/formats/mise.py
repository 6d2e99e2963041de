"""mise: what the tasks of a project pull and build, in its configuration and in files of tasks."""

import posixpath
from collections.abc import Iterator

from planner.formats._base import Format, Given
from planner.formats._scripts import WORDS, Finding, findings
from planner.formats._shell_words import Value
from planner.formats._toml import strings
from planner.model.source import SourceFile

_TASK = ("run", "run_windows")


def extract(source: SourceFile, _given: Given) -> Iterator[Finding]:
    """Yield what the commands of the tasks name; `[env]` is what they find in their environment."""
    found = list(strings(source.text))
    known = {
        each.keys[1]: (Value(each.value),)
        for each in found
        if each.keys[:1] == ("env",) and len(each.keys) == 2
    }
    folders = (
        posixpath.dirname(source.path).removesuffix(".config/mise").removesuffix("mise").rstrip("/"),
        "",
    )
    for string in found:
        if _is_command(string.keys):
            yield from findings(string.value, source.path, known, folders)


def _is_command(keys: tuple[str, ...]) -> bool:
    """Tell whether a string stands at `tasks.NAME`, `tasks.NAME.run` or `tasks.NAME.run[]`."""
    path = keys[:-1] if keys[-1:] == ("[]",) else keys
    if path[:1] == ("tasks",):
        return len(path) == 2 or (len(path) == 3 and path[2] in _TASK)
    return path[:1] == ("hooks",) and len(path) == 2


FORMAT = Format(
    name="mise",
    patterns=(
        "{mise,.mise,mise.*,.mise.*}.toml",
        "{.mise,mise,.config/mise}/config*.toml",
        ".config/mise.toml",
    ),
    words=((b"tasks", b"hooks"), *WORDS),
    extract=extract,
    specification="https://mise.jdx.dev/tasks/toml-tasks.html",
)
