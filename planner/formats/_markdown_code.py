"""What code in prose names: commands, Dockerfiles, and files of which the content tells the kind.

Whatever it names is only mentioned. Names that the prose itself builds, placeholders and what is not known
say nothing.
"""

import re
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from planner.formats._base import Candidate, Embedded, Item, embedded
from planner.formats._dockerfile_reader import extract as dockerfile
from planner.formats._markdown_blocks import Block, blocks
from planner.formats._markdown_kinds import kind_of, known_only
from planner.formats._markdown_scripts import has_commands, loose, script, uncovered
from planner.formats._shell import everything
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text

_SESSIONS = frozenset({"console", "shell-session", "shellsession", "sh-session", "bash-session", "terminal"})
_SHELLS = _SESSIONS | {
    "sh", "bash", "shell", "zsh", "fish", "term", "command", "commandline", "cmd", "powershell", "ps1",
    "pwsh", "batch",
}  # fmt: skip
_UNTOLD = frozenset({"", "text", "txt", "plaintext", "plain", "none", "code", "output"})
_DOCKERFILES = frozenset({"dockerfile", "docker", "containerfile"})
_QUOTE = re.compile(r"(?m)^[ \t]*+(?:>[ \t]?)++")
_FROM = re.compile(r"(?im)^[ \t]*FROM[ \t]+[^\s#]+(?:[ \t]+AS[ \t]+[\w.-]+)?[ \t]*\r?$")
_COPIED = re.compile(r"(?m)^[ \t]*(?:COPY[ \t]+--from=|RUN[ \t]+--mount=)")
_PLACEHOLDER = re.compile(
    r"(?:\A|/)(?:your|my|username|user|image(?:[-_]?name)?|some|foo|org(?:anization)?|namespace|x{2,}"
    r"|example\.\w+)(?:[-_./:]|\Z)|(?:\A|/)your\w|:(?:tag|version|x\.y\.z)\Z"
)


def items(source: SourceFile, kind: str) -> Iterator[Item]:
    """Yield what the code in a text names; `kind` is the extension of its file."""
    told = blocks(source.text, kind)
    found = [item for block in told for item in _in_block(source, block)]
    for commands in loose(source.text, told):
        found += in_shell(source, commands)
    built = {_name(each.value) for each in found if isinstance(each, Candidate) and each.role is Role.OUTPUT}
    kept = (each for each in found if not _is_built(each, built))
    for item in mentioned(kept):
        yield replace(item, text=uncovered(item.text, source.text)) if isinstance(item, Embedded) else item


def mentioned(found: Iterable[Item]) -> Iterator[Item]:
    """Yield what is only mentioned, without what is not known and without placeholders."""
    for item in found:
        if isinstance(item, Embedded):
            yield replace(item, role=Role.DOCUMENTATION, fill=item.fill or _told)
        elif isinstance(item, Candidate) and _says_something(item):
            yield replace(item, role=Role.DOCUMENTATION, confidence=Confidence.DOCUMENTATION)


def _told(item: Candidate) -> Iterator[Candidate]:
    if _says_something(item):
        yield item


def _says_something(item: Candidate) -> bool:
    if item.role in (Role.OUTPUT, Role.IMPLICIT) or item.problem:
        return False
    return _PLACEHOLDER.search(str(item.value)) is None


def in_shell(source: SourceFile, text: Text) -> Iterator[Item]:
    """Yield what a script in prose names."""
    for item in everything(text, source.path, {}):
        if isinstance(item, Candidate | Embedded):
            yield item


def _is_built(item: Item, built: set[str]) -> bool:
    return isinstance(item, Candidate) and item.role is not Role.OUTPUT and _name(item.value) in built


def _name(value: Text) -> str:
    """Return a reference without tag and digest."""
    name = str(value).partition("@")[0]
    head, slash, last = name.rpartition("/")
    return head + slash + last.partition(":")[0]


def _in_block(source: SourceFile, block: Block) -> Iterator[Item]:
    text = source.text[block.start : block.stop]
    if block.quoted:
        text = _QUOTE.sub(lambda match: " " * len(match[0]), text)
    language = _guessed(text) if block.language in _UNTOLD else block.language
    if language in _SHELLS:
        told = block.language in _SHELLS
        commands = script(text, session=language in _SESSIONS, told=told)
        yield from in_shell(source, Text.at(block.start, commands))
    elif language in _DOCKERFILES:
        yield from _in_dockerfile(Text.at(block.start, text))
    elif name := kind_of(language, text):
        yield Embedded(Text.at(block.start, known_only(text)), name)


def _guessed(text: str) -> str:
    """Return the language of a block that names none."""
    if _FROM.search(text):
        return "dockerfile"
    return "sh" if has_commands(text) else "yaml"


def _in_dockerfile(text: Text) -> Iterator[Item]:
    if not _FROM.search(str(text)) and _COPIED.search(str(text)):
        text = Text.join((Text.of("FROM scratch\n"), text))
    yield from embedded(dockerfile(SourceFile("Dockerfile", str(text))), text)
