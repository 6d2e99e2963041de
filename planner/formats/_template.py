"""Templates in YAML: their actions are covered, character for character, so that a parser sees plain YAML.

Go templates and Jinja (`{{ }}`, `{% %}`, `{# #}`), ERB (`<% %>`), directives of Terraform (`%{ if }`) and ytt
(`#@`). What only controls or stands alone on its line becomes white space, what gives a value becomes a run
of `x`. Every offset stays true.
`${{ }}` is plain YAML to those who use it, and left alone.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

_OPEN = {
    "{{": r"\{\{(?<!\$\{\{)(?P<simple>[^{}\"`/]{0,1998}+\}\})?+",
    "{%": r"\{%",
    "{#": r"\{#",
    "<%": r"<%",
    "%{": r"%\{(?=~?[ \t]*+(?:if|for|else|endif|endfor)\b)",
}
_CLOSE = {"{{": "}}", "{%": "%}", "{#": "#}", "<%": "%>", "%{": "}"}
_LONGEST = 2000  # characters of an action; an opening without an end is text
_COMMENT = re.compile(r"-?[ \t]?/\*")
_LITERAL = re.compile(r"-?\s*(?:\"[^\"\n]*+\"|`[^`\n]*+`)\s*-?\}\}")  # {{ "}}" }}, {{ `{{ x }}` }}
# `<%- name %>` gives a value in EJS, and in ERB only controls: `<%- end -%>`
_NO_VALUE = (
    r"<%(?!=|-\s*+(?!(?:if|else|end|unless|while|for|do|case|when|begin|break|next)\b)"
    r"[\w@$][\w.$\[\]'\"()]*+\s*+[-_]?%>)"
)
_CONTROL = re.compile(
    r"\{\{-?\s*(?:/\*|(?:if|else|end|range|with|define|block|break|continue)\b|\$\w+\s*:?=)"
    rf"|\{{\{{[^\0]*\b(?:nindent|toYaml)\b|\{{%|\{{#|{_NO_VALUE}|%\{{"
)
_OPENING, _END = re.compile(r"\{\{-?\s*(?:if|with|range)\b"), re.compile(r"\{\{-?\s*end\b")
_BEFORE = re.compile(r":[ \t]+\{\{-?\s*(?:if|with|range)\b[^{}]*+\}\}(?!\{\{)")  # of a whole value
_EMPTY_BRANCH = re.compile(
    r"(\{\{-?[ \t]*else[ \t]*-?\}\}[ \t]*\r?\n)([ \t]*(?:\[\]|\{\}))(?=[ \t]*\r?\n[ \t]*\{\{-?[ \t]*end\b)"
)
_SPACE, _VALUE = "\x01", "\x02"  # stand-ins for one character of an action until its line is known
_ALONE = re.compile(r"[ \t]*+[\x01\x02]++(?:[ \t]++[\x01\x02]++)*+[ \t]*+(?=\r?\Z)")  # of a line, as the next
_LEADING = re.compile(r"([ \t]*+)(\x01{2,})(?=[ \t]?[\w./-]+:(?:[ \t]|\r?\Z))")
_BEFORE_TEXT = re.compile(
    r"([ \t]*+)(\x01++)(?=[^\s\x01\x02\-#\"'\[\]{}&*!|>%@`?:,][^:\r\n]*+(?::\S[^:\r\n]*+)*+\Z)"
)
_BEFORE_VALUE = re.compile(  # what begins a value that begins with an action
    r"([ \t]*+(?:-[ \t]++)*+[\w./-]++:[ \t]++)(\x01++)(?=\x02)"
)
_BLOCK_HEADER = re.compile(r"[|>][-+0-9]*+[ \t\r]*+\Z")
_TAG = re.compile(
    rf"\{{%[^\n]{{0,200}}?%\}}|\{{#[^\n]{{0,200}}?#\}}|{_NO_VALUE}[^\n]{{1,201}}?%>"
    r"|\{\{-?[ \t]{0,9}(?:if|else|end|range|with)\b[^{}\n]{0,200}\}\}"
    r"|%\{~?[ \t]{0,9}(?:if|for|else|endif|endfor)\b[^{}\n]{0,200}\}"
)
_YTT = re.compile(r"(?m)(?<=[:\-])([ \t]++)(#@[ \t][^\r\n]*+)")


def mask(text: str) -> str:
    """Return `text`, as long as it was, without template actions; the same object where there are none."""
    if signs := tuple(sign for sign in _OPEN if sign in text):
        text = _cover(text, signs)
    if "#@" in text:
        text = _YTT.sub(lambda match: match[1] + "x" * len(match[2]), text)
    return text


def without_tags(text: str) -> str:
    """Return a script, as long as it was, with white space for the tags of a template that only control it.

    A line of tags between lines that are continued is continued as well.
    """
    covered = _TAG.sub(_tag_covered, text) if any(sign in text for sign in _OPEN) else text
    if covered == text:
        return text
    lines, continued = covered.split("\n"), False
    for number, (line, written) in enumerate(zip(lines, text.split("\n"), strict=True)):
        if continued and written.strip() and not line.strip():
            lines[number] = f"{line[:-1]}\\"
        continued = lines[number].rstrip().endswith("\\")
    return "\n".join(lines)


def _tag_covered(tag: "re.Match[str]") -> str:
    """Return white space for a tag that stands by itself; what it chooses may be a part of a word."""
    before, after = tag.string[max(tag.start() - 1, 0) : tag.start()], tag.string[tag.end() : tag.end() + 1]
    alone = before.isspace() or after.isspace() or not before or not after
    return " " * len(tag[0]) if alone else tag[0]


def _cover(text: str, signs: tuple[str, ...]) -> str:
    text = _EMPTY_BRANCH.sub(lambda match: match[1] + " " * len(match[2]), text)  # beside a list or a map
    actions = list(_actions(text, signs))
    if not actions:
        return text
    pieces: list[str] = []
    position = 0
    for start, end in actions:
        sign = _VALUE if _ends_value(text, start, end) else _stand_in(text[start:end])
        pieces += text[position:start], sign * (end - start)
        position = end
    pieces.append(text[position:])
    covered = "".join(pieces)
    return "".join(_settled(covered, actions)).replace(_SPACE, " ").replace(_VALUE, "x")


def _ends_value(text: str, start: int, end: int) -> bool:
    """Whether an action ends a condition inside a value, and so the value: `a:1{{ if .b }}-c{{ end }}`."""
    if text[start - 1 : start].isspace() or text[end : end + 1].strip("\r\n") or not _END.match(text, start):
        return False
    colon = text.find(": ", text.rfind("\n", 0, start) + 1, start)
    value = _BEFORE.sub("", text[colon:start], count=1) if colon >= 0 else ""
    return len(_OPENING.findall(value)) > len(_END.findall(value))


@lru_cache(maxsize=4096)  # charts say the same again and again
def _stand_in(action: str) -> str:
    return _SPACE if _CONTROL.match(action) else _VALUE


def _settled(covered: str, actions: Iterable[tuple[int, int]]) -> Iterator[str]:
    """Yield the pieces of a text with the stand-ins of each line as the rest of the line asks for."""
    position = stop = 0
    for start, end in actions:
        if start >= stop:  # the first of its line
            begin = covered.rfind("\n", stop, start) + 1 or stop
            stop = covered.find("\n", end)
            stop = stop if stop >= 0 else len(covered)
            if match := _ALONE.match(covered, begin, stop):
                changed = _blank(match)
            elif match := _LEADING.match(covered, begin, stop):
                changed = _anchored(match)
            elif match := (
                _BEFORE_TEXT.match(covered, begin, stop) or _BEFORE_VALUE.match(covered, begin, stop)
            ):
                changed = match[1] + _VALUE * len(match[2])
            else:
                continue
            yield covered[position:begin]
            yield changed
            position = match.end()
    yield covered[position:]


@lru_cache
def _opening(signs: tuple[str, ...]) -> re.Pattern[str]:
    """Return what begins an action, where a text has only some of the signs: one sign is soon found."""
    return re.compile("|".join(_OPEN[sign] for sign in signs))


def _actions(text: str, signs: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Yield where actions start and end."""
    closes = _Closes(text)
    search = _opening(signs).search
    position = 0
    while match := search(text, position):
        simple = signs[0] == "{{" and match["simple"]  # nearly every action: nothing in it can hide its end
        end = match.end() if simple else _end(closes, match[0], match.end())
        position = match.end() if end < 0 else end
        if end >= 0:
            yield match.start(), end


