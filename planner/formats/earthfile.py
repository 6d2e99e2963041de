"""Earthly: the base of every target, what its commands pull, and the images it saves.

Anything with a `+` is a target. What a target saves or loads under a name is not pulled by that name.
"""

import posixpath
import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from planner.formats._base import Binding, Candidate, Format, Given
from planner.formats._bounded import bounded
from planner.formats._command_line import Options, arguments
from planner.formats._docker_commands import images, outputs
from planner.formats._docker_programs import containers
from planner.formats._dockerfile_lines import Instruction, instructions
from planner.formats._earthfile_scope import Targets
from planner.formats._scripts import Finding, findings, settled
from planner.formats._shell_words import Word
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

# a string of more than thirty escapes is read word by word, as one is that does not end
_WORD = re.compile(r"(?:\"(?:[^\"\\]++|\\.){0,60}+\"|'[^']*+'|\$\([^()]*+\)|[^\s\"'$]|[$\"'])++", re.DOTALL)
_TARGET = re.compile(r"([A-Za-z][\w.-]*):\Z")
_FLAGS = re.compile(r"(?:--\S*\s+)*+")
_FROM = Options.of("platform")
_WITH = Options.of("pull load compose service build-arg platform cache-id")
_SAVE = Options.of("cache-from")
_MOST = 100  # words among which the base of FROM is looked for; it is the first that is no option
_CALLS = frozenset({"build", "from", "copy", "do", "with"})
_SETS = frozenset({"arg", "let", "set", "env", "for"})
_READ = _CALLS | _SETS | {"docker", "save", "run"}


def extract(source: SourceFile, given: Given) -> Iterator[Finding]:
    """Yield the images of all targets."""
    file = _Earthfile(source, given)
    file.learn_calls()
    for item in list(bounded(file.findings(), source)):
        if isinstance(item, Candidate) and item.role is Role.SCRIPT and _bare(item) in file.made:
            item = replace(item, role=Role.OUTPUT)
        yield item


class _Earthfile:
    def __init__(self, source: SourceFile, given: Given) -> None:
        self.source = source
        self.read = tuple(instructions(source.text, "\\"))
        self.targets = Targets(given)
        self.folder = posixpath.dirname(source.path)
        self.made: set[str] = set()  # names of images that targets save and load

    def learn_calls(self) -> None:
        """Learn what targets are called with, which may stand below them."""
        if any(map(_calls, self.read)):
            for each in self._in_targets():
                if _calls(each) or each.keyword in _SETS:
                    self._values(each, _words(each))
        self.targets = Targets(self.targets.given, self.targets.called)

    def findings(self) -> Iterator[Finding]:
        for each in self._in_targets():
            if each.keyword in _READ:
                yield from self._instruction(each)

    def _in_targets(self) -> Iterator[Instruction]:
        """Yield the instructions, each while its target is the one that is read."""
        for each in self.read:
            if target := _TARGET.match(each.line.text[each.start :].partition("#")[0].strip()):
                self.targets.start(target[1])
            else:
                yield each

    def _values(self, each: Instruction, words: Sequence[Text]) -> None:
        """Take what an instruction gives to variables."""
        if _calls(each):
            self.targets.call(words)
        match each.keyword:
            case "arg":
                self.targets.declare(words, settable=True)
            case "let" | "set" | "env":
                self.targets.declare(words, settable=False)
            case "for":
                self.targets.loop(words)

    def _instruction(self, each: Instruction) -> Iterator[Finding]:
        keyword, words = each.keyword, _words(each) if each.keyword != "run" else []
        self._values(each, words)
        if _calls(each):
            for folder, values in self.targets.elsewhere(words):
                path = posixpath.normpath(posixpath.join(self.folder, folder, "Earthfile"))
                yield Binding(path, "earthfile", values)
        match keyword:
            case "from":
                yield from self._from(words)
            case "with" | "docker":
                yield from self._docker(words, keyword)
            case "save" if str(words[0] if words else "").upper() == "IMAGE":
                yield from self._save(words[1:])
            case "run":
                start = _FLAGS.match(each.line.text, each.rest)
                begin = start.end() if start else each.rest
                script = each.line.cut(begin, len(each.line.text))
                yield from findings(script, self.source.path, self.targets.values, (self.folder,))

    def _from(self, words: Sequence[Text]) -> Iterator[Finding]:
        if words and str(words[0]) == "DOCKERFILE":
            build = [Word.literal(Text.of("build")), *map(self.targets.word, words[1:])]
            yield from settled(containers(build), self.source.path, (self.folder,))
        else:
            base = arguments([self.targets.word(word) for word in words[:_MOST]], _FROM).operands[:1]
            yield from images((word for word in base if not _is_local(word)), Role.BASE)

    def _docker(self, words: Sequence[Text], keyword: str) -> Iterator[Finding]:
        """Read `WITH DOCKER --pull x --load y=+z`, and `DOCKER PULL x` of old."""
        first = str(words[0] if words else "").upper()
        options = arguments([self.targets.word(word) for word in words[1:]], _WITH)
        if keyword == "with" and first == "DOCKER":
            yield from images(options.all("pull"), Role.SCRIPT)
            for word in options.all("load"):
                name, target = word.partition("=")
                if target is not None:
                    yield from self._made(name)
        elif keyword == "docker" and first == "PULL":
            yield from images(options.operands[:1], Role.SCRIPT)
        elif keyword == "docker" and first == "LOAD" and len(options.operands) > 1:
            yield from self._made(options.operands[1])

    def _save(self, words: Sequence[Text]) -> Iterator[Finding]:
        """Read `SAVE IMAGE --push --cache-from=x NAME…`."""
        options = arguments([self.targets.word(word) for word in words], _SAVE)
        yield from images(options.all("cache-from"), Role.CACHE)
        for word in options.operands:
            yield from self._made(word)

    def _made(self, name: Word) -> Iterator[Candidate]:
        for candidate in outputs((name,)):
            self.made.add(_bare(candidate))
            yield candidate


def _calls(instruction: Instruction) -> bool:
    """Whether an instruction may call a target."""
    return instruction.keyword in _CALLS and "+" in instruction.line.text


def _words(instruction: Instruction) -> list[Text]:
    line = instruction.line
    return [line.cut(*match.span()) for match in _WORD.finditer(line.text, instruction.rest)]


def _is_local(word: Word) -> bool:
    """Whether a base is a target, or the empty image."""
    return "+" in str(word.written) or "+" in str(word) or str(word) == "scratch"


def _bare(candidate: Candidate) -> str:
    return str(candidate.value).removesuffix(":latest")


FORMAT = Format(
    name="earthfile",
    patterns=("{,*.}Earthfile{,.*}", "*.earth"),
    words=((b"FROM", b"DOCKER", b"docker", b"IMAGE"),),
    extract=extract,
    builds=True,
    specification="https://docs.earthly.dev/docs/earthfile",
)
