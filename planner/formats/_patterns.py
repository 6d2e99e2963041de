"""Which formats a path may belong to: the globs of all formats as compiled patterns.

Paths are what a repository's authors like. So no glob takes longer than in proportion to the path: each `*`
ends at the first place where what follows it fits, as does each `**`, and none is tried again.
"""

import re
from collections.abc import Iterable
from functools import cache

_CHOICE = re.compile(r"\{([^{}]*)\}")
_BESIDE = re.compile(r"(?<=[^/*])\*{2,}|\*{2,}(?=[^/*])")  # a `**` that is not all of a folder's name
_ACROSS = ("*", "*/**/*")  # what such a one stands for: a part of a name, or the ends of two
_TOKEN = re.compile(r"\*+|\?|\[[^\]]+\]|.", re.DOTALL)
_MEMBER = re.compile(r"(?P<low>.)-(?P<high>.)|(?P<one>.)", re.DOTALL)  # of a set such as `[a-z._]`
_FOLDERS = r"(?:[^/]*/)*?"  # as few as will do


def translate(glob: str) -> str:
    """Return a glob as a regular expression that begins and ends with a path; see `Format.patterns`."""
    return "|".join(map(_whole, _plain(glob)))


def _whole(glob: str) -> str:
    """Return a glob without choices, whose every `**` is a folder's name, as a regular expression."""
    runs: list[list[str]] = [[]]  # the parts between one `**` and the next
    for part in glob.split("/"):
        if part == "**":
            runs.append([])
        else:
            runs[-1].append(_part(part))
    *first, last = runs
    begin = "".join(f"(?>{_FOLDERS}{'/'.join(run)}/)" for run in first if run)
    return begin + (rf"(?:.*/)?{'/'.join(last)}\Z" if last else "")


def _part(part: str) -> str:
    """Return one name of a path: what is between stars is looked for from the left, the rest at the end."""
    chunks = [""]
    for token in _TOKEN.findall(part):
        if token[0] == "*":
            chunks.append("")
        else:
            chunks[-1] += _one(token)
    first, *rest = chunks
    if not rest:
        return first
    middle = "".join(f"(?>[^/]*?{chunk})" for chunk in rest[:-1] if chunk)
    return f"(?>{first}{middle}[^/]*{rest[-1]}(?![^/]))"


def _one(token: str) -> str:
    if token == "?":
        return "[^/]"
    return _set(token[1:-1]) if token[0] == "[" and len(token) > 1 else re.escape(token)


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


def _plain(glob: str) -> tuple[str, ...]:
    """Return the globs without `{a,b}`, and without `a**b`, that a glob stands for."""
    beside = _BESIDE.search(glob)
    if beside is None:
        return expanded(glob)
    before, after = glob[: beside.start()], glob[beside.end() :]
    return tuple(each for across in _ACROSS for each in _plain(f"{before}{across}{after}"))


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
    return re.compile(r"\A(?:" + "|".join(translate(glob) for glob in globs) + ")", re.DOTALL)