class _Closes:
    """Where the ends of actions stand: each is looked for once, however many openings come before it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._next: dict[str, int] = {}

    def after(self, sign: str, position: int) -> int:
        """Return where the first sign at or after a position stands, -1 if there is none near enough."""
        found = self._next.get(sign, 0)
        if found < position:
            found = self.text.find(sign, position)
            self._next[sign] = found if found >= 0 else len(self.text) + _LONGEST
        found = self._next[sign]
        return found if found <= position + _LONGEST - len(sign) else -1


def _end(closes: _Closes, opening: str, inside: int) -> int:
    """Return where the action ends whose content starts at `inside`, or -1."""
    text, body = closes.text, inside
    close = closes.after(_CLOSE[opening], inside)
    if close < 0:
        return -1
    if opening == "{{":
        if literal := _LITERAL.match(text, inside, inside + _LONGEST):
            return literal.end()
        if _COMMENT.match(text, inside):
            body = max(text.find("*/", inside, inside + _LONGEST), inside)
    end = text.find(_CLOSE[opening], body, inside + _LONGEST)
    return end + len(_CLOSE[opening]) if end >= 0 and text.find(opening, body, end) < 0 else -1


def _anchored(match: "re.Match[str]") -> str:
    """Return a condition before a key as an anchor of the key, which begins where the condition did."""
    end = "" if match.string[match.end()] in " \t" else " "
    return f"{match[1]}&{'x' * (len(match[2]) - 1 - len(end))}{end}"


def _blank(match: "re.Match[str]") -> str:
    """Return line feeds, since spaces would count as the indentation of a block scalar."""
    text, start = match.string, match.start()
    before = text.rfind("\n", 0, max(start - 1, 0)) + 1
    if _SPACE not in match[0] and _BLOCK_HEADER.search(text, before, max(start - 1, 0)):
        indented = len(match[0]) - len(match[0].lstrip(" \t"))
        if not text.startswith(" " * indented, before):
            return match[0]  # the value of `key: >-`; `indent` puts what is further to the left there
    return "\n" * len(match[0])
