"""WDL: the container of every task, and the images that inputs have by default or are given.

An input of a task without a default has the value that its caller gives it; it is reported where that is
written.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from msgspec import Struct, field
from msgspec.structs import replace

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
_PARTS = frozenset({"task", "workflow"})
_MOST = 20_000  # statements that matter
_BEFORE_INPUTS = (",", ":", "{")
_OPTION = ("default_runtime_attributes", "docker")
_INPUT = re.compile(r"(?i)docker|container|image")


class _Task(Struct):
    """What a task or a workflow declares: names with a text, and those that a caller may set."""

    defaults: dict[str, Text] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    def declare(self, name: str, given: Sequence[Token]) -> None:
        """Note what follows `String name =`."""
        self.names.add(name)
        if given and given[0].kind is Kind.STRING:
            choices = list(said(given, _WDL, self.defaults).choices())
            if len(choices) == 1 and not choices[0].problem:
                self.defaults[name] = choices[0].text


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate]:
    """Yield the containers of tasks, and images among the inputs."""
    if source.path.endswith(".json"):
        yield from _inputs(source)
        return
    read = tokens(source.text, _WDL)
    used: set[int] = set()
    declared: list[tuple[str, Sequence[Token]]] = []
    task = _Task()
    for each in islice(filter(_matters, statements(read, ("=", ":"), source.text)), _MOST):
        if each.name in _PARTS:
            task = _Task()
        elif each.sign:
            for candidate in _container(each.tokens, task):
                used.update(run.start for run in candidate.value.runs)
                yield candidate
        else:
            name, given = _declaration(each)
            if name:
                task.declare(name, given)
                declared.append((name, given))
    for name, given in declared:
        yield from _guesses(name, given, used)
    yield from _passed(read, used)


def _matters(statement: Statement) -> bool:
    """Whether a statement begins a task, declares a text, or sets a container."""
    if statement.sign:
        named = statement.sign == ":" and statement.name in _IMAGES and not statement.is_bare
        return named and not _RUNTIME.isdisjoint(statement.path[:-1])
    return statement.name in _TYPES or (statement.name in _PARTS and len(statement.path) == 1)


def _declaration(statement: Statement) -> tuple[str, Sequence[Token]]:
    """Return name and value of `String name = "value"`."""
    given = statement.tokens
    place = next((index for index, token in enumerate(given) if token.text == "="), len(given))
    name = given[place - 1] if place else None
    return (name.text, given[place + 1 :]) if name and name.kind is Kind.NAME else ("", ())


def _container(given: Sequence[Token], task: _Task) -> Iterator[Candidate]:
    for word in _words(given, task.defaults):
        asked = _asked(given)
        for candidate in image(word, Role.STEP):
            if candidate.problem and asked & task.names and not asked & task.defaults.keys():
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
    """Yield what calls give to inputs (`input: docker = "x", …`), and what objects hold."""
    for index in range(1, len(read) - 2):
        before, name, sign = read[index - 1 : index + 2]
        if sign.text in "=:" and before.text in _BEFORE_INPUTS and name.kind is Kind.NAME:
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
    """Read the inputs of a workflow (`{"main.docker": "ubuntu:22.04"}`), and the options of a run."""
    for document in parse(source).documents:
        for path, node in walk(document):
            name = path[-1] if path else ""
            called = "." in name and _INPUT.search(name.rpartition(".")[2])
            if type(node) is Scalar and (called or tuple(path) == _OPTION):
                yield from _guess(Word((Piece.literal(node.text),)), set())


FORMAT = Format(
    name="wdl",
    patterns=("*.wdl", "*inputs*.json", "*inputs/**/*.json", "*options*.json"),
    words=((b"docker", b"container"),),
    extract=extract,
    specification="https://github.com/openwdl/wdl/blob/wdl-1.1/SPEC.md#container",
)
