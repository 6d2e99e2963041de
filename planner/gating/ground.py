"""The files that findings are in: what they are called for a reader, and where a thing is. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from planner.gating.baseline import Item
from planner.model.finding import Region, Site, uri_of
from planner.model.source import Part, SourceFile

_BYTE_ORDER_MARK = "\ufeff"
_BASIC = 0xFFFF  # the last character that UTF-16 writes in one unit


@dataclass(frozen=True, slots=True)
class File:
    """A file under the name that a reader knows, with its text if that was read."""

    path: str  # from the working directory, printable
    uri: str  # as in `Site`
    source: SourceFile | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """The files that findings are in, by their paths in the inventory; others are called as there."""

    files: Mapping[str, File] = field(default_factory=dict)

    @property
    def measured(self) -> bool:
        """Whether the texts of the files were read."""
        return any(each.source for each in self.files.values())

    def file(self, path: str) -> File:
        """Return a file."""
        return self.files.get(path) or File(path, uri_of(path))

    def at(self, path: str, line: int) -> Site:
        """Return a line."""
        file = self.file(path)
        return Site(file.path, file.uri, Region(line))

    def of(self, item: Item) -> Site:
        """Return the text of a finding, as far as it is known where that ends."""
        file = self.file(item.path)
        if not item.column:
            return Site(file.path, file.uri, Region(item.line))
        if file.source is None or item.line > len(file.source.line_starts):
            return Site(file.path, file.uri, Region(item.line, item.column))
        start = file.source.line_starts[item.line - 1] + item.column - 1
        if end := _end(file.source, item, start):
            return self.span(item.path, start, end)
        line, column, wide = _position(file.source, start)
        return Site(file.path, file.uri, Region(line, column, wide=wide))

    def span(self, path: str, start: int, end: int) -> Site:
        """Return a half-open span of a file, in characters. Raises LookupError without its text."""
        file = self.file(path)
        if file.source is None:
            raise LookupError(f"the text of {path} is not at hand")
        line, column, wide = _position(file.source, start)
        end_line, end_column, end_wide = _position(file.source, end)
        return Site(file.path, file.uri, Region(line, column, end_line, end_column, wide, end_wide))


def _end(source: SourceFile, item: Item, start: int) -> int:
    """Return where the text of a finding ends that begins at an offset; 0 where it does not stand there."""
    if item.text and source.text.startswith(item.text, start):
        return start + len(item.text)
    own = [each for each in item.fragments if not each.path and each.start == start]
    whole = [each for each in own if each.part is Part.WHOLE] or own
    return whole[0].end if whole else 0


def _position(source: SourceFile, offset: int) -> tuple[int, int, int]:
    """Return line and column of a character, and how many before it in its line take two units of UTF-16.

    A byte order mark is no character of the text for a reader, and one for the scanner.
    """
    line, column = source.position(offset)
    before = source.text[offset - column + 1 : offset]
    mark = before.startswith(_BYTE_ORDER_MARK) and line == 1
    return line, column - mark, sum(ord(char) > _BASIC for char in before)
