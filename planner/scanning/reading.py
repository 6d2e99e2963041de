"""One file in, everything that its formats find in it out.

What is found stands in a `Reading`, which can be kept and sent between processes: its places are known, so
the text is no longer needed.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from sys import intern

import msgspec
from msgspec import Struct
from msgspec.structs import force_setattr, replace

from planner.formats._base import NOTHING, Binding, Candidate, Definition, Embedded, Given, Item, embedded
from planner.formats._bounded import bounded
from planner.model.inventory import Confidence, Found, Output, Role, Unresolved
from planner.model.reference import Reference
from planner.model.source import SourceFile, Text, printable
from planner.scanning import directives
from planner.scanning.catalog import Catalog
from planner.scanning.judge import judged
from planner.scanning.schemas import undescribed, without_definitions

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_MARK = directives.MARK.encode()
_BRANCHES = re.compile(r"\{\{|\{%|<%")  # of a template
_GIVEN_WHOLE = re.compile(r"<%[-=][^%]*%>\Z")  # by the generator of a template, which has it elsewhere
_DEEPEST = 4  # texts in texts
_LONGEST_PROGRAM = 500_000  # characters read at a time: their tokens take a hundred times that in memory


class Bound(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A `Binding` as it is kept."""

    target: str
    format: str
    variables: dict[str, Text]
    always: bool
    of: str
    makes: tuple[str, ...]

    @classmethod
    def of_binding(cls, item: Binding) -> "Bound":
        """Return what a format yielded as it is kept."""
        return cls(item.target, item.format, dict(item.variables), item.always, item.of, item.makes)

    def binding(self) -> Binding:
        """Return what the format yielded."""
        return Binding(self.target, self.format, self.variables, self.always, self.of, self.makes)


