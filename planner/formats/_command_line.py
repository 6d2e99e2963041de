"""Command lines taken apart into options, switches and operands, as the usual option parsers do."""

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from planner.formats._shell_words import Word


class Options(Struct, frozen=True):
    """Options that take a value: `long` without dashes, `short` as letters."""

    long: frozenset[str]
    short: frozenset[str] = frozenset()

    @classmethod
    def of(cls, long: str, short: str = "") -> "Options":
        """Read names between white space, and letters."""
        return cls(frozenset(long.split()), frozenset(short))

    def __or__(self, other: "Options") -> "Options":
        return Options(self.long | other.long, self.short | other.short)


class Arguments(Struct, frozen=True):
    """A command line taken apart. Options and switches are named without dashes, a letter as that letter."""

    options: tuple[tuple[str, Word], ...]
    switches: frozenset[str]
    operands: tuple[Word, ...]

    def all(self, *names: str) -> Iterator[Word]:
        """Yield the values of options, in their order."""
        for name, value in self.options:
            if name in names:
                yield value

    def operand(self, index: int) -> Iterator[Word]:
        """Yield an operand if it is there."""
        yield from self.operands[index : index + 1]


def arguments(words: Sequence[Word], options: Options, *, mixed: bool = True) -> Arguments:
    """Take a command line apart; unless `mixed`, what follows the first operand belongs to it."""
    values: list[tuple[str, Word]] = []
    switches: set[str] = set()
    operands: list[Word] = []
    rest = list(words[::-1])
    while rest:
        word = rest.pop()
        text = str(word)
        if text == "--":
            operands += rest[::-1]
            break
        if text.startswith("--"):
            _long(word, options, rest, values, switches)
        elif text.startswith("-") and len(text) > 1:
            _short(word, options, rest, values, switches)
        elif not (rest and _holds_options(word)):
            operands.append(word)
            if not mixed:
                operands += rest[::-1]
                break
    return Arguments(tuple(values), frozenset(switches), tuple(operands))


_OPTIONS = re.compile(
    r"(?i)@|\*|opt|arg|flag|param|extra|tty|interactive|env|vol|mount|net|port|user|platform|gpu|device|limit|dns"
    r"|label|quiet|verbose|cache"
)


def _holds_options(word: Word) -> bool:
    """Tell by its name whether a variable that is not known stands for options, not for an operand."""
    if word.known:
        return False
    name = word.variable
    lacking = bool(name) and bool(word.pieces[0].values[0].problem)
    return lacking and bool(_OPTIONS.search(name)) and not re.search(r"(?i)im(?:g|age)", name)


def _long(
    word: Word, options: Options, rest: list[Word], values: list[tuple[str, Word]], switches: set[str]
) -> None:
    name, value = word.cut(2).partition("=")
    if value is not None:
        values.append((str(name), value))
    elif str(name) in options.long and rest:
        values.append((str(name), rest.pop()))
    else:
        switches.add(str(name))


def _short(
    word: Word, options: Options, rest: list[Word], values: list[tuple[str, Word]], switches: set[str]
) -> None:
    """Read `-it`, `-p80:80`, `-e=A`, `-itp 80:80`."""
    text = str(word)
    for index, letter in enumerate(text[1:], start=1):
        if letter not in options.short:
            switches.add(letter)
        elif index + 1 < len(text):
            values.append((letter, word.cut(index + 1 + (text[index + 1] == "="))))
            return
        elif rest:
            values.append((letter, rest.pop()))


def program(words: Sequence[Word]) -> str:
    """Return the name of the program that a command line starts, without its folder."""
    name = str(words[0]).rpartition("/")[2] if words else ""
    return name.removesuffix(".exe")
