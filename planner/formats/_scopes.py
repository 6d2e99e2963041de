"""Variables of a file, as `${NAME}` or in another spelling, filled in where the file says what they are.

A pattern tells the spelling: its group `name`, `bare` or `config` is the variable, `default` what stands for
it where nothing is set. A match without a name is an escaped sign, and means its first character.
"""

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from planner.formats._base import Candidate
from planner.formats._ci import scalars
from planner.formats._docker_commands import image
from planner.formats._shell_words import Piece, Value, Word, expand, named
from planner.formats._yaml import Node
from planner.model.inventory import Role
from planner.model.source import Text

BRACED = re.compile(r"\$\$|\$\{(?P<name>\w++)(?::?[-=](?P<default>[^${}]*))?[^${}]*\}")
DOLLAR = re.compile(
    r"\$\$|\$\{(?P<name>[\w.\-]++)(?::?[-=](?P<default>[^${}]*))?[^${}]*\}|\$(?P<bare>[A-Za-z_]\w*)"
)
NOT_SET = "{name} is not set in this file"
_LONGEST = 2000  # characters of an image with its variables


class Scope(Struct, frozen=True):
    """What the variables of a place stand for; `missing` says of a `{name}` where it could be set."""

    pattern: re.Pattern[str]
    values: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    missing: str = NOT_SET

    def word(self, text: Text) -> Word:
        """Return a text with its variables replaced by their values."""
        return expand(text, self.pattern, self._piece)

    def images(self, node: Node | None, role: Role) -> Iterator[Candidate]:
        """Yield the image that a value names, or each value of a list."""
        for scalar in scalars(node):
            text = scalar.text.strip()
            if len(text) > _LONGEST:
                yield from image(Word((Piece.unknown(text, "", "longer than any reference"),)), role)
            else:
                yield from image(self.word(text), role)

    def _piece(self, written: Text, match: re.Match[str]) -> Piece:
        groups = match.groupdict()
        name = next((groups[each] for each in ("name", "bare", "config") if groups.get(each)), "")
        if not name:
            return Piece.literal(written.cut(0, 1))
        if known := self.values.get(name):
            return Piece(written, tuple(named(name, value) for value in known), name)
        if groups.get("default"):
            start = match.start("default") - match.start()
            default = written.cut(start, start + len(groups["default"]))
            return Piece(written, (Value(default, (f"{name}={default} (default)",)),), name)
        return Piece.unknown(written, name, self.missing.format(name=name))


def texts(values: Mapping[str, Text]) -> dict[str, tuple[Value, ...]]:
    """Return variables that have one value each."""
    return {name: (Value(value),) for name, value in values.items()}
