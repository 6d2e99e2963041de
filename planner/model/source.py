"""Files and places in them: a text, a span of it, and a value that remembers where it came from."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from functools import cached_property
from itertools import accumulate
from sys import intern

import msgspec

_BLOCK = 4096  # characters
_MANY = 16  # runs, from which on a value is not measured again for each cut


class SourceFile(msgspec.Struct, frozen=True, dict=True):
    """A file of a tree. Encoding `text` as UTF-8 with `surrogateescape` gives back its bytes."""

    path: str  # relative to the root of the tree, POSIX
    text: str  # newlines and byte order mark as they are

    @cached_property
    def line_starts(self) -> list[int]:
        """The offset of the first character of each line; only LF ends a line."""
        return [0, *[match.end() for match in re.finditer("\n", self.text)]]

    @cached_property
    def _ended(self) -> list[int]:
        """How many lines end before each block of the text: a tenth of the work of noting every line."""
        text = self.text
        counts = (text.count("\n", start, start + _BLOCK) for start in range(0, len(text), _BLOCK))
        return [0, *accumulate(counts)]

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column of a character, both from 1."""
        block = offset // _BLOCK
        if block >= len(self._ended):  # at or past the end of the text
            block = len(self._ended) - 1
        ended = self._ended[block] + self.text.count("\n", block * _BLOCK, offset)
        end = self.text.rfind("\n", block * _BLOCK, offset)
        if end < 0 and ended:  # the line begins in a block before
            block = bisect_left(self._ended, ended) - 1
            end = self.text.rfind("\n", block * _BLOCK, (block + 1) * _BLOCK)
        return ended + 1, offset - end


class Part(StrEnum):
    """Which part of a reference a fragment spells."""

    NAME = "name"  # registry and repository together, as one text
    REGISTRY = "registry"
    REPOSITORY = "repository"
    TAG = "tag"
    DIGEST = "digest"
    GIVEN = "given"  # a piece of the name that stands nowhere: `lead` is it
    WHOLE = "whole"  # all of it where it is used, as it is written: `${REGISTRY}/nginx:${VERSION}`
    MATCH = "match"  # what it is called elsewhere, compared character by character; `lead` takes its place
    BESIDE = "beside"  # no part: what has to stand here as well once the name is another
    # No parts either, but where another name may be told for many places at once; `lead` goes before it:
    TRANSFORMER = "transformer"  # of Kustomize: what is put in the place of a name
    OVERRIDE = "override"  # of a chart: the registry of all its images
    PREFIX = "prefix"  # of Testcontainers: what stands before every name of Docker Hub
    VARIABLE = "variable"  # that is empty, and stands before names
    CONTEXT = "context"  # of a build: what is taken in the place of an image
    OPENING = "opening"  # what has to stand before the first of these


CENTRAL = frozenset({Part.TRANSFORMER, Part.OVERRIDE, Part.PREFIX, Part.VARIABLE, Part.CONTEXT, Part.OPENING})


