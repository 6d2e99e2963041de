"""A script cut between its commands where it is long, or full of signs.

The grammar's time may grow with the square of a text that it cannot make sense of.

Lines are only read as far as it takes to see where a command ends; one that is very long is cut at `;`, `&&`
and `||` as well. What is too long even so, or no script, is reported.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import islice

from msgspec import Struct

from planner.formats._base import Candidate
from planner.model.inventory import Confidence, Role
from planner.model.source import Text

LONGEST = 16_000  # characters of a part, without its heredocs
LONGEST_LINE = 20_000
_SIGNS = "()|<>&;["
_LEAST_SIGNS, _PER_SIGN = (
    100,
    8,
)  # signs of a part, and characters for each further one: half of that is a lot
_TOKEN = re.compile(
    r"""(?xs) \\. | '[^']*+' | "(?:[^"\\]|\\.)*+" | (?<![^\s;&|(])\#[^\n]*+ | <<< | \$\{
      | <<-?[ \t]*+\\?(?P<quote>['"]?)(?P<heredoc>[A-Za-z_][\w.-]*+)(?P=quote)
      | (?P<line>\n) | (?P<open>[({]) | (?P<close>[)}])
      | (?P<between>(?<![;&|\s])[ \t]?(?:;|&&|\|\|)(?![ \t]?[;&|]))
      | (?:\A|(?<=[;&|(\n])|(?<=\bthen)|(?<=\bdo)|(?<=\belse))[ \t]*+
        (?:(?P<begin>if|case|do)|(?P<end>fi|esac|done))(?![\w-])
    """
)
_GOES_ON = re.compile(r"(?:\\|\||&&|\b(?:then|do|else|in)|[({])\Z")
_LAST = frozenset("\\|&noe({")  # signs of what goes on
_ANEW = re.compile(r"(?:function\b|[A-Za-z_][\w-]*[ \t]*\(\)|\#)")
_WORD_ALONE = re.compile(r"(?m)^\t*+([A-Za-z_][\w.-]*+)[ \t]*+\r?(?:\n|\Z)")


_PULL = re.compile(
    r"\b(?:docker|podman|nerdctl|crictl)[ \t]++pull[ \t]++(?:(?:-q|--quiet)[ \t]++)?"
    r"([a-z0-9][\w./:@-]*+)(?=[\s;&|)\"']|\Z)"
)
_ENDLESS = 1000  # characters that a heredoc without an end is as bad as
_SHOWN = 80  # characters of what is not read
_MOST = 1000  # images in it
TOO_LONG = "a command of this script is too long to be read as shell; move it into several lines"
NO_SCRIPT = "this is not what a shell could run: not read from here on"


class Part(Struct, frozen=True):
    """A stretch of a script that can be read by itself, unless it is too long or no script."""

    start: int
    stop: int
    readable: bool


def parts(script: str) -> Iterator[Part]:
    """Yield the parts of a script, in order and without gaps; nearly always it is one."""
    if len(script) <= LONGEST and _is_likely(len(script), _signs(script)):
        yield Part(0, len(script), True)
        return
    start = last = weight = signs = 0
    for stop, hidden in _ends(script):
        size = stop - last - hidden
        own = _signs(script[last:stop]) if not hidden else 0  # the signs of a heredoc are no syntax
        readable = size <= LONGEST and _is_likely(size, own) and not _has_long_line(script, last, stop)
        is_full = weight + size > LONGEST or not _is_likely(weight + size, signs + own)
        if last > start and (not readable or is_full):
            yield Part(start, last, True)
            start, weight, signs = last, 0, 0
        weight, signs = weight + size, signs + own
        if not readable:
            yield Part(start, stop, False)
            start, weight, signs = stop, 0, 0
        last = stop
    if start < len(script):
        yield Part(start, len(script), True)


def _signs(script: str) -> int:
    """Return how many signs there are of those that a grammar can get lost in."""
    return sum(map(script.count, _SIGNS)) + max(script.count("{") - script.count("}"), 0)


def _is_likely(size: int, signs: int) -> bool:
    """Tell whether a text may be shell: four times as many signs as the fullest of real scripts are none."""
    return signs <= _LEAST_SIGNS + size // _PER_SIGN


def _has_long_line(script: str, start: int, stop: int) -> bool:
    while start + LONGEST_LINE < stop:
        end = script.rfind("\n", start, start + LONGEST_LINE)
        if end < 0:
            return True
        start = end + 1
    return False


def _ends(script: str) -> Iterator[tuple[int, int]]:
    """Yield offsets after commands that nothing opened before goes on beyond, with the size of heredocs."""
    heredoc_ends = _heredoc_ends(script)
    depth = hidden = position = line = 0
    waiting: list[str] = []
    while (token := _TOKEN.search(script, position)) is not None:
        position = token.end()
        match token.lastgroup:
            case "heredoc":
                waiting.append(token["heredoc"])
            case "open" | "begin":
                depth += 1
            case "close" | "end":
                depth = max(depth - 1, 0)
            case "between" if not depth and not waiting and _is_long(script, line):
                yield position, hidden
                hidden = 0
            case "line":
                before = position
                for word in waiting:
                    after = _after(heredoc_ends.get(word, ()), position)
                    hidden -= _ENDLESS if after == position else 0
                    position = after
                hidden, waiting = hidden + position - before, []
                ended = script[line : before - 1] if before - line < LONGEST_LINE else "\\"
                if depth and _ANEW.match(script, position) and not ended.strip(" \t\r}"):
                    depth = 0
                if not depth and not _goes_on(ended[-20:].rstrip(" \t\r")):
                    yield position, hidden
                    hidden = 0
                line = position
    yield len(script), hidden


def _is_long(script: str, line: int) -> bool:
    """Tell whether a line is so long that it is cut between its commands."""
    stop = line + LONGEST_LINE
    return stop < len(script) and script.find("\n", line, stop) < 0


def _goes_on(ended: str) -> bool:
    return ended[-1:] in _LAST and _GOES_ON.search(ended) is not None


def _heredoc_ends(script: str) -> dict[str, list[int]]:
    """Return the offsets after the lines that are one word, by that word."""
    found: dict[str, list[int]] = {}
    if "<<" in script:
        for match in _WORD_ALONE.finditer(script):
            found.setdefault(match[1], []).append(match.end())
    return found


def _after(ends: Sequence[int], position: int) -> int:
    """Return the first of the ends after a position; where there is none, the position itself."""
    index = bisect_right(ends, position)
    return ends[index] if index < len(ends) else position


def told(text: Text, reason: str) -> Iterator[Candidate]:
    """Yield a part that is not read, and what `docker pull` is plainly followed by in it."""
    string, cut = str(text), text.cutter()
    yield Candidate(Text(), Role.SCRIPT, max(cut(0, 1).start, 0), string[:_SHOWN], problem=reason)
    for match in islice(_PULL.finditer(string), _MOST):
        yield Candidate.of(cut(*match.span(1)), Role.SCRIPT, Confidence.HEURISTIC)
