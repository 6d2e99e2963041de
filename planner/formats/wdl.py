"""WDL: the container of every task, and the images that inputs have by default or are given.

An input of a task without a default has the value that its caller gives it; it is told where that is written.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from planner.formats._base import Candidate, Format, Given
from planner.formats._code import Kind, Language, Token, groups, tokens
from planner.formats._code_strings import Form
from planner.formats._docker_commands import image
from planner.formats._image_fields import plausible, versioned
from planner.formats._shell_words import Piece, Word
from planner.formats._workflow_code import Statement, said, statements
from planner.formats._yaml import Scalar, parse, walk
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text

_HOLE = r"[~$]\{"
_WDL = Language(
    (Form("<<<", ">>>", "", lines=True), Form('"', '"', hole=_HOLE), Form("'", "'", hole=_HOLE)),
    (r"#[^\n]*+",),
    (),
)
_RUNTIME = frozenset({"runtime", "requirements", "hints"})
_IMAGES = frozenset({"docker", "container"})
_TYPES = frozenset({"String", "Array"})
_BEFORE_INPUTS = (",", ":", "{")
_INPUT = re.compile(r"(?i)docker|container|image")


@dataclass(frozen=True, slots=True)
class _Declared:
    """What a file declares: names with a default, and names that a caller sets."""

    defaults: Mapping[str, Text]
    names: frozenset[str]


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate]:
    """Yield the containers of tasks, and images among the inputs."""
    if source.path.endswith(".json"):
        yield from _inputs(source)
        return
    read = tokens(source.text, _WDL)
    found = list(statements(read, ("=", ":"), source.text))
    declared = _declared(found)
    used: set[int] = set()
    for each in found:
        if each.name in _IMAGES and each.sign == ":" and _RUNTIME.intersection(each.path[:-1]):
            for candidate in _container(each.tokens, declared):
                used.update(run.start for run in candidate.value.runs)
                yield candidate
    for each in found:
        yield from _guesses(*_declaration(each), used)
    yield from _passed(read, used)


def _declared(found: Sequence[Statement]) -> _Declared:
    """Return what is declared in the whole file; a name with several defaults has none that is known."""
    defaults: dict[str, list[Text]] = {}
    names: set[str] = set()
    for each in found:
        name, given = _declaration(each)
        if name:
            names.add(name)
            if len(given) == 1 and given[0].kind is Kind.STRING and not given[0].holes:
                defaults.setdefault(name, []).append(given[0].value)
    same = {name: texts[0] for name, texts in defaults.items() if len({str(text) for text in texts}) == 1}
    for each in found:
        name, given = _declaration(each)
        if name and name not in same and given and given[0].kind is Kind.STRING:
            choices = list(said(given, _WDL, same).choices())
            if len(choices) == 1 and not choices[0].problem:
                same[name] = choices[0].text
    return _Declared(same, frozenset(names))


def _declaration(statement: Statement) -> tuple[str, Sequence[Token]]:
    """Return name and value of `String name = "value"`."""
    given = statement.tokens
    if statement.sign or statement.name not in _TYPES:
        return "", ()
    place = next((index for index, token in enumerate(given) if token.text == "="), len(given))
    name = given[place - 1] if place else None
    return (name.text, given[place + 1 :]) if name and name.kind is Kind.NAME else ("", ())


def _container(given: Sequence[Token], declared: _Declared) -> Iterator[Candidate]:
    for word in _words(given, declared.defaults):
        asked = _asked(given)
        for candidate in image(word, Role.STEP):
            if candidate.problem and asked & declared.names and not asked & declared.defaults.keys():
                continue  # a caller gives it
            yield candidate


def _asked(given: Sequence[Token]) -> set[str]:
    names = {token.text for token in given if token.kind is Kind.NAME}
    return names | {hole.expression.lstrip("~$ {").strip() for token in given for hole in token.holes}


def _words(given: Sequence[Token], known: Mapping[str, Text]) -> Iterator[Word]:
    """Yield what an expression can be: itself, the items of a list, or the operands of `select_first`."""
    if given and given[0].text == "*":
        return
    lists = [group for group in groups(given)[:2] if group.bracket == "["]
    if given and lists and given[0].text in ("[", "select_first"):
        for argument in lists[0].arguments:
            word = said(argument.tokens, _WDL, known)
            if word.known:
                yield word
    elif given:
        yield said(given, _WDL, known)


def _passed(read: Sequence[Token], used: set[int]) -> Iterator[Candidate]:
    """Yield what calls give to inputs: `input: docker = "x", …`."""
    for index in range(1, len(read) - 2):
        before, name, sign = read[index - 1 : index + 2]
        if sign.text == "=" and before.text in _BEFORE_INPUTS and name.kind is Kind.NAME:
            yield from _guesses(name.text, read[index + 2 : index + 3], used)


def _guesses(name: str, given: Sequence[Token], used: set[int]) -> Iterator[Candidate]:
    """Yield a default, or what an input is given, that looks like an image and is named so."""
    if _INPUT.search(name) and len(given) == 1 and given[0].kind is Kind.STRING:
        yield from _guess(said(given, _WDL, {}), used)


def _guess(word: Word, used: set[int]) -> Iterator[Candidate]:
    for candidate in image(word, Role.STEP, Confidence.HEURISTIC):
        value = str(candidate.value)
        if candidate.value.start not in used and versioned(value) and plausible(value, bare=False):
            yield replace(candidate, confidence=Confidence.HEURISTIC)


def _inputs(source: SourceFile) -> Iterator[Candidate]:
    """Read the inputs of a workflow: `{"main.docker": "ubuntu:22.04"}`."""
    for document in parse(source).documents:
        for path, node in walk(document):
            name = path[-1] if path else ""
            if type(node) is Scalar and "." in name and _INPUT.search(name.rpartition(".")[2]):
                yield from _guess(Word((Piece.literal(node.text),)), set())


FORMAT = Format(
    name="wdl",
    patterns=("*.wdl", "*inputs*.json", "inputs/**/*.json"),
    words=((b"docker", b"container"),),
    extract=extract,
    specification="https://github.com/openwdl/wdl/blob/wdl-1.1/SPEC.md#container",
)
