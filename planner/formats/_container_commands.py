"""What a container runs: a script, or a command and arguments.

Where no command is given, the image runs a program of its own, which is taken to have the image's name. What
is built there is pushed to a name of its own; values for its Dockerfile are not heeded.
"""

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from planner.formats._base import Candidate, Embedded
from planner.formats._ci import distinct, value
from planner.formats._command_line import Options, arguments
from planner.formats._commands import found, unwrapped
from planner.formats._docker_commands import Passed, outputs
from planner.formats._image_fields import filled
from planner.formats._kustomize_images import mappings
from planner.formats._shell import everything
from planner.formats._shell_words import Value, Word
from planner.formats._yaml import Mapping as YamlMapping
from planner.formats._yaml import Node, Scalar, walk
from planner.model.source import Text

_SHEBANG = re.compile(r"\s*#!\s*(?:/\S*/)?(?:env\s+(?:-\S+\s+)*)?(?:/\S*/)?(?P<program>[\w.-]+)")
_SHELLS = frozenset({"sh", "bash", "dash", "ash", "zsh", "ksh", "busybox"})
_BLOCK = ("|", ">")  # styles of scalars that hold texts of their own
_READ = (("script",), ("source",), ("manifest",))  # keys of texts that are read where they stand
_OBJECT = re.compile(r"(?m)^[ \t-]*apiVersion[ \t]*:")
_COMMAND_FLAG = re.compile(r"-[a-zA-Z]*c")
_KANIKO = Options.of(
    "destination dockerfile context build-arg cache-repo context-sub-path target cache-dir cache-ttl"
    " verbosity snapshot-mode registry-mirror custom-platform label log-format push-retry digest-file"
    " image-name-with-digest-file tar-path",
    "dfcv",
)

Ran = Candidate | Embedded
Variables = Mapping[str, tuple[Value, ...]]


def in_script(script: Word, path: str, variables: Variables) -> Iterator[Ran]:
    """Yield what a script names that a shell runs; one that begins with another program is skipped."""
    if is_shell(str(script)[:200]):
        yield from (item for item in everything(script, path, variables) if not isinstance(item, Passed))


def is_shell(script: str) -> bool:
    """Tell whether a shell runs a script: its first line names one, or no program at all."""
    shebang = _SHEBANG.match(script)
    return shebang is None or shebang["program"] in _SHELLS


def in_command(
    image: str, command: Sequence[Word], rest: Sequence[Word], path: str, variables: Variables
) -> Iterator[Ran]:
    """Yield what a command line names; `image` is what runs it."""
    program = program_of(image)
    first = str(command[0]) if command else program
    if "kaniko" in image and posixpath.basename(first) in ("executor", program):
        options = arguments([*command[1:], *rest], _KANIKO)
        yield from outputs(options.all("destination", "d", "cache-repo"))
    elif command or rest:
        words = unwrapped([*(command or [Word.literal(Text.of(program))]), *rest])
        script = _script(words)
        items = found(words) if script is None else everything(script, path, variables)
        yield from (item for item in items if not isinstance(item, Passed))


def _script(words: Sequence[Word]) -> Word | None:
    """Return what `sh -c` is given, or None."""
    if words and program_of(str(words[0])) in _SHELLS:
        for index, word in enumerate(words[1:-1], start=1):
            if _COMMAND_FLAG.fullmatch(str(word)):
                return words[index + 1]
    return None


def objects_in(node: Node) -> Iterator[Embedded]:
    """Yield the texts below a node that hold objects: parameters that a command applies to a cluster."""
    for path, each in walk(node):
        if type(each) is not Scalar or each.style not in _BLOCK or path[-1:] in _READ:
            continue
        if _OBJECT.search(each.value):
            yield Embedded(each.text, formats=("kubernetes",))


def once(everything_found: Iterable[Ran]) -> Iterator[Ran]:
    """Yield what was found without repetitions; what one call leaves open and another gives is not open."""
    listed = list(everything_found)
    yield from distinct(each for each in listed if isinstance(each, Candidate))
    yield from dict.fromkeys(each for each in listed if isinstance(each, Embedded))


def environment(container: YamlMapping, word: Callable[[Text], Word]) -> dict[str, tuple[Value, ...]]:
    """Return the values that `env` of a container sets; `word` fills in what its file knows."""
    pairs = ((value(each, "name"), filled(each.get("value"))) for each in mappings(container.get("env")))
    return {name: tuple(word(found.text).choices()) for name, found in pairs if found is not None}


def program_of(image: str) -> str:
    """Return what an image runs by itself, going by its name: `crane` of `gcr.io/x/crane:v1`."""
    return posixpath.basename(image.partition("@")[0]).partition(":")[0]