class Finding(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What stands at an offset of a file."""

    start: int
    found: Found


class Reading(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What was found in a file."""

    formats: tuple[str, ...] = ()  # that read it
    findings: tuple[Finding, ...] = ()
    bindings: tuple[Bound, ...] = ()
    definitions: tuple[tuple[str, str], ...] = ()  # format, name
    problem: Unresolved | None = None  # of the file as a whole
    digest: str = ""  # sha256 of the bytes; empty where nothing was found


NOTHING_READ = Reading()
_ENCODER = msgspec.msgpack.Encoder(enc_hook=str)
_DECODER = msgspec.msgpack.Decoder(list[Reading], dec_hook=lambda _, text: Reference.parse(text))


def encode(readings: list[Reading]) -> bytes:
    """Return readings as bytes."""
    return _ENCODER.encode(readings)


def decode(content: bytes) -> list[Reading]:
    """Return what `encode` was given. Raises msgspec.DecodeError for anything else."""
    readings = _DECODER.decode(content)
    for reading in readings:
        for each in reading.findings:
            _share(each.found)
    return readings


def _share(found: Found) -> None:
    """Share equal texts between findings, because decoding makes a new one for each."""
    for name in ("path", "format", "text"):
        force_setattr(found, name, intern(getattr(found, name)))
    for fragment in () if isinstance(found, Output) else found.fragments:
        force_setattr(fragment, "text", intern(fragment.text))


def unreadable(path: str, reason: str, format_: str = "") -> Reading:
    """Return the reading of a file that was not read."""
    return Reading(problem=Unresolved(printable(path), 1, format_, "", reason))


class File(Struct, frozen=True):
    """A file by its names: as it is reported, and with the folders above it, which patterns may ask for."""

    path: str
    full: str


def read(
    file: File, content: bytes, claims: tuple[str, ...], catalog: Catalog, given: Given = NOTHING
) -> Reading:
    """Read a file with those formats, of the ones its name tells, whose words are in it.

    `given` are the values that other files set when they use it.
    """
    if b"\0" in content and not content.startswith(_UTF16):
        named = catalog.named(file.full)
        claims = tuple(name for name in claims if name in named)  # else it is a compiled program
    marked = _MARK in content
    wanted = list(claims) if marked else catalog.wanted(claims, _narrow(content))
    if not wanted:
        return NOTHING_READ
    text = content if marked else undescribed(file.path, content)
    if text is content:
        return _read(file, content, wanted, catalog, given)
    wanted = catalog.wanted(claims, text) if text else []
    return _of(content, _read(file, text, wanted, catalog, given)) if wanted else NOTHING_READ


def read_nameless(file: File, content: bytes, catalog: Catalog) -> Reading:
    """Read a text that has no name with every format that is recognised by content alone."""
    text = without_definitions(content)
    wanted = [card.name for card in catalog.cards.values() if card.by_content and card.wanted(text)]
    return _of(content, _read(file, text, wanted, catalog))


def _narrow(content: bytes) -> bytes:
    """Return a text in UTF-16 as UTF-8, the encoding of the words that are looked for."""
    wide = content.startswith(_UTF16)
    return content.decode("utf-16", "ignore").encode("utf-8", "ignore") if wide else content


def _of(content: bytes, reading: Reading) -> Reading:
    """Return the reading of a part of a file as that of the file."""
    return replace(reading, digest=hashlib.sha256(content).hexdigest()) if reading.digest else reading


def _read(
    file: File, content: bytes, wanted: Sequence[str], catalog: Catalog, given: Given = NOTHING
) -> Reading:
    first = wanted[0] if wanted else ""
    if content.startswith(_UTF16):
        reason = "encoded in UTF-16, which is not read here; save it as UTF-8"
        return unreadable(file.path, reason, first)
    source, problem = _decoded(file.path, content, first)
    findings: list[tuple[int, Found]] = []
    bindings: list[Bound] = []
    definitions: dict[tuple[str, str], None] = {}
    for wanted_name in wanted:
        try:
            items = _items(wanted_name, source, given, catalog, file.full, _DEEPEST)
            for name, item in _alternatives(items):
                if isinstance(item, Binding):
                    bindings.append(Bound.of_binding(item))
                elif isinstance(item, Definition):
                    definitions[name, item.name] = None
                elif (judgement := judged(source, name, item)) is not None:
                    findings.append((item.start, judgement))
        except Exception as error:  # noqa: BLE001  one file must not cost the scan of all others
            problem = _bug(file.path, wanted_name, error)
    kept = directives.heeded(source, findings) if directives.MARK in source.text else findings
    found = tuple(Finding(start, item) for start, item in kept)
    told = found or bindings or problem  # else nobody asks whether the file has changed
    digest = hashlib.sha256(content).hexdigest() if told else ""
    return Reading(tuple(wanted), found, tuple(bindings), tuple(definitions), problem, digest)


def _bug(path: str, name: str, error: Exception) -> Unresolved:
    reason = f"hub2ar failed here ({type(error).__name__}: {printable(str(error))[:200]}); report it as a bug"
    return Unresolved(printable(path), 1, name, "", reason)


def candidates(
    file: File, source: SourceFile, names: Iterable[str], catalog: Catalog
) -> Iterator[tuple[str, Candidate]]:
    """Yield what formats see in a file before it is judged, each with the format's name."""
    for each in names:
        items = _items(each, source, NOTHING, catalog, file.full, _DEEPEST)
        for name, item in _alternatives(items):
            if isinstance(item, Candidate):
                yield name, item


def _items(
    name: str, source: SourceFile, given: Given, catalog: Catalog, full: str, depth: int
) -> Iterator[tuple[str, Candidate | Binding | Definition]]:
    """Yield what a format finds, and what others find in the texts that it says are embedded."""
    generated = source.path.endswith(".ejs")
    for item in bounded(_found(name, source, given, catalog), source):
        if generated and isinstance(item, Candidate) and _GIVEN_WHOLE.match(item.spelled):
            continue
        if isinstance(item, Embedded):
            if depth:
                yield from _inside(item, source, catalog, full, depth - 1)
        else:
            yield name, item


def _alternatives(
    items: Iterable[tuple[str, Candidate | Binding | Definition]],
) -> Iterator[tuple[str, Candidate | Binding | Definition]]:
    """Yield what was found; what a template gives several values is several candidates."""
    for name, item in items:
        if isinstance(item, Candidate) and item.problem and _BRANCHES.search(item.spelled):
            from planner.formats._template_branches import alternatives  # few files have any

            yield from ((name, each) for each in alternatives(item))
        else:
            yield name, item


def _found(name: str, source: SourceFile, given: Given, catalog: Catalog) -> Iterator[Item]:
    """Yield what a format finds; a program that is very long, as those that programs write, in stretches."""
    extract = catalog.format(name).extract
    if (path := catalog.named_for(source.path, name)) != source.path:
        yield from _of_template(extract(SourceFile(path, source.text), given))
        return
    if len(source.text) <= _LONGEST_PROGRAM or not catalog.cards[name].own_code:
        yield from extract(source, given)
        return
    start = 0
    while start < len(source.text):
        stretch = source.text[start : start + _LONGEST_PROGRAM]
        if start + len(stretch) < len(source.text):  # up to the end of a line, or of a statement
            last = stretch.rfind("\n") + 1 or stretch.rfind(";") + 1
            stretch = stretch[: last or None]
        yield from embedded(extract(SourceFile(source.path, stretch), given), Text.at(start, stretch))
        start += len(stretch)


def _of_template(found: Iterable[Item]) -> Iterator[Item]:
    """Yield what a format finds in a template of its files: what is filled in is not known.

    That the text is no YAML, JSON or TOML before it is filled in is no news.
    """
    for item in found:
        if isinstance(item, Candidate) and "<%" in item.spelled and not item.problem:
            yield replace(item, problem="a template gives this: scan what it is rendered to")
        elif not (isinstance(item, Candidate) and item.problem and not item.value):
            yield item


def _inside(
    item: Embedded, host: SourceFile, catalog: Catalog, full: str, depth: int
) -> Iterator[tuple[str, Candidate]]:
    text = str(item.text)
    whole = text.encode("utf-8", "surrogateescape")
    if (content := without_definitions(whole)) is not whole:
        text = content.decode("utf-8", "surrogateescape")
    source = SourceFile(_beside(host.path, item.name), text)
    inner = _beside(full, item.name)
    named = (*item.formats, *(catalog.claims(inner) if item.name else ()))
    for name in dict.fromkeys(each for each in named if each in catalog.cards):
        if not catalog.cards[name].wanted(content):
            continue
        found = (one for _, one in _items(name, source, NOTHING, catalog, inner, depth))
        for one in embedded(found, item.text):
            # A problem without a text is about the whole file, which this is not.
            if isinstance(one, Candidate) and (one.value or not one.problem):
                for each in item.fill(one) if item.fill else (one,):
                    yield name, each if item.role is None else _as(each, item.role)


def _beside(path: str, name: str) -> str:
    """Return the path of a file of that name in the folder of another; without a name, that other's path."""
    folder, slash, _ = path.rpartition("/")
    return f"{folder}{slash}{name}" if name else path


def _as(candidate: Candidate, role: Role) -> Candidate:
    doubt = Confidence.DOCUMENTATION if role is Role.DOCUMENTATION else candidate.confidence
    return replace(candidate, role=role, confidence=doubt)


def _decoded(path: str, content: bytes, name: str) -> tuple[SourceFile, Unresolved | None]:
    """Decode a file; bytes that are not UTF-8 are kept as they are, and reported."""
    try:
        return SourceFile(path, content.decode()), None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = f"byte 0x{content[error.start]:02x}"
        reason = f"not UTF-8 ({byte}); it was read with such bytes kept as they are"
        text = content.decode("utf-8", "surrogateescape")
        return SourceFile(path, text), Unresolved(printable(path), line, name, "", reason)
