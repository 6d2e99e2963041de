"""tox: what the commands of the environments pull, and the containers of the plug-in tox-docker."""

import re
from collections.abc import Iterator

from planner.formats._base import Format, Given
from planner.formats._ini import Setting, settings
from planner.formats._scripts import Finding, findings
from planner.formats._shell_words import Piece, Value, Word, expand, named
from planner.formats._toml import strings
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_COMMANDS = frozenset({"commands", "commands_pre", "commands_post", "list_dependencies_command"})
_SUBSTITUTION = re.compile(
    r"\{(?:\[(?P<section>[^\]{}]*)\](?P<key>[\w.-]+)|env:(?P<variable>\w+)(?::(?P<default>[^{}]*))?"
    r"|posargs(?::(?P<arguments>[^{}]*))?|(?P<name>[\w.-]+))\}"
)
_FACTOR = re.compile(r"[\w.,!{}-]+:[ \t]+")
_DEPTH = 6  # of settings in settings


def extract(source: SourceFile, _given: Given) -> Iterator[Finding]:
    """Yield what the commands name, and the images of `[docker:NAME]`."""
    for text in _texts(source):
        found = [_placed(each, text) for each in settings(str(text))]
        tox = _Tox(found, source.path)
        for setting in found:
            if setting.section.startswith("docker:") and setting.key == "image":
                yield from tox.word(setting.value, setting.section).candidates(Role.TEST)
            elif setting.key in _COMMANDS:
                yield from tox.commands(setting)


def _texts(source: SourceFile) -> Iterator[Text]:
    """Yield the INI texts of a file; in pyproject.toml one stands in a string."""
    if not source.path.endswith(".toml"):
        yield Text.at(0, source.text)
        return
    for string in strings(source.text):
        if string.keys == ("tool", "tox", "legacy_tox_ini"):
            yield string.value


def _placed(setting: Setting, host: Text) -> Setting:
    lines = tuple(host.cut(line.start, line.start + len(line)) for line in setting.lines)
    return Setting(setting.section, setting.key, lines)


class _Tox:
    def __init__(self, found: list[Setting], path: str) -> None:
        self.values = {(each.section, each.key): each.lines for each in found}
        self.path = path

    def commands(self, setting: Setting) -> Iterator[Finding]:
        """Yield what the commands of a setting name; a line may go on in the next."""
        script: list[Text] = []
        for line in setting.lines:
            factor = _FACTOR.match(str(line))
            line = line.cut(factor.end(), len(line)) if factor else line
            line = line.cut(1, len(line)) if str(line)[:1] in ("-", "!") else line
            script += line, Text.of("\n")
        yield from findings(self.word(Text.join(script), setting.section), self.path, {})

    def word(self, text: Text, section: str, depth: int = 0) -> Word:
        """Return a text with its substitutions made."""

        def piece(written: Text, match: "re.Match[str]") -> Piece:
            return self._piece(written, match, section, depth)

        return expand(text, _SUBSTITUTION, piece)

    def _piece(self, written: Text, match: "re.Match[str]", section: str, depth: int) -> Piece:
        spelled = match[0]
        for group in ("default", "arguments"):
            if match[group]:
                value = written.cut(match.start(group) - match.start(), match.end(group) - match.start())
                return Piece(written, (named(spelled, Value(value), "default"),), spelled)
        if spelled == "{posargs}":
            return Piece.literal(Text())
        name = match["key"] or match["name"] or ""
        lines = self.values.get((match["section"] or section, name))
        if lines and depth < _DEPTH and not match["variable"]:
            inner = self.word(Text.join(_joined(lines)), match["section"] or section, depth + 1)
            return Piece(written, tuple(named(name, value) for value in inner.choices()), spelled)
        variable = match["variable"] or name
        return Piece.unknown(written, variable, f"{variable} is not set in {self.path}")


def _joined(lines: tuple[Text, ...]) -> Iterator[Text]:
    for index, line in enumerate(lines):
        yield from (Text.of("\n"), line) if index else (line,)


FORMAT = Format(
    name="tox",
    patterns=("tox.ini", "tox*.ini", "setup.cfg", "pyproject.toml"),
    words=((b"docker", b"podman"), (b"tox", b"testenv"), (b"commands", b"image")),
    extract=extract,
    builds=True,
    specification="https://tox.wiki/en/latest/config.html",
)
