"""What a command of a script is given otherwise: scripts as arguments, more words from `xargs`, a folder."""

import posixpath
import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from planner.formats._command_line import Options, arguments, program
from planner.formats._shell_parted import parted
from planner.formats._shell_sinks import SHELLS
from planner.formats._shell_variables import LONGEST_LIST, words_of
from planner.formats._shell_words import Piece, Word
from planner.model.source import Text

_XARGS = Options.of(
    "arg-file delimiter max-args max-procs max-chars replace max-lines eof process-slot-var", "adEILnPs"
)
_RUNNERS = frozenset(
    {"ssh", "sshpass", "concurrently", "conc", "vagrant", "gcloud", "retry", "tmux", "screen", "nodemon",
     "aws", "az", "start-server-and-test", "watchexec", "multipass", "npx", "wsl", "dotenv", "cross-env",
     "cross-env-shell", "minikube", "docker-machine"}
)  # fmt: skip
RUNNING = SHELLS | _RUNNERS | {"eval", "alias"}  # what runs its arguments as scripts
MOVING = frozenset({"cd", "pushd", "popd"})
_COMMAND_LINE = re.compile(r"(?s)(?:.*[;&|]\s*|\s*)(?:sudo )?(?:docker|podman|nerdctl|kubectl|helm)\s+\S")
_ONE_WORD = re.compile(r"[\w./-]++")
_HERE = re.compile(r"\$\(\s*dirname\b|BASH_SOURCE|\$\{0%|%/\*\}")  # the folder of the script itself


def inner_script(words: Sequence[Word]) -> Word | None:
    """Return the script that `sh -c` or `eval` runs, or that an alias stands for."""
    name = program(words)
    if name == "alias":
        return words[1].partition("=")[1] if len(words) == 2 else None
    if name == "eval":
        space = Piece.literal(Text.of(" "))
        return Word(tuple(piece for word in words[1:] for piece in (*word.pieces, space)))
    if name in SHELLS:
        return _after_option(words[1:])
    return None


def alternatives(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """Yield a line for each command that its first word may stand for: `$RUN x`, set in two branches."""
    pieces = words[0].pieces if words else ()
    if len(pieces) != 1 or len(pieces[0].values) < 2:
        yield words
        return
    programs: set[str] = set()  # of which each is read once, wherever it is set
    for value in pieces[0].values:
        spelled = str(value.text)
        if spelled in programs:
            continue
        if not value.problem and _ONE_WORD.fullmatch(spelled):
            programs.add(spelled)
        first = replace(words[0], pieces=(replace(pieces[0], values=(value,)),))
        yield [*parted(first), *words[1:]]


def script_inside(words: Sequence[Word]) -> Word | None:
    """Return the script of `sh -c` that another command runs: `docker exec web sh -c '…'`."""
    for index, word in enumerate(words[1:-2], start=1):
        if str(word).rpartition("/")[2] in SHELLS:
            return _after_option(words[index + 1 :])
    return None


def _after_option(words: Sequence[Word]) -> Word | None:
    for index, word in enumerate(words[:-1]):
        if re.fullmatch(r"-[a-zA-Z]*c|--command", str(word)):
            return words[index + 1]
        if not str(word).startswith(("-", "+")):
            return None
    return None


def texts_run(words: Sequence[Word]) -> list[Word]:
    """Return the arguments that are command lines for `ssh`, `concurrently` and their like."""
    if program(words) not in _RUNNERS:
        return []
    return [word for word in words[1:] if _COMMAND_LINE.match(str(word))]


def extended(words: Sequence[Word], text: Word) -> Sequence[Word]:
    """Return the command line that `xargs` makes of what it reads; any other as it is."""
    if program(words) != "xargs" or len(str(text)) > LONGEST_LIST:
        return words
    options = arguments(words[1:], _XARGS, mixed=False)
    given = words_of(text)
    if not given:
        return options.operands
    several = Piece(
        given[0].written, tuple(value for word in given for value in word.choices()), "each line that is read"
    )
    marks = {str(mark) for mark in options.all("I", "replace")} or {"{}"}
    if not any(str(word) in marks for word in options.operands):
        return (*options.operands, Word((several,), quoted=True))
    return [Word((several,), quoted=True) if str(word) in marks else word for word in options.operands]


def folder_after(words: Sequence[Word], folder: str) -> str:
    """Return the folder that a script is in after a command, relative to where it started."""
    name = program(words)
    if name == "popd" or (name == "cd" and len(words) == 1):
        return ""
    if name not in ("cd", "pushd") or len(words) < 2:
        return folder
    target = words[-1]
    if not target.known:
        return "" if _HERE.search(str(target)) else folder
    path = str(target)
    return posixpath.normpath(posixpath.join(folder, path)) if not path.startswith(("/", "-")) else ""
