"""sbt: the base images of what native packager, sbt-docker and Jib build, and the names these get.

Native packager has a base of its own where a build sets none; which one depends on the version of the plugin.
"""

import posixpath
import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from planner.formats._base import Binding, Candidate, Format, Given
from planner.formats._code import Argument, Group, Kind, Token, groups, is_literal
from planner.formats._code_file import CodeFile
from planner.formats._sbt_settings import Setting, bare, settings
from planner.formats._shell_words import LONGEST, Piece, Word, named
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_BASES = frozenset({"dockerBaseImage", "jibBaseImage", "containerBuildImage"})
_NAMES = frozenset({"packageName", "dockerRepository", "dockerUsername", "version"})
_STAGES = frozenset({"scratch", "stage0", "mainstage"})  # the last two are native packager's own
_SHARED = re.compile(r"(?:\A|/)project/[^/]+\.scala\Z")


def extract(source: SourceFile, given: Given) -> Iterator[Candidate | Binding]:
    """Yield the base images of a build, and the names of what it builds."""
    read = CodeFile.read(SourceFile(f"{source.path}.scala", source.text))
    file = replace(read, told={**given, **read.constants})
    if _SHARED.search(source.path) and read.constants:  # every build file of the project sees it
        folder = posixpath.dirname(posixpath.dirname(source.path))
        yield Binding(posixpath.join(folder, "**"), "sbt", read.constants, always=True)
    found = list(settings(file.tokens, _BASES | _NAMES, source.text))
    for setting in found:
        if setting.key.text in _BASES and setting.value:
            yield from _base(file, setting).candidates(Role.BASE)
    yield from _packaged(file, found)
    stages = set(_STAGES)
    for call in file.calls():
        if call.method == "Cmd":
            yield from _command(file, call, stages)
        elif _in_dockerfile(file, call):
            for each in (call, *file.chained(call)):
                yield from _from(file, each, stages)
        elif call.method == "ImageName":
            yield from _image_name(file, call)


def _base(file: CodeFile, setting: Setting) -> Word:
    tokens = setting.value
    strings = [token for token in tokens if token.kind is Kind.STRING]
    if setting.key.text == "containerBuildImage" and len(strings) == 1:
        return file.word(strings)  # GraalVMNativeImagePlugin.generateContainerBuildImage("…")
    return _word(file, tokens)


def _word(file: CodeFile, tokens: Sequence[Token]) -> Word:
    """Return what an expression says; of `….getOrElse("x")` what stands for what is not set."""
    calls = [group for group in groups(tokens) if group.parent < 0 and group.bracket == "("]
    if calls and calls[-1].method == "getOrElse" and calls[-1].closed == len(tokens) - 1:
        name = "".join(token.text for token in tokens[: calls[-1].opened])
        values = tuple(
            named(name, value, "default")
            for argument in calls[-1].arguments[-1:]
            for value in file.word(argument.tokens).choices()
        )
        if values:
            return Word((Piece(Text.join(token.value for token in tokens), values, name),))
    return file.word(tokens)


def _packaged(file: CodeFile, found: Sequence[Setting]) -> Iterator[Candidate]:
    """Yield the names that native packager gives: `repository/username/name:version`."""
    first: dict[str, Word] = {}
    for setting in found:
        key = setting.key.text
        if setting.value and setting.value[0].text != "None" and (key[0] == "d" or setting.scope == "Docker"):
            first.setdefault(key, _word(file, setting.value))
    name = first.get("packageName")
    if name is None:
        return
    before = [each for key in ("dockerRepository", "dockerUsername") if (each := first.get(key))]
    for built in _full([*before, name], first.get("version")).candidates(Role.OUTPUT):
        yield replace(built, start=max(name.written.start, 0))


def _full(names: Sequence[Word], tag: Word | None) -> Word:
    """Return the parts of a name with slashes between, and its tag."""
    pieces = [piece for each in names for piece in (Piece.literal(Text.of("/")), *each.pieces)]
    after = () if tag is None else (Piece.literal(Text.of(":")), *tag.pieces)
    return Word((*pieces[1:], *after), quoted=True)


def _command(file: CodeFile, call: Group, stages: set[str]) -> Iterator[Candidate]:
    """Read an instruction of a Dockerfile: `Cmd("FROM", "x", "as", "y")`."""
    instruction = call.positional(0)
    above = next(file.above(call), None)
    if (
        instruction is None
        or (above is not None and above.method == "Cmd")
        or not is_literal(instruction.tokens)
    ):
        return
    rest = _joined(file, call.arguments[1:])
    match str(file.word(instruction.tokens)).upper():
        case "FROM":
            yield from _started(rest, stages)
        case "COPY" | "ADD":
            for word in rest.cut(0, LONGEST).split(" "):
                name = str(word).removeprefix("--from=")
                if name != str(word) and name.lower() not in stages and not name.isdecimal():
                    yield from word.cut(len("--from=")).candidates(Role.COPY_FROM)


def _started(written: Word, stages: set[str]) -> Iterator[Candidate]:
    """Yield the base of a stage, and note its name."""
    written = written.cut(0, LONGEST)
    words = [word for word in written.split(" ") if str(word) and not str(word).startswith("--")]
    if words and str(words[0]).lower() not in stages:
        yield from words[0].candidates(Role.BASE)
    if len(words) > 2 and str(words[1]).lower() == "as":
        stages.add(str(words[2]).lower())


def _in_dockerfile(file: CodeFile, call: Group) -> bool:
    """Whether a call adds to a Dockerfile of sbt-docker: `Dockerfile.empty.from(…)`, `new Dockerfile {…}`."""
    if "ockerfile" in call.name:
        return True
    return call.name == "from" and any("ockerfile" in each.name for each in file.above(call))


def _from(file: CodeFile, call: Group, stages: set[str]) -> Iterator[Candidate]:
    first = call.positional(0)
    if call.method == "from" and first is not None:
        word = _joined(file, [first])
        if word.known or is_literal(first.tokens) or not file.parameters(first.tokens[0].text):
            yield from _started(word, stages)


def _image_name(file: CodeFile, call: Group) -> Iterator[Candidate]:
    """Yield the name of an image of sbt-docker, in one string or in parts."""
    above = next(file.above(call), None)
    if above is not None and above.method == "from":
        return
    first = call.positional(0)
    if first is not None:
        yield from file.word(first.tokens).candidates(Role.OUTPUT)
        return
    given = {each.name: _word(file, bare(each.tokens)) for each in call.arguments if each.tokens}
    parts = {name: word for name, word in given.items() if str(word) != "None"}
    if "repository" in parts:
        names = [parts[key] for key in ("registry", "namespace", "repository") if key in parts]
        yield from _full(names, parts.get("tag")).candidates(Role.OUTPUT)


def _joined(file: CodeFile, arguments: Sequence[Argument]) -> Word:
    """Return what arguments say, with a blank between; `ImageName("x")` says what stands in it."""
    pieces: list[Piece] = []
    for argument in arguments:
        pieces += (Piece.literal(Text.of(" ")), *_word(file, bare(argument.tokens)).pieces)
    return Word(tuple(pieces[1:]), quoted=True)


FORMAT = Format(
    name="sbt",
    patterns=("*.sbt", "project/**/*.scala"),
    words=((b"mage", b"Cmd(", b"ockerfile", b"packageName"),),
    extract=extract,
    own_code=True,
    specification="https://www.scala-sbt.org/sbt-native-packager/formats/docker.html",
)
