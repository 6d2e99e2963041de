"""Patches: edits as a unified diff that `git apply` takes, whatever the path and the line ends are. Pure.

https://git-scm.com/docs/diff-format
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from planner.model.source import SourceFile
from planner.rewriting.edits import Edit, apply_edits

_CONTEXT = 3  # lines around a change
_ESCAPES = {
    0x07: "\\a", 0x08: "\\b", 0x09: "\\t", 0x0A: "\\n", 0x0B: "\\v", 0x0C: "\\f", 0x0D: "\\r",
    0x22: '\\"', 0x5C: "\\\\",
}  # fmt: skip
_PRINTABLE = range(0x20, 0x7F)


class _Change(Struct, frozen=True):
    """Lines that become others."""

    first: int  # from 0
    after: int
    old: list[str]
    new: list[str]


def patch(source: SourceFile, edits: Sequence[Edit]) -> Iterator[bytes]:
    """Yield the diff of one file, hunk by hunk; nothing where the edits change nothing."""
    changes = _joined(_changes(source, edits))
    if not changes:
        return
    name = source.path.encode("utf-8", "surrogateescape")
    yield b"diff --git %s %s\n" % (quoted(b"a/" + name), quoted(b"b/" + name))
    yield b"--- %s\n+++ %s\n" % (_headed(b"a/" + name), _headed(b"b/" + name))
    lines = _lines(source.text)
    ahead = 0
    for hunk in _hunks(changes):
        text, ahead = _hunk(lines, hunk, ahead)
        yield text.encode("utf-8", "surrogateescape")


def quoted(name: bytes) -> bytes:
    """Return a path as git writes it: in quotes where it has control characters, quotes or other bytes."""
    if all(byte in _PRINTABLE and byte not in _ESCAPES for byte in name):
        return name
    said = (_ESCAPES.get(byte) or (chr(byte) if byte in _PRINTABLE else f"\\{byte:03o}") for byte in name)
    return f'"{"".join(said)}"'.encode()


def _headed(name: bytes) -> bytes:
    """Return a path as it ends a header: a tab follows one with a space, so that it has an end."""
    text = quoted(name)
    return text + b"\t" if b" " in text and not text.startswith(b'"') else text


def _lines(text: str) -> list[str]:
    """Return the lines with their ends; only LF ends one."""
    found = text.split("\n")
    return [f"{line}\n" for line in found[:-1]] + ([found[-1]] if found[-1] else [])


def _changes(source: SourceFile, edits: Sequence[Edit]) -> Iterator[_Change]:
    """Yield the lines that edits touch, each with those that follow it without a gap."""
    starts = source.line_starts
    groups: list[tuple[int, int, list[Edit]]] = []
    for edit in sorted(edits):
        first = bisect_right(starts, edit.start) - 1
        after = bisect_right(starts, max(edit.end - 1, edit.start))
        if groups and first < groups[-1][1]:
            before = groups.pop()
            groups.append((before[0], max(before[1], after), [*before[2], edit]))
        else:
            groups.append((first, after, [edit]))
    for first, after, those in groups:
        begin, end = starts[first], starts[after] if after < len(starts) else len(source.text)
        old = source.text[begin:end]
        shifted = [Edit(e.path, e.start - begin, e.end - begin, e.new, e.text) for e in those]
        new = apply_edits(old, shifted)
        if new != old:
            yield _narrowed(first, _lines(old), _lines(new))


def _narrowed(first: int, old: list[str], new: list[str]) -> _Change:
    """Return a change without the lines at its ends that stay: what is inserted may begin behind a line."""
    least = min(len(old), len(new))
    ahead = next((number for number in range(least) if old[number] != new[number]), least)
    rest = least - ahead
    behind = next((number for number in range(rest) if old[-1 - number] != new[-1 - number]), rest)
    old, new = old[ahead : len(old) - behind], new[ahead : len(new) - behind]
    return _Change(first + ahead, first + ahead + len(old), old, new)


def _joined(changes: Iterable[_Change]) -> list[_Change]:
    """Return changes that follow one another as one: first what goes, then what comes."""
    found: list[_Change] = []
    for each in changes:
        if found and found[-1].after == each.first:
            last = found.pop()
            found.append(_Change(last.first, each.after, last.old + each.old, last.new + each.new))
        else:
            found.append(each)
    return found


def _hunks(changes: Sequence[_Change]) -> Iterator[list[_Change]]:
    """Yield the changes whose surroundings meet, together."""
    hunk: list[_Change] = []
    for change in changes:
        if hunk and change.first - hunk[-1].after > 2 * _CONTEXT:
            yield hunk
            hunk = []
        hunk.append(change)
    yield hunk


def _hunk(lines: Sequence[str], changes: Sequence[_Change], ahead: int) -> tuple[str, int]:
    """Return a hunk, and how many lines further on things stand after it."""
    first = max(changes[0].first - _CONTEXT, 0)
    last = min(changes[-1].after + _CONTEXT, len(lines))
    body: list[str] = []
    place = first
    for change in changes:
        body += (_line(" ", line) for line in lines[place : change.first])
        body += (_line("-", line) for line in change.old)
        body += (_line("+", line) for line in change.new)
        place = change.first + len(change.old)
    body += (_line(" ", line) for line in lines[place:last])
    more = sum(len(each.new) - len(each.old) for each in changes)
    old, new = last - first, last - first + more
    return f"@@ -{_range(first, old)} +{_range(first + ahead, new)} @@\n{''.join(body)}", ahead + more


def _range(first: int, count: int) -> str:
    begin = first + 1 if count else first
    return str(begin) if count == 1 else f"{begin},{count}"


def _line(sign: str, line: str) -> str:
    return f"{sign}{line}" if line.endswith("\n") else f"{sign}{line}\n\\ No newline at end of file\n"
