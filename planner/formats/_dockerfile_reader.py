"""Dockerfile, read from the top: which of its words are images.

A name may be that of a stage: FROM knows the stages above it by their exact name, COPY and RUN know all of
them in any case. What ONBUILD holds is looked up in the build that uses the image, so it is less sure. A line
that BuildKit would refuse gives a problem, and the others what they name.
"""

import re
from collections.abc import Iterator

from planner.errors import InvalidReference
from planner.formats._base import NOTHING, Candidate, Given
from planner.formats._dockerfile_arguments import Arguments, trail
from planner.formats._dockerfile_contexts import Contexts
from planner.formats._dockerfile_directives import Header, header, image_of
from planner.formats._dockerfile_flags import Flags, fields, flags
from planner.formats._dockerfile_kind import KEYWORDS, is_template, read
from planner.formats._dockerfile_lines import Instruction
from planner.formats._dockerfile_stages import Stage, may_be_one
from planner.formats._dockerfile_text import Joined
from planner.formats._dockerfile_variables import Expansion, Refused
from planner.formats._dockerfile_words import expand
from planner.model.inventory import Confidence, Role
from planner.model.reference import Reference
from planner.model.source import SourceFile, Text

_FRONTEND_ARGUMENT = "BUILDKIT_SYNTAX"
_BUILT_IN = "dockerfile.v0"
_EMPTY = "scratch"
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}")
_ACTION = re.compile(r"\{\{|\{%|<%")
_LITERAL = re.compile(r"[\w./:@-]+")  # nothing to replace, and no quotes to take off
_MOUNT_TYPES = frozenset({"bind", "cache", "tmpfs", "secret", "ssh"})
_SHOWN = 80  # characters of a line that is no instruction


def extract(source: SourceFile, given: Given = NOTHING) -> Iterator[Candidate]:
    """Yield the images that a build of this file pulls."""
    head = header(source.text)
    yield from _frontend(head, given)
    every, stages = read(source, head, given)
    if not every:
        return
    for value, reason in head.problems:
        yield Candidate(Text(), Role.FRONTEND, value.start, str(value), problem=reason)
    yield from _File(source, head, given, stages).candidates(every)


def _frontend(head: Header, given: Given) -> Iterator[Candidate]:
    command = given.get(_FRONTEND_ARGUMENT)
    image = head.syntax if command is None else image_of(command.strip())
    if not image or (command is not None and str(image) == _BUILT_IN):
        return
    start, spelled = max(image.start, head.syntax.start, 0), str(image).partition("\n")[0]
    problem = _template(spelled)
    confidence = Confidence.CERTAIN if command is None else Confidence.RESOLVED
    yield Candidate(Text() if problem else image, Role.FRONTEND, start, spelled, confidence, problem=problem)


