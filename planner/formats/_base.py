"""What a format is, and what it yields: candidates, and bindings for other files.

A format says where a text stands that should be an image and what its value is after the format's own
substitution. Whether that is a reference is decided in `planner.scan`, once for all formats.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from planner.model.inventory import Confidence, Role, Syntax
from planner.model.source import Part, SourceFile, Text


class Addition(Struct, frozen=True, gc=False):
    """A place that changes with the name of an image and spells no part of it."""

    part: Part  # NAME: the name is written there; MATCH: what other files call it; BESIDE: anything else
    start: int  # offset in the file
    text: str = ""  # what stands there now
    lead: str = ""  # what is written there, before the name where `part` is that
    path: str = ""  # the file, when it is not the one in hand


class Candidate(Struct, frozen=True, gc=False):
    """A text that should be an image reference."""

    value: Text  # after substitution, with the place of every piece
    role: Role
    start: int  # offset in the file of the first character as it is written
    spelled: str  # as it is written, without surrounding quotes: `nginx:${V}`
    confidence: Confidence = Confidence.CERTAIN
    trail: tuple[str, ...] = ()  # one line for each variable: "V=1.27 (ARG, line 3)"
    problem: str = ""  # why the value cannot be known, and where it could be set; empty where it is known
    syntax: Syntax | None = None  # of the pattern that this is; only where the role is RULE
    named: bool = False  # beside a problem: the value is a name, and only its version is given elsewhere
    additions: tuple[Addition, ...] = ()  # what else moving it changes
    matched: bool = False  # what is written here is only compared with another text, which gives the name

    @classmethod
    def of(cls, value: Text, role: Role, confidence: Confidence = Confidence.CERTAIN) -> "Candidate":
        """Return a candidate that is written as it is meant."""
        return cls(value, role, max(value.start, 0), str(value), confidence)


class Binding(Struct, frozen=True):
    """Values that this file gives to variables of another file, or of every such file of a folder.

    Each binding is one use of that file: with two bindings it is read twice, and both results count.
    """

    target: str  # a file, the files in a folder (`web/`; "" is the root), or all below one (`web/**`)
    format: str  # the format of the file they are for
    variables: Mapping[str, Text]
    always: bool = False  # the file is never used without these values, so its own defaults do not count
    of: str = ""  # only for files that say they define this: what is called by its name from anywhere
    makes: tuple[str, ...] = ()  # what is built from that file, as this one names it


class Definition(Struct, frozen=True):
    """A name by which other files use a part of this one: a task, a template, a chart repository."""

    name: str


class Embedded(Struct, frozen=True):
    """A text inside a file that is a file of its own: a key of a ConfigMap, a heredoc, a fenced block.

    It is read by the formats that `name` matches, or by those that `formats` names, as if it lay beside its
    host. What it binds is not heeded. `fill` says of each candidate inside what its variables make of it.
    """

    text: Text
    name: str = ""  # what the file would be called: `prometheus.yaml`, `compose.yml`
    formats: tuple[str, ...] = ()  # names of formats, where no file name tells: "shell", "dockerfile"
    role: Role | None = None  # takes the place of every role found inside; Role.DOCUMENTATION for prose
    fill: "Callable[[Candidate], Iterator[Candidate]] | None" = None


NO_EXTENSION = "*."  # a pattern: names without a dot
Given = Mapping[str, Text]  # variables of this file that other files set; their texts name those files
NOTHING: Given = {}
Item = Candidate | Binding | Definition | Embedded
Extract = Callable[[SourceFile, Given], Iterator[Item]]


class Format(Struct, frozen=True):
    """A kind of file that can name images.

    `patterns` are globs over the path: one without a slash is matched against the file's name, one with a
    slash against the end of the path, at a folder's border; `*` does not cross a slash, `**` does, `{a,b}` is
    either, `*.` is every name without a dot. `words` are looked for in the bytes before the file is parsed:
    one of each group must be there.
    """

    name: str
    patterns: tuple[str, ...]
    words: tuple[tuple[bytes, ...], ...]
    extract: Extract
    specification: str  # URL
    by_content: bool = False  # its content alone tells it, so it is tried on standard input
    general: bool = False  # reads what others read too; what another finds in the same place counts
    fallback: bool = False  # reads what no other knows: what one finds that is not selected is that one's too
    last: bool = False  # takes values and yields no bindings: it is read when all it may be given is known
    own_code: bool = False  # reads programs; those in vendor/ and node_modules/ are run by nobody here
    builds: bool = False  # reads how code is built and tested; that of vendor/github.com/… is of no use here


def embedded(found: Iterable[Item], host: Text) -> Iterator[Item]:
    """Yield what was found in a text that is embedded in a file, with its places in that file.

    `host` is the embedded text: the inner extractor was given `SourceFile(path, str(host))`.
    """
    cut, known = host.cutter(), _Known(host)
    for item in found:
        if isinstance(item, Binding):
            variables = {name: _within(value, cut) for name, value in item.variables.items()}
            yield replace(item, variables=variables)
        elif isinstance(item, Embedded):
            yield replace(item, text=_within(item.text, cut))
        elif isinstance(item, Definition):
            yield item
        else:
            start = cut(item.start, item.start + 1).start
            yield replace(
                item,
                value=_within(item.value, cut),
                start=start if start >= 0 else known.before(item.start),
                additions=(),  # their line ends and indents are not those of the host
            )


class _Known:
    """Where a text that is put together from several places stands in the file in hand."""

    def __init__(self, host: Text) -> None:
        self._host = host
        self._ends: list[int] = []  # in the text, of each run that stands in the file
        self._places: list[int] = []  # of those ends, in the file

    def before(self, offset: int) -> int:
        """Return the place of the last character before `offset` that has one: where a value is put in."""
        if not self._ends:
            end = 0
            for run in self._host.runs:
                end += len(run.text)
                if run.start >= 0 and not run.path:
                    self._ends.append(end)
                    self._places.append(run.start + len(run.text))
        found = bisect_right(self._ends, offset) - 1
        return self._places[found] if found >= 0 else max(self._host.start, 0)


def within(value: Text, host: Text) -> Text:
    """Return a value whose places are in `host` with its places in the file that holds `host`."""
    return _within(value, host.cut)


def _within(value: Text, cut: Callable[[int, int], Text]) -> Text:
    return Text.join(
        cut(run.start, run.start + len(run.text)) if run.start >= 0 and not run.path else Text((run,))
        for run in value.runs
    )
