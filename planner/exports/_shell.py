"""Words of a shell, quoted.

https://cloud.google.com/sdk/gcloud/reference/topic/escaping
"""

import shlex
from collections.abc import Iterable, Mapping

from planner.errors import ConfigError

_DELIMITERS = (",", "|", ";", "/", "~", "@@", "%%", "!!")  # what gcloud may be told to split at


def word(text: str) -> str:
    """Return a text as one word. Raises ConfigError for one that no program can be given."""
    if "\0" in text:
        raise ConfigError(f"{text!r} has a NUL character", hint="take it out of the plan")
    return shlex.quote(text)


def argument(text: str) -> str:
    """Return a text as a word that is no flag. Raises ConfigError for one that would be taken for one."""
    if text.startswith("-"):
        raise ConfigError(f"{text!r} would be taken for a flag", hint="take it out of the plan")
    return word(text)


def flag(name: str, value: str) -> str:
    """Return a flag with its value as one word."""
    return f"--{name}={word(value)}"


def pairs(entries: Mapping[str, str]) -> str:
    """Return what a flag of gcloud takes as pairs. Raises ConfigError for what it would take apart."""
    for key in entries:
        if "=" in key:
            raise ConfigError(f"{key!r} is no label", hint="labels have lower-case letters, digits, - and _")
    said = [f"{key}={value}" for key, value in entries.items()]
    delimiter = next((each for each in _DELIMITERS if not any(each in text for text in said)), None)
    if delimiter is None:
        raise ConfigError(f"{said[0]!r} cannot be given to gcloud", hint="take out what is no label")
    plain = delimiter == "," and not said[0].startswith("^")
    return delimiter.join(said) if plain else f"^{delimiter}^{delimiter.join(said)}"


def command(words: Iterable[str], more: Iterable[str] = (), *, indent: str = "") -> str:
    """Return a command: its first words on one line, the rest on a line each."""
    return " \\\n".join((indent + " ".join(words), *(f"{indent}  {each}" for each in more)))
