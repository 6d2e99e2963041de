"""Which formats a path may belong to: the globs of all formats as compiled patterns."""

import re
from collections.abc import Iterable
from functools import cache

_CHOICE = re.compile(r"\{([^{}]*)\}")
_TOKEN = re.compile(r"\*\*/|\*\*|\*|\?|\[[^\]]+\]|\{[^}]*\}|.", re.DOTALL)
_MEMBER = re.compile(r"(?P<low>.)-(?P<high>.)|(?P<one>.)", re.DOTALL)  # of a set such as `[a-z._]`


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
        return _set(token[1:-1])
    if token[0] == "{" and len(token) > 1:
        return f"(?:{'|'.join(translate(choice) for choice in token[1:-1].split(','))})"
    return re.escape(token)


def _set(inner: str) -> str:
    """Return a set of characters, whatever a user writes in it: a range from z to a has none."""
    negated = inner[0] in "!^" and len(inner) > 1
    members = "".join(map(_member, _MEMBER.finditer(inner[1:] if negated else inner)))
    if negated:
        return f"[^/{members}]"
    return f"[{members}]" if members else "(?!)"


def _member(match: re.Match[str]) -> str:
    if match["one"]:
        return re.escape(match["one"])
    return f"{re.escape(match['low'])}-{re.escape(match['high'])}" if match["low"] <= match["high"] else ""


def expanded(glob: str) -> tuple[str, ...]:
    """Return the globs without `{a,b}` that a glob with such stands for."""
    choice = _CHOICE.search(glob)
    if choice is None:
        return (glob,)
    before, after = glob[: choice.start()], glob[choice.end() :]
    return tuple(each for one in choice[1].split(",") for each in expanded(f"{before}{one}{after}"))


@cache
def matcher(globs: Iterable[str]) -> re.Pattern[str]:
    """Return one pattern that finds a path that any of the globs (a tuple) means."""
    return re.compile(r"(?:^|/)(?:" + "|".join(translate(glob) for glob in globs) + r")\Z", re.DOTALL)
