"""What the words of commands for containers name: operands, and values of options such as `--cache-from`."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct

from planner.formats._base import Candidate
from planner.formats._implicit import Pull
from planner.formats._shell_words import Value, Word
from planner.model.inventory import Confidence, Role


class Build(Struct, frozen=True):
    """A Dockerfile that is built, with the values it is given for its ARGs and the contexts it is given."""

    arguments: tuple[tuple[str, Word], ...]
    file: Word | None  # relative to the working directory
    context: Word | None
    folder: str = ""  # the working directory, relative to where the script started
    contexts: tuple[tuple[str, Word], ...] = ()
    partial: bool = False  # only one stage is wanted


class Composition(Struct, frozen=True):
    """Compose files that a command reads, and the variables it gives them; paths as in `Build`."""

    files: tuple[Word, ...]  # none: those that Compose looks for
    variables: tuple[Word, ...]  # files of --env-file
    folder: str = ""
    settings: tuple[tuple[str, tuple[Value, ...]], ...] = ()  # of the environment that it runs in


Passed = Build | Composition  # what a command passes on to other files
Found = Candidate | Passed
Command = Callable[[Sequence[Word]], Iterator[Found]]

_CONTEXT_SCHEMES = ("docker-image://", "container-image://", "docker://")  # the last two are Buildah's
_TRANSPORT = re.compile(
    r"(?:docker-archive|docker-daemon|oci|oci-archive|dir|containers-storage|sif|tarball|ostree):"
)
_IMAGE_ID = re.compile(r"(?:sha256:)?(?:[0-9a-f]{64}|(?=[a-f]*[0-9])[0-9a-f]{12})\Z")


def image(
    word: Word, role: Role = Role.SCRIPT, confidence: Confidence = Confidence.CERTAIN
) -> Iterator[Candidate]:
    """Yield an operand without the scheme `docker://`; archives, standard input and IDs are no references."""
    text = str(word)
    if text.startswith("docker://"):
        yield from word.cut(len("docker://")).candidates(role, confidence)
    elif text != "-" and not _TRANSPORT.match(text) and not _IMAGE_ID.match(text):
        yield from word.candidates(role, confidence)


def images(words: Iterable[Word], role: Role = Role.SCRIPT) -> Iterator[Candidate]:
    """Yield what the operands name."""
    for word in words:
        yield from image(word, role)


def implicit(pull: Pull, trigger: Word) -> Candidate:
    """Return an image that a command pulls though nothing spells it."""
    written = trigger.written
    return pull.at(written.start, str(written))


def outputs(words: Iterable[Word]) -> Iterator[Candidate]:
    """Yield names that are built or pushed."""
    for word in words:
        yield from image(word, Role.OUTPUT)


def attribute(word: Word, *keys: str) -> Iterator[Word]:
    """Yield the values of some keys of `type=registry,ref=x`."""
    for part in word.split(","):
        key, value = part.partition("=")
        if value is not None and str(key).strip() in keys:
            yield value


def cache(word: Word, role: Role = Role.CACHE) -> Iterator[Candidate]:
    """Yield the image of `--cache-from`: a reference, or `type=registry,ref=`."""
    if "=" not in str(word):
        yield from image(word, role)
    elif re.search(r"(?:^|,)type=registry(?:,|$)", str(word)):
        for reference in attribute(word, "ref"):
            yield from image(reference, role)


def build_context(word: Word) -> Iterator[Candidate]:
    """Yield the image of `NAME=docker-image://REFERENCE`."""
    value = word.partition("=")[1]
    scheme = next((each for each in _CONTEXT_SCHEMES if str(value or "").startswith(each)), "")
    if value is not None and scheme:
        yield from image(value.cut(len(scheme)))