class _File:
    """One file on the way through its instructions."""

    def __init__(
        self, source: SourceFile, head: Header, given: Given, stages: dict[Instruction, Stage]
    ) -> None:
        names = [each.name for each in stages.values()]
        self._source = source
        self._escape = head.escape
        self._stages = stages
        self._names = frozenset(names) - {""}
        self._above = {_EMPTY}
        self._started = False
        self._contexts = Contexts(given)
        self._built = True  # whether the stage in hand is; a context may take its place
        self._arguments = Arguments(given, names[-1] if names else "")
        self._strange = not head.dockerfile or is_template(source)  # has lines of another language

    def candidates(self, listed: list[Instruction]) -> Iterator[Candidate]:
        """Yield what the instructions name, in order."""
        unknown = False
        for instruction in listed:
            if instruction.problem:
                yield _problem(Role.BASE, _shown(instruction), instruction.problem)
                self._strange = True
            before, unknown = unknown, instruction.keyword not in KEYWORDS
            if not unknown:
                yield from self._known(instruction)
            elif instruction.keyword and not self._strange and not before:
                shown = _shown(instruction)
                word = shown.text[: len(instruction.keyword)]
                reason = f"unknown instruction {word}: BuildKit refuses this file"
                yield _problem(Role.BASE, shown, reason)

    def _known(self, instruction: Instruction) -> Iterator[Candidate]:
        match instruction.keyword:
            case "from":
                found = self._stages[instruction]
                self._started, self._built = True, not self._contexts.replace(found.name)
                if self._built:
                    yield from self._base(found)
                self._above.update({found.name} - {""})
            case "arg" if not self._started:
                for place, text, reason in self._arguments.declare(
                    instruction.line, instruction.rest, self._escape
                ):
                    yield _problem(Role.BASE, Joined(text, (0,), (place,)), reason)
            case "copy" | "add" | "run" if self._built:
                yield from self._taken(instruction, self._escape, Confidence.CERTAIN)
            case "onbuild" if self._built:
                yield from self._trigger(instruction.nested(self._escape))

    def _trigger(self, instruction: Instruction) -> Iterator[Candidate]:
        """Yield what ONBUILD takes; BuildKit reads its instruction again, with the usual escape character."""
        if instruction.keyword in ("from", "onbuild", "maintainer"):
            reason = f"{instruction.keyword.upper()} isn't allowed as an ONBUILD trigger"
            yield _problem(Role.BASE, _shown(instruction), reason)
        elif instruction.keyword in ("copy", "add", "run"):
            yield from self._taken(instruction, "\\", Confidence.HEURISTIC)

    def _base(self, found: Stage) -> Iterator[Candidate]:
        base = found.base.text
        if not found.problem and _LITERAL.fullmatch(base):
            if self._contexts.replace(base) and base not in self._above:
                yield from self._instead(base, found.base, Role.BASE)
            elif not self._is_made(base):
                more = self._contexts.additions(base)
                value = found.base.cut(0, len(base))
                yield Candidate(value, Role.BASE, found.base.place(0), base, additions=more)
            return
        written = _unquoted(found.base)
        problem = found.problem or _template(written.text)
        try:
            expansion = Expansion() if problem else self._arguments.expand(found.base, self._escape)
        except Refused as refused:
            problem = str(refused)
        if problem:
            yield _problem(Role.BASE, written, problem)
        elif self._contexts.replace(str(expansion.text)) and str(expansion.text) not in self._above:
            yield from self._instead(str(expansion.text), written, Role.BASE)
        elif not self._is_made(str(expansion.text)) and not (
            expansion.missing and may_be_one(written.text, self._above)
        ):
            yield self._expanded(written, expansion)

    def _instead(self, name: str, written: Joined, role: Role) -> Iterator[Candidate]:
        """Yield the image that a context of the build puts in the place of one."""
        if image := self._contexts.image(name):
            trail_ = (f"{name} is {image}, a context of the build",)
            yield Candidate(image, role, written.place(0), written.text, Confidence.RESOLVED, trail_)

    def _is_made(self, base: str) -> bool:
        """Return whether the build itself has what a FROM names: a stage, nothing at all, or a context."""
        return base in self._above or self._contexts.replace(base)

    def _expanded(self, written: Joined, expansion: Expansion) -> Candidate:
        """Return the candidate of a FROM whose variables were replaced."""
        value = str(expansion.text)
        missing = tuple(dict.fromkeys(expansion.missing))
        lines = (*trail(expansion.uses, self._source), *(f"{name} is empty" for name in missing))
        problem = _template(value)
        if not problem and missing and not _is_reference(value):
            problem = "; ".join(map(self._arguments.why_missing, missing))
        elif not problem and "$" in value:
            problem = "a $ in single quotes or after an escape character is not replaced"
        elif not problem and not value:
            problem = "the base is blank: give the variable a value"
        return Candidate(
            Text() if problem else expansion.text,
            Role.BASE,
            written.place(0),
            written.text,
            Confidence.RESOLVED if expansion.substituted else Confidence.CERTAIN,
            lines,
            problem,
            additions=()
            if problem
            else (*self._contexts.additions(value), *self._arguments.unset(written, self._source)),
        )

    def _taken(self, instruction: Instruction, escape: str, confidence: Confidence) -> Iterator[Candidate]:
        """Yield the images that COPY and RUN take files from."""
        line, keyword = instruction.line, instruction.keyword
        if not line.text.startswith("--", instruction.rest):
            return
        found = flags(line, instruction.rest, escape)
        role = Role.MOUNT if keyword == "run" else Role.COPY_FROM
        refused = found.problem(keyword)
        if refused:
            named = found.first("from")
            yield _problem(role, named.value if named and named.value else refused[0].written, refused[1])
        elif keyword == "run":
            for mount in _mounts(found):
                yield from self._mount(mount, confidence)
        elif (flag := found.first("from")) and flag.value and flag.value.text:
            yield from self._copied(flag.value, escape, confidence)

    def _copied(self, value: Joined, escape: str, confidence: Confidence) -> Iterator[Candidate]:
        problem = _template(value.text)
        if not problem and _is_expanded(value, escape):
            problem = (
                "COPY --from does not expand variables: name the image in a FROM … AS NAME and copy from NAME"
            )
        if problem or not _NUMBER.fullmatch(value.text):
            yield from self._other(value, Role.COPY_FROM, confidence, problem)

    def _mount(self, mount: dict[str, Joined], confidence: Confidence) -> Iterator[Candidate]:
        value = mount.get("from")
        if value is None or not value.text:
            return
        kind = mount["type"].text.lower() if "type" in mount else "bind"
        problem = _template(value.text)
        if not problem and 0 <= value.text.find("$") < len(value.text) - 1:
            problem = (
                "from= does not expand variables: name the image in a FROM … AS NAME and mount from NAME"
            )
        elif kind == "secret":
            problem = "a secret mount has no from="
        elif kind not in _MOUNT_TYPES and "$" not in kind:
            problem = problem or f"unsupported mount type {kind}"
        yield from self._other(value, Role.MOUNT, confidence, problem)

    def _other(self, value: Joined, role: Role, confidence: Confidence, problem: str) -> Iterator[Candidate]:
        """Yield the image a stage takes from, when it is none of the stages."""
        if not problem and (value.text.lower() in self._names or value.text == _EMPTY):
            return
        if not problem and self._contexts.replace(value.text):
            yield from self._instead(value.text, value, role)
            return
        if not problem and not self._started:
            problem = "no FROM stands above this line"
        text = Text() if problem else value.cut(0, len(value.text))
        more = () if problem else self._contexts.additions(value.text)
        yield Candidate(text, role, value.place(0), value.text, confidence, problem=problem, additions=more)


