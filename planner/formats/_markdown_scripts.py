"""Commands in prose: a block as a script without its prompts and what was printed, and commands in a line.

What is no command is covered with blanks, so that every place stays true.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, groupby

from planner.formats._commands import COMMANDS
from planner.formats._markdown_blocks import Block, Span, spans
from planner.model.source import Run, Text

_PROMPT = re.compile(
    r"[ \t]*+(?:\([\w.-]{1,40}\)[ \t]*+)?(?:[\w.@:~/\[\]-]{1,60}[ \t]?)?(?P<sign>[$%❯➜#>])[ \t]++(?=\S)"
)
_PROGRAM = rf"(?:sudo[ \t]++)?(?:{'|'.join(sorted(COMMANDS, key=len, reverse=True))})[ \t]++[^\s=]"
_COMMAND = re.compile(rf"[ \t]*+(?:[$#%>][ \t]++)?{_PROGRAM}")
_OPENED = tuple(  # one for each, because what begins with one text is found many times as fast
    re.compile(rf"{mark}[ \t]*+(?:[$#%>][ \t]++)?{_PROGRAM}") for mark in ("`", "<code>")
)
_LINE = r"(?:[^\r\n\\]|\\(?!\r?\n))*+"
_INDENTED = (
    rf"(?P<code>(?:[ ]{{4,}}+|[ ]{{0,3}}\t)[ \t]*+(?:[$#%][ \t]++)?(?={_PROGRAM}){_LINE}(?:\\\r?\n{_LINE})*+)"
)
_FIRST, _LATER = re.compile(_INDENTED), re.compile(rf"\n{_INDENTED}")
_CONTINUED = re.compile(r"\\[ \t]*\r?\Z")
_SECOND = re.compile(r"[ \t]*+>[ \t]")  # the prompt of a line that goes on
_DOLLAR = re.compile(r"[ \t]*+[$#%>][ \t]")
_TOGETHER = 50  # commands; a script of its own for each would cost more than reading it


def has_commands(text: str) -> bool:
    """Whether a line of a text is a command of a program that takes images, or begins with a prompt."""
    return any(_COMMAND.match(line) or _prompt(line, session=False) for line in text.split("\n"))


def script(text: str, *, session: bool, told: bool) -> str:
    """Return the commands of a block, as long as it was.

    `session` is a block that shows what was printed too; `told` one that says it is a script.
    """
    lines = text.split("\n")
    prompts = [_prompt(line, session=False) for line in lines]
    if session and not any(prompts):
        prompts = [_prompt(line, session=True) for line in lines]
    if told and not any(prompts):
        return text
    covered: list[str] = []
    goes_on = False
    for line, prompt in zip(lines, prompts, strict=True):
        if goes_on and (second := _SECOND.match(line)):
            prompt = second.end()
        if goes_on or prompt or (not told and not any(prompts) and _COMMAND.match(line)):
            covered.append(" " * prompt + line[prompt:])
            goes_on = _CONTINUED.search(line) is not None
        else:
            covered.append(" " * len(line))
    return "\n".join(covered)


def _prompt(line: str, *, session: bool) -> int:
    """Return how long the prompt at the beginning of a line is. `#` is a comment, but in a session."""
    match = _PROMPT.match(line)
    if match is None:
        return 0
    if match["sign"] in "#>" and not (session and _COMMAND.match(line, match.end())):
        return 0
    return match.end()


def loose(text: str, blocks: Sequence[Block]) -> Iterator[Text]:
    """Yield scripts of the commands that stand in lines of prose or are indented, some in each."""
    kept = list(_in_lines(text, blocks))
    inside = iter([*blocks, Block("", len(text) + 1, len(text) + 1)])
    block = next(inside)
    for match in chain(filter(None, [_FIRST.match(text)]), _LATER.finditer(text)):
        start, stop = match.span("code")
        while block.stop <= start:
            block = next(inside)
        if not block.start <= start < block.stop and _balanced(match["code"]):
            kept.append(Span(start, stop))
    kept.sort()
    for first in range(0, len(kept), _TOGETHER):
        yield Text.join(_lines(text, kept[first : first + _TOGETHER]))


def _in_lines(text: str, blocks: Sequence[Block]) -> Iterator[Span]:
    """Yield the commands that stand in lines of prose."""
    stop = 0
    for opened in sorted(match.start() for each in _OPENED for match in each.finditer(text)):
        if opened >= stop:
            start, stop = text.rfind("\n", stop, opened) + 1 or stop, text.find("\n", opened) + 1 or len(text)
            for span in spans(text, blocks, start, stop):
                if _is_command(text[span.start : span.stop]):
                    yield span


def _is_command(code: str) -> bool:
    spaced = " " in code or "\t" in code  # as few spans are, and a command with what it is given is
    return spaced and _COMMAND.match(code) is not None and _balanced(code)


def _balanced(code: str) -> bool:
    """Whether quotes are closed: one that is not would hide what follows."""
    return not any(code.count(quote) % 2 for quote in "\"'`")


def _lines(text: str, spans: Sequence[Span]) -> Iterator[Text]:
    """Yield commands without their prompts, each ended by a line that stands nowhere."""
    position = 0
    for span in spans:
        if span.start >= position:
            prompt = _DOLLAR.match(text, span.start, span.stop)
            start = prompt.end() if prompt else span.start
            yield Text.at(start, text[start : span.stop])
            yield Text.of("\n")
            position = span.stop


def uncovered(text: Text, file: str) -> Text:
    """Return a value with places only where the file has the same characters."""
    return Text(tuple(part for run in text.runs for part in _same(run, file)))


def _same(run: Run, file: str) -> Iterator[Run]:
    if run.start < 0 or file.startswith(run.text, run.start):
        yield run
        return
    offsets = range(len(run.text))
    for same, group in groupby(offsets, lambda at: file[run.start + at : run.start + at + 1] == run.text[at]):
        first, *rest = group
        part = run.text[first : (rest or [first])[-1] + 1]
        yield Run(part, run.start + first if same else -1)
