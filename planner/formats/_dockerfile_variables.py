"""Variables of a Dockerfile, and what a word becomes when they are replaced."""

from collections.abc import Callable

from msgspec import Struct, field

from planner.formats._dockerfile_text import Joined
from planner.model.source import Text


class Refused(Exception):
    """A word that BuildKit does not expand, or that is too much to expand. The text says why."""


class Unknown(Refused):
    """A word with a variable whose own value was refused. The text says why that was."""


class Variable(Struct, frozen=True):
    """A value of a variable, and who gave it."""

    name: str
    value: Text | None  # None: declared, and given nothing
    giver: str = "ARG"  # or "default", or the path of another file
    place: int = -1  # of the giver in the file in hand, -1 when it is elsewhere
    uses: tuple["Variable", ...] = ()  # of which the value is made
    missing: tuple[str, ...] = ()  # variables without a value that the value was to be made of
    refused: str = ""  # why the value cannot be known


Lookup = Callable[[str], Variable | None]


class Expansion(Struct):
    """What a word becomes, built up from left to right."""

    pieces: list[Text | tuple[int, int]] = field(default_factory=list)  # a value, or a span of the word
    uses: list[Variable] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    substituted: bool = False
    text: Text = field(default_factory=Text)

    def keep(self, start: int, stop: int) -> None:
        """Take a span of the word as it is."""
        last = self.pieces[-1] if self.pieces else None
        if isinstance(last, tuple) and last[1] == start:
            self.pieces[-1] = (last[0], stop)
        elif start < stop:
            self.pieces.append((start, stop))

    def absorb(self, other: "Expansion") -> None:
        """Take what a nested word became."""
        self.pieces.append(other.text)
        self.uses += other.uses
        self.missing += other.missing

    def seal(self, word: Joined) -> "Expansion":
        """Make the text of the pieces."""
        self.text = Text.join(piece if isinstance(piece, Text) else word.cut(*piece) for piece in self.pieces)
        return self


def where_to_set(name: str) -> str:
    """Return what to do about a variable that FROM needs and that has no value."""
    return (
        f"give it one in ARG {name} before the first FROM, or in the build args of whoever builds this file"
    )
