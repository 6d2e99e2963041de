"""INI files whose values go on in indented lines, as tox and setuptools read them."""

import re
from collections.abc import Iterator

from msgspec import Struct

from planner.model.source import Text

_SECTION = re.compile(r"\[([^\]\n]+)\]")
_SETTING = re.compile(r"([^\s=:#;\[][^=:\n]*+)[=:][ \t]*+")


class Setting(Struct, frozen=True):
    """A key of a section, with the lines of its value; comments are left out."""

    section: str
    key: str
    lines: tuple[Text, ...]

    @property
    def value(self) -> Text:
        """The value of a setting that has one line."""
        return self.lines[0] if self.lines else Text()


def settings(text: str) -> Iterator[Setting]:
    """Yield the settings, in order. Never raises."""
    section, key = "", ""
    lines: list[Text] = []
    position = 1 if text.startswith("\ufeff") else 0
    while position < len(text):
        end = text.find("\n", position)
        end = end if end >= 0 else len(text)
        line = text[position:end]
        if line[:1] in (" ", "\t"):
            lines += _content(position, line)
        elif line.strip() and line[0] not in "#;":
            if key:
                yield Setting(section, key, tuple(lines))
            key, lines = "", []
            if found := _SECTION.match(line):
                section = found[1].strip()
            elif setting := _SETTING.match(line):
                key = setting[1].strip()
                lines = _content(position + setting.end(), line[setting.end() :])
        position = end + 1
    if key:
        yield Setting(section, key, tuple(lines))


def _content(start: int, line: str) -> list[Text]:
    """Return a line without what surrounds it; none where it holds nothing or a comment."""
    stripped = line.strip()
    lead = len(line) - len(line.lstrip())
    return [Text.at(start + lead, stripped)] if stripped and stripped[0] not in "#;" else []
