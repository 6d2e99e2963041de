"""Shell scripts: the images that their commands pull, build and push.

Read in the order of the text: an assignment counts for what follows it, and one in a branch is one more value
beside the others. What `sh -c`, `eval` and the heredoc of a `bash` are given is a script; other heredocs are
files of their own, as far as it can be told what they are.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec.structs import replace

from planner.formats._base import NOTHING, Candidate, Embedded
from planner.formats._command_line import program
from planner.formats._commands import PROGRAMS, found_in, unwrapped
from planner.formats._docker_commands import Composition, Found, Passed
from planner.formats._shell_events import Event, command_in, errors, events, feeding, not_kept, written_to
from planner.formats._shell_inputs import (
    MOVING,
    RUNNING,
    alternatives,
    extended,
    folder_after,
    inner_script,
    script_inside,
    texts_run,
)
from planner.formats._shell_parts import NO_SCRIPT, TOO_LONG, parts, told
from planner.formats._shell_sinks import fed, is_script, passes_on, printed, shown, written
from planner.formats._shell_syntax import Script
from planner.formats._shell_variables import Scope, Variables
from planner.formats._shell_words import Piece, Value, Word
from planner.model.inventory import Confidence
from planner.model.source import Text

if TYPE_CHECKING:
    from tree_sitter import Node

_NAMING = re.compile(r"\bFROM |\bimage:|\bImage=")  # in a heredoc that becomes a file
_OTHERS = re.compile(
    r"\b(?:cd|pushd|popd|read|mapfile|readarray|cat|tee|(?:ba|da|z|k)?sh|su|ssh|xargs)\b|--(?:\w+-)?build-args?\b"
)
_OPAQUE = re.compile(r"[$`%{<]")  # in a command: what it runs may not be what is written
_ENGINES = r"(?i:docker|podman|container|engine|oci_bin)"
_MAY_NAME = re.compile(rf"{_ENGINES}|[=<]|\b(?:cat|tee|echo|printf|envsubst)\b")
_MAY_COME = re.compile(rf"{PROGRAMS.pattern}|{_OTHERS.pattern}|{_ENGINES}")  # with a variable
_USEFUL = re.compile(r"=|\bfor\b|\bread")  # in a part of a long script: it may set a variable
_WRITERS = frozenset({"tee", "cat", "echo", "printf", "envsubst"})
_NESTED = 5  # scripts in scripts
_LEAST_ERRORS, _PER_ERROR = 100, 50  # words that fit nowhere, and characters of a script for each further one
_PIPES = 6  # commands of a pipeline that hand on what they read
Unread = tuple[Text, str]  # what is not read, and why


def images(script: Text, path: str, given: Mapping[str, Text] = NOTHING) -> Iterator[Candidate]:
    """Yield the images a script names. Places are those of `script`.

    `given` are variables from outside; a template expression is looked up as it is spelled (`${{ env.X }}`),
    and so is any expansion (`$(X)` of a Makefile). `path` is the file, for messages.
    """
    values = {name: (Value(value),) for name, value in given.items()}
    for item in commands(script, path, values):
        if isinstance(item, Candidate):
            yield item


def commands(script: Text | Word, path: str, given: Variables) -> Iterator[Found]:
    """Yield what the commands of a script name, and what they build."""
    for item in everything(script, path, given):
        if not isinstance(item, Embedded):
            yield item


def everything(
    script: Text | Word, path: str, given: Variables, depth: int = 0
) -> Iterator[Found | Embedded]:
    """Yield what the commands of a script name, what they build, and the files that stand in it.

    A script that is given as a word holds variables of the program that fills them in before a shell sees it.
    """
    text, filled = (script, ()) if isinstance(script, Text) else (script.written, script.pieces)
    if _matters(str(text), given, filled):
        yield from _Reader(script, path, given, depth).read()


def mentions_programs(script: str, given: Variables) -> bool:
    """Tell whether a script, or a variable of it, has the name of a program that takes images."""
    values = (
        str(value.text) for name, alternatives in given.items() if name in script for value in alternatives
    )
    return any(PROGRAMS.search(text) for text in (script, *values))


def _matters(script: str, given: Variables, filled: Sequence[Piece]) -> bool:
    values = (str(value.text) for piece in filled if piece.name for value in piece.values)
    return (
        mentions_programs(script, given)
        or any(PROGRAMS.search(text) for text in values)
        or ("<<" in script and _NAMING.search(script) is not None)
    )


def _divided(script: Text | Word, path: str) -> tuple[list[Script], list[Unread]]:
    """Return a script in parts that can be read, and what cannot be, with the reason."""
    text = script if isinstance(script, Text) else script.written
    string, cut = str(text), text.cutter()
    found = list(parts(string if isinstance(script, Text) else _without_variables(script)))
    if len(found) == 1 and found[0].readable:
        return [Script(script, path)], []
    scripts: list[Script] = []
    unread: list[Unread] = []
    room = _LEAST_ERRORS + len(string) // _PER_ERROR
    for part in found:
        piece = cut(part.start, part.stop)
        if not part.readable:
            unread.append((piece, TOO_LONG))
        elif _is_useful(str(piece)):
            scripts.append(Script(piece, path))
            room -= errors(scripts[-1].root)
        if room < 0 and part.stop < len(string):
            unread.append((cut(part.stop, len(string)), NO_SCRIPT))
            break
    return scripts, unread


def _without_variables(script: Word) -> str:
    """Return a script as it is written, without the variables of the program that fills them in."""
    return "".join("_" * len(each.written) if each.name else str(each.written) for each in script.pieces)


def _is_useful(part: str) -> bool:
    return bool(PROGRAMS.search(part) or _USEFUL.search(part))


_EXPORTED = re.compile(r"\bexport[ \t]++([A-Za-z_]\w*+)")


@lru_cache(maxsize=4)  # the rows of a matrix, and the branches of a file, read the same script in turn
def _parsed(script: Text | Word, path: str) -> tuple[tuple[tuple[Script, Event], ...], list[Unread]]:
    """Return what happens in a script, in order, and what of it cannot be read."""
    scripts, unread = _divided(script, path)
    return tuple((script, event) for script in scripts for event in events(script.root)), unread


class _Reader:
    def __init__(self, script: Text | Word, path: str, given: Variables, depth: int) -> None:
        self.path = path
        self.given = given
        self.depth = depth
        self.happening, self.unread = _parsed(script, path)
        self.scope = Scope(given, len(str(script)))
        self.folder = ""  # that `cd` went to, from where the script started

    def read(self) -> Iterator[Found | Embedded]:
        for text, reason in self.unread:
            yield from told(text, reason)
        functions = {event.function for _, event in self.happening if event.function}
        for script, event in self.happening:
            self.scope.script = script
            self.scope.learn(event)
            if event.kind == "command":
                self._prepare(event.node, functions)
        self.scope.start_again(self.given)
        for script, event in self.happening:
            self.scope.script, self.scope.function = script, event.function
            self.scope.learn(event)
            if event.kind == "command" and self._may_matter(event.node):
                yield from self._command(event.node)

    def _prepare(self, node: Node, functions: set[str]) -> None:
        """Learn from a command before any is read: what it calls a function with, and `: ${X:=y}`."""
        if functions:
            self.scope.call(node, functions)
        if self.script.string.startswith(":", node.start_byte):
            list(self.scope.words(node))

    @property
    def script(self) -> Script:
        return self.scope.script

    def _may_matter(self, node: Node) -> bool:
        """Tell whether a command has the name of a program that takes images, or may come to have it."""
        spelled = self.script.spelled(node)
        if PROGRAMS.search(spelled) or _OTHERS.search(spelled):
            return True
        return _OPAQUE.search(spelled) is not None and (
            _MAY_NAME.search(spelled) is not None
            or self.script.is_filled
            or self.scope.mentions(spelled, _MAY_COME)
            or (self.script.has_inputs and feeding(node) is not None)
        )

    def _command(self, node: Node) -> Iterator[Found | Embedded]:
        lines = [*self.scope.lines(node)] or [[]]
        lines[0] += self._last(node) if self.script.has_inputs else ()
        for line in lines:
            for words in alternatives(line):
                yield from self._line(node, words)

    def _line(self, node: Node, words: Sequence[Word]) -> Iterator[Found | Embedded]:
        for item in self._found(node, words):
            if node.has_error and isinstance(item, Candidate):
                if item.problem:
                    continue
                item = replace(item, confidence=Confidence.HEURISTIC)
            if isinstance(item, Passed):
                item = replace(item, folder=posixpath.join(self.folder, item.folder))
            if isinstance(item, Composition):
                item = replace(item, settings=(*self._exported(), *self.scope.before(node)))
            yield item
        if program(words) in MOVING:
            self.folder = folder_after(words, self.folder)

    def _exported(self) -> Iterator[tuple[str, tuple[Value, ...]]]:
        """Yield the variables that the script gives to every program that it runs from here on."""
        for name in dict.fromkeys(_EXPORTED.findall(self.script.string)):
            if values := self.scope.known.get(name):
                yield name, values

    def _last(self, node: Node) -> Iterator[Word]:
        """Yield the `-` before a heredoc, which the grammar drops."""
        after = node.next_sibling
        if after is not None and after.type == "heredoc_redirect":
            between = self.script.string[node.end_byte : after.start_byte]
            yield from [Word.literal(Text.of("-"))] if between.strip() == "-" else []

    def _found(self, node: Node, words: Sequence[Word]) -> Iterator[Found | Embedded]:
        words = unwrapped(words)
        name = program(words)
        text = self._input(node) if self.script.has_inputs else None
        if name in RUNNING and (inner := inner_script(words)) is not None:
            yield from self._script(inner)
        elif name in RUNNING and (lines := texts_run(words)):
            for line in lines:
                yield from self._script(line)
        elif text is None:
            yield from found_in(words)
            if (inner := script_inside(words)) is not None:
                yield from self._script(inner)
        elif name in ("read", "mapfile", "readarray"):
            self.scope.read(node, text)
        elif is_script(words):
            yield from self._script(text)
        else:
            yield from found_in(extended(words, text))
            yield from fed(words, text)
        if name in _WRITERS:
            yield from self._file(node, words, text)

    def _script(self, script: Word) -> Iterator[Found | Embedded]:
        if self.depth < _NESTED:
            known = {**self.scope.later, **self.scope.known}
            yield from everything(script, self.path, known, self.depth + 1)

    def _input(self, node: Node, depth: int = _PIPES) -> Word | None:
        """Return what a command reads from standard input, as far as the script spells it."""
        before = feeding(node)
        if before is None:
            return None
        if before.type == "heredoc_redirect":
            return self.script.heredoc(before, self.scope.lookup_anywhere, self.scope.assign)
        if before.type == "herestring_redirect":
            return self.scope.word(before.named_children[0]) if before.named_children else None
        command = command_in(before)
        if command is None or not depth:
            return None
        words = list(self.scope.words(command))
        if (text := printed(words)) is not None:
            return text
        return self._input(command, depth - 1) if passes_on(program(words)) else None

    def _file(self, node: Node, words: Sequence[Word], text: Word | None) -> Iterator[Embedded]:
        """Yield what `cat > file`, `tee file` and `echo … > file` write."""
        name = program(words)
        if name == "cat" and len(words) <= 2 and text is not None and not_kept(node):
            yield from shown(text)
        if name == "tee" and text is not None:
            targets = [word for word in words[1:] if not str(word).startswith("-")]
        elif name != "tee" and (target := written_to(node)) is not None:
            targets = [self.scope.word(target)]
            text = text if name in ("cat", "envsubst") else printed(words)
        else:
            return
        if text is not None and ("\n" in str(text) or str(text).startswith("FROM ")):
            for target_word in targets[:1]:
                yield from written(target_word, text)