class Fragment(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """A half-open span of a file that spells a part of a reference: `source.text[start:end] == text`."""

    part: Part
    start: int  # characters from the beginning of the file
    end: int
    text: str
    path: str = ""  # the file, when it is not the one the reference was found in
    lead: str = ""  # what has to be written first where nothing stands yet, a line feed and `newName: `


class Run(msgspec.Struct, frozen=True, gc=False):  # one for each word: cheaper to make than a dataclass
    """A piece of a value and the place it was copied from: `source.text[start:start + len(text)] == text`."""

    text: str
    start: int  # -1: the piece stands nowhere as it is (an escape, a number that was computed)
    path: str = ""  # the file, when it is not the one in hand


class Text(msgspec.Struct, frozen=True, gc=False):
    """A value that remembers, piece by piece, where each of its characters stands.

    Substitution, quoting and joining of lines make a value out of several places; a reference found in it can
    then be cut into the spans that would have to be edited.
    """

    runs: tuple[Run, ...] = ()

    @classmethod
    def at(cls, start: int, text: str, path: str = "") -> "Text":
        """Return `text` as it stands at `start`."""
        return cls((Run(text, start, path),)) if text else cls()

    @classmethod
    def of(cls, text: str) -> "Text":
        """Return a value that stands nowhere."""
        return cls.at(-1, text)

    @classmethod
    def join(cls, pieces: Iterable["Text"]) -> "Text":
        """Return the pieces one after another; neighbours that touch in the file become one."""
        runs: list[Run] = []
        touching: list[str] = []  # what follows the last run in the file, joined once: there may be many
        end, path = -1, ""
        for piece in pieces:
            alike = len(piece.runs) < _MANY  # what has many was joined before
            for run in piece.runs if alike else piece.runs[:1]:
                if run.start == end >= 0 and path == run.path:
                    touching.append(run.text)
                    end += len(run.text)
                    continue
                if touching:
                    runs[-1] = _longer(runs[-1], touching)
                    touching = []
                runs.append(run)
                end, path = run.start + len(run.text) if run.start >= 0 else -1, run.path
            if not alike:
                if touching:
                    runs[-1] = _longer(runs[-1], touching)
                    touching = []
                runs.extend(piece.runs[1:])
                last = runs[-1]
                end, path = last.start + len(last.text) if last.start >= 0 else -1, last.path
        if touching:
            runs[-1] = _longer(runs[-1], touching)
        return cls(tuple(runs))

    @classmethod
    def made(cls, pieces: Iterable[Run]) -> "Text":
        """Return runs of the file in hand one after another, as `join` does; there may be many."""
        runs: list[Run] = []
        touching: list[str] = []
        end = -1
        for run in pieces:
            text, start = run.text, run.start
            if start == end >= 0:
                touching.append(text)
                end += len(text)
            elif text:
                if touching:
                    runs[-1] = _longer(runs[-1], touching)
                    touching = []
                runs.append(run)
                end = start + len(text) if start >= 0 else -1
        if touching:
            runs[-1] = _longer(runs[-1], touching)
        return cls(tuple(runs))

    def __add__(self, other: "Text") -> "Text":
        return Text.join((self, other))

    def __str__(self) -> str:
        return self.runs[0].text if len(self.runs) == 1 else "".join([run.text for run in self.runs])

    def __len__(self) -> int:
        return len(self.runs[0].text) if len(self.runs) == 1 else sum([len(run.text) for run in self.runs])

    def __bool__(self) -> bool:
        return bool(self.runs)

    @property
    def start(self) -> int:
        """The place of the first piece that stands in this file, else -1."""
        return next((run.start for run in self.runs if run.start >= 0 and not run.path), -1)

    def cut(self, start: int, stop: int) -> "Text":
        """Return the characters `start` to `stop` of the value."""
        if len(self.runs) == 1:  # nearly always, and this is called for every part of every reference
            run, low = self.runs[0], max(start, 0)
            text = run.text[low : max(stop, 0)]
            return Text((Run(text, run.start + low if run.start >= 0 else -1, run.path),)) if text else Text()
        return self.cutter()(start, stop)

    def cutter(self) -> "Callable[[int, int], Text]":
        """Return `cut` made for many cuts of a long text: each looks only at the runs it needs."""
        if len(self.runs) == 1:
            return self.cut
        starts = _starts(self.runs)

        def cut(start: int, stop: int) -> Text:
            start, stop = max(start, 0), min(stop, starts[-1])
            if start >= stop:
                return Text()
            low = bisect_right(starts, start) - 1
            if stop <= starts[low + 1]:  # in one run, as nearly always
                return Text((_part(self.runs[low], start - starts[low], stop - starts[low]),))
            high = bisect_left(starts, stop)
            runs = list(self.runs[low:high])
            runs[-1] = _part(runs[-1], 0, stop - starts[high - 1])
            runs[0] = _part(runs[0], start - starts[low], len(runs[0].text))
            return Text(tuple(runs))

        return cut

    def strip(self) -> "Text":
        """Return the value without surrounding white space."""
        value = str(self)
        lead = len(value) - len(value.lstrip())
        return self if value == value.strip() else self.cut(lead, lead + len(value.strip()))

    def elsewhere(self, path: str) -> "Text":
        """Return the same value as seen from another file, with its places marked as being in `path`."""
        return Text(tuple(Run(run.text, run.start, run.path or path) for run in self.runs))

    def fragments(self, part: Part) -> Iterator[Fragment]:
        """Yield the spans of the files that spell this value; pieces that stand nowhere are skipped."""
        for run in self.runs:
            if run.start >= 0 and run.text:
                end = run.start + len(run.text)
                yield Fragment(part, run.start, end, intern(run.text), printable(run.path))


_recent: dict[int, tuple[tuple[Run, ...], list[int]]] = {}  # one at most; holding it keeps its id


def _starts(runs: tuple[Run, ...]) -> list[int]:
    """Return where each run begins in a value, and where the last ends.

    What has many is kept for the next cut: a long value is often cut piece by piece.
    """
    if len(runs) < _MANY:
        return list(accumulate([len(run.text) for run in runs], initial=0))
    known = _recent.get(id(runs))
    if known is None or known[0] is not runs:
        _recent.clear()
        known = _recent[id(runs)] = runs, list(accumulate([len(run.text) for run in runs], initial=0))
    return known[1]


def _longer(run: Run, touching: list[str]) -> Run:
    return Run("".join((run.text, *touching)), run.start, run.path)


def _part(run: Run, start: int, stop: int) -> Run:
    if not start and stop >= len(run.text):
        return run
    return Run(run.text[start:stop], run.start + start if run.start >= 0 else -1, run.path)


def printable(text: str) -> str:
    """Return `text` with bytes that are not UTF-8 written out (`\\xe9`), as documents need it."""
    if text.isascii():
        return text
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
