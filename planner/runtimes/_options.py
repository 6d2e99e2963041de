"""Mirrors among the words of a command line: `--registry-mirror=URL` or `--registry-mirror URL`."""

from collections.abc import Sequence
from dataclasses import dataclass

OPTION = "--registry-mirror"


@dataclass(frozen=True, slots=True)
class Option:
    """A mirror, and which of the words the option is."""

    index: int
    value: str


def options(words: Sequence[str]) -> tuple[Option, ...]:
    """Return the mirrors that words name, in their order."""
    found = []
    for index, word in enumerate(words):
        if word == OPTION and index + 1 < len(words):
            found.append(Option(index, words[index + 1]))
        elif word.startswith(f"{OPTION}="):
            found.append(Option(index, word.removeprefix(f"{OPTION}=")))
    return tuple(found)