def _mounts(found: Flags) -> Iterator[dict[str, Joined]]:
    """Yield the keys and values of every mount, the last one for a key that is repeated."""
    for flag in found.flags:
        if flag.name == "mount" and flag.value:
            mount = {}
            for field in fields(flag.value):
                key, equals, _ = field.text.partition("=")
                if equals:
                    mount[key.lower()] = field.select([(len(key) + 1, len(field.text))])
            yield mount


def _is_expanded(value: Joined, escape: str) -> bool:
    try:
        return str(expand(value, escape, lambda _: None).text) != value.text
    except Refused:
        return True


def _is_reference(value: str) -> bool:
    try:
        Reference.parse(value)
    except InvalidReference:
        return False
    return True


def _template(text: str) -> str:
    """Return why a text that a template engine has still to fill in is no image, or nothing."""
    return "a template gives this: scan what it is rendered to" if _ACTION.search(text) else ""


def _unquoted(word: Joined) -> Joined:
    """Return a word without the quotes around the whole of it."""
    text = word.text
    if len(text) > 1 and text[0] in "'\"" and text.find(text[0], 1) == len(text) - 1:
        return word.select([(1, len(text) - 1)])
    return word


def _shown(instruction: Instruction) -> Joined:
    start = instruction.start
    text = instruction.line.text[start:].rstrip()
    return instruction.line.select([(start, start + min(len(text), _SHOWN))])


def _problem(role: Role, written: Joined, reason: str) -> Candidate:
    return Candidate(Text(), role, written.place(0), written.text, problem=reason)
