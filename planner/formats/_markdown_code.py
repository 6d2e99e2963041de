"""What code in prose names: commands, Dockerfiles, and files of which the content tells the kind.

Whatever it names is only mentioned. Names that the prose itself builds, placeholders and what is not known
say nothing.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from planner.formats._base import Candidate, Embedded, Item, embedded
from planner.formats._commands import COMMANDS
from planner.formats._dockerfile_reader import extract as dockerfile
from planner.formats._markdown_blocks import Block, Span, read
from planner.formats._markdown_kinds import kind_of
from planner.formats._shell import everything
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text

_SHELLS = frozenset(
    {"sh", "bash", "shell", "zsh", "fish", "console", "shell-session", "shellsession", "sh-session",
     "bash-session", "terminal", "term", "command", "commandline", "cmd", "powershell", "ps1", "pwsh", "batch"}
)  # fmt: skip
_SESSIONS = frozenset({"console", "shell-session", "shellsession", "sh-session", "bash-session", "terminal"})
_UNTOLD = frozenset({"", "text", "txt", "plaintext", "plain", "none", "code", "output"})
_DOCKERFILES = frozenset({"dockerfile", "docker", "containerfile"})
_PROMPT = re.compile(
    r"[ \t]*(?:\([\w.-]{1,40}\)[ \t]*)?(?:[\w.@:~/\[\]-]{1,60}[ \t]?)?(?P<sign>[$%❯➜#>])[ \t]+(?=\S)"
)
_PROGRAM = rf"(?:sudo[ \t]+)?(?:{'|'.join(sorted(COMMANDS, key=len, reverse=True))})[ \t]+\S"
_COMMAND = re.compile(rf"[ \t]*(?:[$#%>][ \t]+)?{_PROGRAM}")
_INDENTED = re.compile(rf"(?m)^(?:[ ]{{4,}}|[ ]{{0,3}}\t)[ \t]*(?:[$#%][ \t]+)?{_PROGRAM}[^\r\n]*")
_CONTINUED = re.compile(r"\\[ \t]*\Z")
_QUOTE = re.compile(r"(?m)^[ \t]*(?:>[ \t]?)+")
_FROM = re.compile(r"(?im)^[ \t]*FROM[ \t]+[^\s#]+(?:[ \t]+AS[ \t]+[\w.-]+)?[ \t]*$")
_COPIED = re.compile(r"(?m)^[ \t]*(?:COPY[ \t]+--from=|RUN[ \t]+--mount=)")
_PLACEHOLDER = re.compile(
    r"(?:\A|/)(?:your|my|username|user|image(?:[-_]?name)?|some|foo|org(?:anization)?|namespace|x{2,}"
    r"|example\.\w+)(?:[-_./:]|\Z)|(?:\A|/)your\w|:(?:tag|version|x\.y\.z)\Z"
)
_QUOTES = re.compile(r"[\"']")


def items(source: SourceFile, kind: str) -> Iterator[Item]:
    """Yield what the code in a text names; `kind` is the extension of its file."""
    blocks, spans = read(source.text, kind)
    found = [item for block in blocks for item in _in_block(source, block)]
    found += _in_script(source, _loose(source.text, blocks, spans))
    built = {_name(each.value) for each in found if isinstance(each, Candidate) and each.role is Role.OUTPUT}
    yield from mentioned(
        each for each in found if not (isinstance(each, Candidate) and _name(each.value) in built)
    )


def mentioned(found: Iterable[Item]) -> Iterator[Item]:
    """Yield what is only mentioned, without what is not known and without placeholders."""
    for item in found:
        if isinstance(item, Embedded):
            yield replace(item, role=Role.DOCUMENTATION)
        elif isinstance(item, Candidate) and item.role not in (Role.OUTPUT, Role.IMPLICIT):
            if not item.problem and not _PLACEHOLDER.search(str(item.value)):
                yield replace(item, role=Role.DOCUMENTATION, confidence=Confidence.DOCUMENTATION)


def in_shell(source: SourceFile, script: Text) -> Iterator[Item]:
    """Yield what a script in prose names."""
    for item in everything(script, source.path, {}):
        if isinstance(item, Candidate | Embedded):
            yield item


def _name(value: Text) -> str:
    """Return a reference without tag and digest."""
    name = str(value).partition("@")[0]
    head, slash, last = name.rpartition("/")
    return head + slash + last.partition(":")[0]


def _in_block(source: SourceFile, block: Block) -> Iterator[Item]:
    text = source.text[block.start : block.stop]
    if block.quoted:
        text = _QUOTE.sub(_blank, text)
    language = block.language
    if language in _UNTOLD:
        language = _guessed(text)
    if language in _SHELLS:
        told = block.language in _SHELLS
        script = _script(text, session=language in _SESSIONS, told=told)
        yield from in_shell(source, Text.at(block.start, script))
    elif language in _DOCKERFILES:
        yield from _in_dockerfile(Text.at(block.start, text))
    elif (name := kind_of(language, text)) and "\0" not in text:
        yield Embedded(Text.at(block.start, known_only(text)), name)


def _guessed(text: str) -> str:
    """Return the language of a block that names none."""
    if _FROM.search(text):
        return "dockerfile"
    if any(_COMMAND.match(line) or _PROMPT.match(line) for line in text.split("\n")):
        return "sh"
    return "yaml"


def _in_dockerfile(text: Text) -> Iterator[Item]:
    if not _FROM.search(str(text)) and _COPIED.search(str(text)):
        text = Text.join((Text.of("FROM scratch\n"), text))
    yield from embedded(dockerfile(SourceFile("Dockerfile", str(text))), text)


def _script(text: str, *, session: bool, told: bool) -> str:
    """Return the commands of a block, as long as it was: what is printed and prompts are covered."""
    lines = text.split("\n")
    prompts = [_prompt(line, session=session) for line in lines]
    if not any(prompts) and told:
        return text
    covered: list[str] = []
    goes_on = False
    for line, prompt in zip(lines, prompts, strict=True):
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


def _loose(text: str, blocks: list[Block], spans: list[Span]) -> Text:
    """Return the commands that stand in lines of prose or are indented, with all else covered."""
    kept = [span for span in spans if _is_command(text[span.start : span.stop])]
    inside = iter([*blocks, Block("", len(text) + 1, len(text) + 1)])
    block = next(inside)
    for match in _INDENTED.finditer(text):
        while block.stop <= match.start():
            block = next(inside)
        if not block.start <= match.start() < block.stop and _balanced(match[0]):
            kept.append(Span(match.start(), _end(text, match.end())))
    return _only(text, sorted(kept))


def _is_command(code: str) -> bool:
    return _COMMAND.match(code) is not None and _balanced(code)


def _balanced(code: str) -> bool:
    return not any(code.count(quote) % 2 for quote in "\"'`")


def _end(text: str, end: int) -> int:
    """Return where a command ends that may go on over lines."""
    while text[:end].endswith("\\") if end < 3 else text[end - 1] == "\\":
        following = text.find("\n", end + 1)
        end = len(text) if following < 0 else following
        if end >= len(text):
            break
    return end


def _only(text: str, spans: list[Span]) -> Text:
    """Return the spans, each on a line of its own, with blanks between them."""
    if not spans:
        return Text()
    pieces: list[str] = []
    position = start = max(spans[0].start - 1, 0)
    for span in spans:
        if span.start >= position:
            pieces.append(_apart(text[position : span.start]))
            pieces.append(
                text[span.start : span.stop].replace("$ ", "  ", 1)
                if _dollar(text, span)
                else text[span.start : span.stop]
            )
            position = span.stop
    return Text.at(start, "".join(pieces))


def _dollar(text: str, span: Span) -> bool:
    return text[span.start : span.stop].lstrip().startswith("$ ")


def _apart(between: str) -> str:
    """Return blanks that end a command."""
    return "\n" + _blanks(between[1:]) if between else ""


def _blanks(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _blank(match: "re.Match[str]") -> str:
    return " " * len(match[0])


_KEY = r"^[^\n:=]{0,80}(?:mage|MAGE|tag|repository|registry|newName|newTag|container|uses|name|ref)[\"']?[ \t]*[:=]"
_OPEN = re.compile(
    rf"(?m)({_KEY})([^\n]*(?:\$\{{[\w.]+\}}|\$\{{\{{|\$[A-Za-z(\[]|\{{\{{|<%|%\(|=[ \t]*(?:var|local|each|module|data)\.)[^\n]*)$"
)


def known_only(text: str) -> str:
    """Return a file without the values of images that others fill in, as long as it was."""
    return _OPEN.sub(lambda match: match[1] + " " * len(match[2]), text)
