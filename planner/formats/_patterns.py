"""Which formats a path may belong to: the globs of all formats as compiled patterns."""

import re
from collections.abc import Iterable
from functools import cache

_TOKEN = re.compile(r"\*\*/|\*\*|\*|\?|\[[^\]]+\]|\{[^}]*\}|.")


def translate(glob: str) -> str:
    """Return a glob as a regular expression over the end of a path; see `Format.patterns`."""
    return "".join(_piece(token) for token in _TOKEN.findall(glob))


def _piece(token: str) -> str:
    match token:
        case "**/":
            return "(?:.*/)?"
        case "**":
            return ".*"
        case "*":
            return "[^/]*"
        case "?":
            return "[^/]"
    if token[0] == "[" and len(token) > 1:
        return token
    if token[0] == "{" and len(token) > 1:
        return f"(?:{'|'.join(translate(choice) for choice in token[1:-1].split(','))})"
    return re.escape(token)


@cache
def matcher(globs: Iterable[str]) -> re.Pattern[str]:
    """Return one pattern that finds a path that any of the globs (a tuple) means."""
    return re.compile(r"(?:^|/)(?:" + "|".join(translate(glob) for glob in globs) + r")\Z", re.DOTALL)
