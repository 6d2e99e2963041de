"""What a container is told to run: a script, or a command and arguments.

Where no command is given, the image runs a program of its own, which is taken to have the image's name. What
is built there is pushed to a name of its own; values for its Dockerfile are not heeded.
"""

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from planner.formats._base import Candidate
from planner.formats._command_line import Options, arguments
from planner.formats._commands import found, unwrapped
from planner.formats._docker_commands import outputs
from planner.formats._shell import commands
from planner.formats._shell_words import Value, Word
from planner.model.source import Text

_SHEBANG = re.compile(r"\s*#!\s*(?:/\S*/)?(?:env\s+(?:-\S+\s+)*)?(?:/\S*/)?(?P<program>[\w.-]+)")
_SHELLS = frozenset({"sh", "bash", "dash", "ash", "zsh", "ksh", "busybox"})
_COMMAND_FLAG = re.compile(r"-[a-zA-Z]*c")
_KANIKO = Options.of(
    "destination dockerfile context build-arg cache-repo context-sub-path target cache-dir cache-ttl"
    " verbosity snapshot-mode registry-mirror custom-platform label log-format push-retry digest-file"
    " image-name-with-digest-file tar-path",
    "dfcv",
)

Seen = Callable[[str], Mapping[str, tuple[Value, ...]]]  # the variables that a script sees


def in_script(script: Text, path: str, variables: Seen) -> Iterator[Candidate]:
    """Yield what a script names that a shell runs; one that begins with another program is passed over."""
    shebang = _SHEBANG.match(str(script)[:200])
    if shebang is None or shebang["program"] in _SHELLS:
        yield from (
            item for item in commands(script, path, variables(str(script))) if isinstance(item, Candidate)
        )


def in_command(
    image: str, command: Sequence[Word], rest: Sequence[Word], path: str, variables: Seen
) -> Iterator[Candidate]:
    """Yield what a command line names; `image` is what runs it."""
    program = program_of(image)
    first = str(command[0]) if command else program
    if "kaniko" in image and posixpath.basename(first) in ("executor", program):
        options = arguments([*command[1:], *rest], _KANIKO)
        yield from outputs(options.all("destination", "d", "cache-repo"))
    elif command or rest:
        words = unwrapped([*(command or [Word.literal(Text.of(program))]), *rest])
        script = _script(words)
        items = found(words) if script is None else commands(script, path, variables(str(script)))
        yield from (item for item in items if isinstance(item, Candidate))


def _script(words: Sequence[Word]) -> Text | None:
    """Return what `sh -c` is given, or None."""
    if words and program_of(str(words[0])) in _SHELLS:
        for index, word in enumerate(words[1:-1], start=1):
            if _COMMAND_FLAG.fullmatch(str(word)):
                return words[index + 1].written
    return None


def program_of(image: str) -> str:
    """Return what an image runs by itself, going by its name: `crane` of `gcr.io/x/crane:v1`."""
    return posixpath.basename(image.partition("@")[0]).partition(":")[0]
