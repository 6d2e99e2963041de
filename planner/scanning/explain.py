"""Why a line of a file is, or is not, a place where an image is named.

A scan of the whole tree says what was found; this says in addition what was examined and dropped, and why.
"""

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from planner.formats._base import Candidate
from planner.formats._patterns import matcher
from planner.model.inventory import Found, Inventory, Occurrence, Output, Pattern, Role, Unresolved
from planner.model.source import Fragment, SourceFile, printable
from planner.scanning.catalog import Catalog
from planner.scanning.directives import MARK, directives
from planner.scanning.judge import judged
from planner.scanning.reading import File, candidates
from planner.scanning.schemas import undescribed

_ROLES = {
    Role.BASE: "what a build begins from",
    Role.FRONTEND: "what reads a Dockerfile",
    Role.COPY_FROM: "what a build copies files from",
    Role.MOUNT: "what is mounted",
    Role.WORKLOAD: "what a cluster runs",
    Role.SERVICE: "what runs beside",
    Role.STEP: "what a job runs in",
    Role.CHART: "a chart or a package",
    Role.TEST: "what a test starts",
    Role.SCRIPT: "what a command pulls",
    Role.CACHE: "a cache of a build",
    Role.IMPLICIT: "pulled although nothing spells it",
    Role.OUTPUT: "built or pushed by this code: it is never moved",
    Role.DOCUMENTATION: "only mentioned: it is listed and never moved",
    Role.RULE: "what a rule applies to: the rule has to change when the image is renamed",
}
_MOST = 40  # characters of a list of words


class Question(Struct, frozen=True):
    """A line of a file (0: the whole file), and the settings that decide what is read."""

    file: File
    content: bytes
    line: int
    catalog: Catalog
    texts: Callable[[str], SourceFile | None]  # another file of the tree; None where it cannot be read
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def asks(self, line: int) -> bool:
        """Whether the question is about this line."""
        return self.line in (0, line)


def explanation(question: Question, inventory: Inventory) -> Iterator[str]:
    """Yield what there is to say, given the inventory of the tree; the file's path is as it is in there."""
    path = printable(question.file.path)
    claims = question.catalog.claims(question.file.full)
    if MARK.encode() not in question.content:
        left = undescribed(question.file.path, question.content)
        if not left or _line(left, question.line) != _line(question.content, question.line):
            what = f"line {question.line} of {path} is part of a schema" if left else f"{path} is a schema"
            yield f"{what}: where it speaks of images, it describes what others may say"
            return
        question = replace(question, content=left)
    read = [name for name in claims if question.catalog.cards[name].wanted(question.content)]
    yield from _reading(question, claims, read)
    found = [item for item in inventory.found if item.path == path and question.asks(item.line)]
    for item in found:
        yield ""
        yield from _finding(item, question.texts)
    source = SourceFile(question.file.path, question.content.decode("utf-8", "surrogateescape"))
    dropped = list(_dropped(question, read, source, found))
    for text in dict.fromkeys(dropped):
        yield ""
        yield text
    if read and not found and not dropped:
        names = ", ".join(read)
        yield ""
        yield f"nothing here stands where {names} would name an image"


def _line(content: bytes, line: int) -> bytes:
    """Return a line of a file, nothing where there is none."""
    return b"".join(content.split(b"\n", line)[line - 1 : line]) if line else b""


def _reading(question: Question, claims: Sequence[str], read: Sequence[str]) -> Iterator[str]:
    path = printable(question.file.path)
    if question.include and not matcher(question.include).search(question.file.path):
        yield f"{path} is left out: no `include` matches it"
    if question.exclude and matcher(question.exclude).search(question.file.path):
        yield f"{path} is left out: an `exclude` matches it"
    if not claims:
        yield f"{path}: no format reads files of this name (`hub2ar formats` lists the names)"
    for each in read:
        yield f"{path} is read as {each}: {question.catalog.format(each).specification}"
    for each in claims:
        if not read:
            yield f"{path} is not read as {each}: it lacks {_lacking(question, each)}"


def _lacking(question: Question, name: str) -> str:
    words = question.catalog.cards[name].words
    group = next(group for group in words if not any(word in question.content for word in group))
    said = " or ".join(repr(word.decode("utf-8", "replace")) for word in group)
    return said if len(said) <= _MOST else f"{said[:_MOST]}…"


def _finding(item: Found, texts: Callable[[str], SourceFile | None]) -> Iterator[str]:
    match item:
        case Occurrence():
            yield f"line {item.line}: {item.reference}"
            yield f"    written as {item.text!r}, read by {item.format}"
            yield f"    {item.role}: {_ROLES[item.role]}; {item.confidence}"
            yield from (f"    {line}" for line in item.trail)
            yield from (
                f"    {fragment.part} {fragment.text!r} stands in {_place(fragment, item.path, texts)}"
                for fragment in item.fragments
            )
        case Unresolved():
            yield f"line {item.line}: not known: {item.text!r}, read by {item.format}"
            yield f"    {item.reason}"
            yield "    a comment `hub2ar: image=REFERENCE` on the line says what it is"
        case Output():
            yield f"line {item.line}: {item.text!r} is {_ROLES[Role.OUTPUT]}"
        case Pattern():
            yield f"line {item.line}: {item.text!r}, read by {item.format}"
            yield f"    {Role.RULE} ({item.syntax}): {_ROLES[Role.RULE]}"
    if not isinstance(item, Output) and item.fixture:
        yield "    in a file that only tests read: listed, not planned (--plan-fixtures changes that)"


def _place(fragment: Fragment, path: str, texts: Callable[[str], SourceFile | None]) -> str:
    """Return where a fragment begins, `path:line:column`; its characters where the file cannot be read."""
    path = fragment.path or path
    source = texts(path)
    if source is None:
        return f"{path}, characters {fragment.start} to {fragment.end}"
    line, column = source.position(fragment.start)
    return f"{path}:{line}:{column}"


def _dropped(
    question: Question, read: Sequence[str], source: SourceFile, found: list[Found]
) -> Iterator[str]:
    """Yield what formats saw on the line that is not in the inventory."""
    for each in directives(source):
        if each.word == "ignore-file" or (each.word == "ignore" and question.asks(each.line)):
            yield f"line {each.line}: left out, as a comment says (`hub2ar: {each.word}`)"
    shown = {(item.line, item.text) for item in found}
    for name, item in candidates(question.file, source, read, question.catalog):
        line, _ = source.position(item.start)
        text = printable(item.spelled)
        if question.asks(line) and (line, text) not in shown and text:
            yield f"line {line}: {text!r}, seen by {name}: {_why_not(source, name, item)}"


def _why_not(source: SourceFile, name: str, item: Candidate) -> str:
    if judged(source, name, item) is None:
        return "stands where an image may stand, and is no reference"
    return "counts as what another use of the file or another format makes of it"
