"""Templates inside a value: each branch of a condition and each default is a value by itself.

`{{ if .Fips }}a:1{{ else }}b:1{{ end }}`, `{% if %}`, `<% if %>`, `{{ image | default('a:1') }}`. Which
branch is taken is known to whoever renders the template, so all of them may be pulled.
"""

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from planner.formats._base import NOTHING, Candidate
from planner.formats._placeholders import settled, templated
from planner.model.inventory import Confidence
from planner.model.source import Text

MOST = 8  # alternatives of one value
_MOST_ACTIONS = 32  # of one value
_LONGEST = 1000  # characters of a value; none that is longer is a reference
_WORDS = re.compile(r"\b(?:else|elif|elsif|end|endif|default|d|or|fetch)\b|\?|\|\|")
_OPEN = re.compile(r"\{\{|\{%|<%(?P<prints>=?)")
_CLOSE = {"{{": "}}", "{%": "%}", "<%": "%>", "<%=": "%>"}
_KEYWORD = re.compile(
    r"[-+]?\s*+(?:(?P<other>else(?!\s++if\b)|(?P<asks>else\s++if|elif|elsif))|(?P<end>end(?:if|for|with)?)"
    r"|(?P<open>if|unless|with|range|for))\b"
)


def _literal(number: int) -> str:
    return rf"(?P<q{number}>[\"'`])(?P<t{number}>[^\"'`]*+)(?P=q{number})\s*+"


_KEPT = r"(?:\|\s*+(?:quote|squote|trim|toString|string)\s*+)*+[-+]?\Z"  # filters that change no name
_DEFAULTS = re.compile(
    rf"\A[-+]?\s*+(?:default|or\s++[\w.$@]++)\s++{_literal(1)}(?:[\w.$@]++\s*+)?{_KEPT}"
    rf"|\|\s*+(?:default|d)(?:\s*+\(\s*+|\s++){_literal(2)}(?:,\s*+true\s*+)?\)?\s*+{_KEPT}"
    rf"|(?:\|\||\.fetch\([^(),]*+,)\s*+{_literal(3)}\)?\s*+-?\Z"
    rf"|\?\s*+{_literal(4)}:\s*+{_literal(5)}-?\Z"
    rf"|\A[-+]?\s*+{_literal(6)}if\b[^\"'`]*?(?:[\"'][^\"']*+[\"'][^\"'`]*?)?\belse\s++{_literal(7)}[-+]?\Z"
)


def alternatives(candidate: Candidate) -> Iterator[Candidate]:
    """Yield what a value with a problem may be where its template says so, else the candidate itself."""
    value = str(candidate.value)
    if len(value) > _LONGEST or not _WORDS.search(value) or not _OPEN.search(value):
        yield candidate
        return
    doubt = candidate.confidence
    confidence = Confidence.RESOLVED if doubt is Confidence.CERTAIN else doubt
    found = [
        replace(candidate, value=text, problem="", confidence=confidence)
        for text in dict.fromkeys(each.strip() for each in _rendered(candidate.value))
        if text and not templated(str(text))
    ]
    yield from (settled(each, NOTHING) for each in found) if found else (candidate,)


class _Block(Struct):
    """A condition that is open: the alternatives of its branches so far, and of the branch in hand."""

    before: list[Text]  # what stands before the condition
    done: list[Text] = field(default_factory=list)
    open: list[Text] = field(default_factory=lambda: [Text()])
    whole: bool = False  # whether one of its branches is always taken

    def turn(self, *, whole: bool) -> None:
        """Begin another branch."""
        self.done += self.open
        self.open, self.whole = [Text()], self.whole or whole

    def close(self) -> list[Text]:
        """Return what stands before it with each of its branches behind."""
        values = [*self.done, *self.open] + ([] if self.whole else [Text()])
        return _product(self.before, values)


def _rendered(value: Text) -> list[Text]:
    """Return what a value may be; a condition whose beginning or end is cut off is one all the same."""
    blocks = [_Block([Text()], whole=True)]
    for piece, keyword in _pieces(value):
        block = blocks[-1]
        if keyword is None:
            block.open = _product(block.open, piece)
        elif keyword["open"]:
            blocks.append(_Block(block.open))
        elif keyword["other"]:
            block.turn(whole=not keyword["asks"])
        elif len(blocks) > 1:
            blocks.pop()
            blocks[-1].open = block.close()
    while len(blocks) > 1:
        block = blocks.pop()
        blocks[-1].open = block.close()
    return blocks[0].close()


def _product(heads: Sequence[Text], tails: Sequence[Text]) -> list[Text]:
    return [head + tail for head in heads for tail in tails][:MOST]


def _pieces(value: Text) -> "Iterator[tuple[list[Text], re.Match[str] | None]]":
    """Yield the alternatives of each stretch of text and each expression, and the words that control."""
    text, position = str(value), 0
    for _ in range(_MOST_ACTIONS):
        opening = _OPEN.search(text, position)
        end = text.find(_CLOSE[opening[0]], opening.end()) if opening else -1
        if opening is None or end < 0:
            break
        if opening.start() > position:
            yield [value.cut(position, opening.start())], None
        keyword = None if opening["prints"] else _KEYWORD.match(text, opening.end(), end)
        position = end + 2
        if keyword:
            yield [], keyword
        else:
            body = value.cut(opening.end(), end)
            yield _defaults(body) or [value.cut(opening.start(), position)], None
    if position < len(text):
        yield [value.cut(position, len(text))], None


def _defaults(body: Text) -> list[Text]:
    """Return the texts that an expression may stand for, [] where it only names something."""
    match = _DEFAULTS.search(str(body))
    names = [name for name, text in match.groupdict().items() if name[0] == "t" and text] if match else []
    return [body.cut(match.start(name), match.end(name)) for name in names] if match else []
