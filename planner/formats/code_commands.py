"""Code commands: images of commands that programs start, such as `exec.Command("docker", "run", …)`.

A program and its arguments stand side by side in a call or a list, or a command line is one string that a
call runs. What is only printed, compared or expected is no command. What a variable names that is not known
here says nothing; every finding is a guess.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from msgspec.structs import replace

from planner.formats import _code as code
from planner.formats import _code_kept as kept
from planner.formats._base import Candidate, Format, Given, Item
from planner.formats._code_constants import target
from planner.formats._code_file import CodeFile
from planner.formats._code_tests import is_test
from planner.formats._commands import found_in
from planner.formats._docker_commands import Found
from planner.formats._docker_programs import SUBCOMMANDS
from planner.formats._image_fields import versioned
from planner.formats._official_images import is_official
from planner.formats._shell import commands
from planner.formats._shell_words import Piece, Word
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text

_PROGRAMS = (
    "docker", "podman", "nerdctl", "buildah", "kubectl", "skopeo", "crane", "ctr", "crictl", "singularity",
    "apptainer",
)  # fmt: skip
_PROGRAM = rf"(?:[\w./-]{{0,40}}/)?(?:{'|'.join(_PROGRAMS)})"
_BEGINS = rf"(?:\A|[\n;&|(]|\b(?:sudo|exec|then|do|time)[ \t])[ \t]*{_PROGRAM}[ \t]+[\w-]"
_GOES_ON = (  # behind a program that is a literal of its own: another literal, a chain of calls
    r"\s*+(?:,\s*+(?:[^\"'`:;=\n]{0,40}[\"'`]|[aA]rguments\b)|\)\s*+\.|\]\s*+\+)"
)
_FOLLOWED = tuple(  # one for each, because what begins with one text is found many times as fast
    re.compile(rf"{name}(?:[\"']{_GOES_ON}|[ \t]+(?P<word>[\w-]+))") for name in _PROGRAMS
)
_LEAD = 100  # characters before a program that tell whether it begins a command
_QUOTED = re.compile(r"[\"'`](?:sudo[ \t]+)?(?:[\w./-]{0,40}/)?\Z")
_JOINED = re.compile(r"[;&|(][ \t]*(?:[\w./-]{0,40}/)?\Z")
_FIRST = re.compile(r"\n[ \t]*(?:sudo[ \t]+)?(?:[\w./-]{0,40}/)?\Z")
_COMMENTS = ("//", "/*", "* ", "# ")  # that a line begins with
_NAMING = {**SUBCOMMANDS, "kubectl": frozenset({"run", "create", "set", "debug"})}  # what may name an image
_BESIDE = re.compile(r"[\"']\s*+,\s*+(?P<quote>[\"'`])(?P<word>[\w.-]++)(?P=quote)\s*+[,)\]}]")
_WORD = re.compile(r"[\w.:,-]++")
_WHOLE_LITERAL = re.compile(r"(?P<words>[\w \t./:=,@-]*+)[\"'`]\s*+[,;)\]}]")
_MORE = re.compile(r"[\n\\;&|(]")  # another command may follow in the literal
_SUBCOMMANDS = frozenset({"run", "pull", "create", "build", "image", "buildx"})
_WHOLE = re.compile(rf"{_PROGRAM}\Z")
_COMMAND = re.compile(_BEGINS)
_RUNS = re.compile(
    r"(?i)\A(?:\$|.*(?:exec|run|system|spawn|shell|bash|popen|call|cmd|command|output|process|start|local|sudo"
    r"|invoke|capture|script))\w{0,12}\Z"
)
_SHOWS = re.compile(  # what a call does that starts nothing
    r"(?i)assert|expect|verify|should|equal|match|contains?\Z|(?<!s)print|log|warn|error|debug|info\Z|fatal|panic|fail"
    r"|skip|usage|help|describe|describ|\bit\Z|\Atest|raise|throw|message|startswith|endswith|prefix|suffix|when"
    r"|called|replace|split|regex|compile|raw\Z|exception|todo"
)
_ASKS = re.compile(r"(?:verify|expect|assertThat|when|given)\Z")
_BEFORE = 16  # tokens before a call
_FORMATS = re.compile(
    r"(?i)\A(?:s?printf|format|f|join|trim|strip|dedent|text|string|of|as_?list|list\w*|append)\Z"
)
_OPEN = re.compile(r"[\w./-]+:[\w.-]*[${%<]")  # a name, and a version that is not known
_FILES, _GIVEN = ("FileName", "fileName"), ("Arguments", "arguments")  # of ProcessStartInfo
_LISTS = frozenset({"[", "{", "new", "*", "&", "..."})  # what a list of arguments begins with
_ABOVE = 4  # groups around a literal that may be the call that runs it
_FEW = 8  # tokens of an argument that may be a name
_MOST = 200  # words of a command
_MOST_HITS = 2000  # literals of a file


def extract(source: SourceFile, given: Given) -> Iterator[Item]:
    """Yield what commands in a program pull, and what they build."""
    if not _is_likely(source.text):
        return
    file = kept.with_kept(source, CodeFile.read(source), given)
    yield from kept.definitions(source, file)
    test = is_test(source.path)
    for item in _found(file, source.path):
        if isinstance(item, Candidate) and (told := _told(item, test=test)) is not None:
            yield told


def _is_likely(text: str) -> bool:
    """Whether a text may hold a command; it is asked before a file is parsed, and few do."""
    return any(
        _begins(text, name, match)
        for name, followed in zip(_PROGRAMS, _FOLLOWED, strict=True)
        for match in followed.finditer(text)
    )


def _begins(text: str, name: str, program: re.Match[str]) -> bool:
    """Whether a program begins a command: in quotes, behind a sign of a shell, or first in its line."""
    start, word = program.start(), program["word"] or ""
    if word and name == "kubectl" and not _may_name(name, word):
        return False
    lead = text[start - _LEAD : start] if start > _LEAD else "\n" + text[:start]
    if lead.rpartition("\n")[2].lstrip(" \t").startswith(_COMMENTS):
        return False
    if quoted := _QUOTED.search(lead):
        return not _names_none(text, name, program, quoted[0][0])
    return (word[:1].islower() and _JOINED.search(lead) is not None) or (
        word in _SUBCOMMANDS and _FIRST.search(lead) is not None
    )


def _names_none(text: str, name: str, program: re.Match[str], quote: str) -> bool:
    """Whether a program does what names no image, and nothing else: `"docker login"`, `"kubectl", "get"`."""
    if not program["word"]:
        beside = _BESIDE.match(text, program.start() + len(name))
        return beside is not None and not _may_name(name, beside["word"])
    start = program.start("word")
    word = _WORD.match(text, start)
    end = word.end() if word else start
    if word and not _may_name(name, word[0]):
        return text[end : end + 1] in (quote, " ", "\t") and not _MORE.search(
            text[end : max(text.find(quote, end), end)]
        )
    whole = _WHOLE_LITERAL.match(text, start) if program["word"].startswith("-") else None
    return whole is not None and name in _NAMING and _NAMING[name].isdisjoint(whole["words"].split())


def _may_name(name: str, word: str) -> bool:
    """Whether a subcommand of a program, or an option before it, may name an image."""
    return name not in _NAMING or word.startswith("-") or word in _NAMING[name]


def _told(item: Candidate, *, test: bool) -> Candidate | None:
    """Return a finding as a guess; what a test builds or starts by itself is not told."""
    if item.problem and not _OPEN.match(item.spelled):
        return None
    if test and item.role in (Role.OUTPUT, Role.IMPLICIT):
        return None
    if (
        test
        and "/" not in str(item.value)
        and not versioned(str(item.value))
        and not is_official(str(item.value))
    ):
        return None
    role = Role.TEST if test and item.role is Role.SCRIPT else item.role
    known = Confidence.HEURISTIC if not item.problem and role is not Role.OUTPUT else item.confidence
    return replace(item, role=role, confidence=known)


def _found(file: CodeFile, path: str) -> Iterator[Found]:
    hits = 0
    for index, token in enumerate(file.tokens):
        if token.kind is not code.Kind.STRING or not _is_command(token.text):
            continue
        hits += 1
        if hits > _MOST_HITS:
            return
        around = list(islice(file.around(index), _ABOVE))
        if any(_SHOWS.search(group.method) for group in around if group.bracket == "(") or _asked(
            file, around
        ):
            continue
        if _WHOLE.match(token.text):
            yield from _listed(file, index, around, path)
        else:
            yield from _line(file, index, around, path)


def _is_command(text: str) -> bool:
    return bool(_WHOLE.match(text) or _COMMAND.search(text))


def _asked(file: CodeFile, around: list[code.Group]) -> bool:
    """Whether a call belongs to another that only asks of it: `verify(x).run("docker", …)`."""
    outer = next(
        (group for group in reversed(around) if group.bracket == "(" and group.name.startswith(".")), None
    )
    before = file.tokens[max(outer.opened - _BEFORE, 0) : outer.opened] if outer is not None else ()
    return any(each.kind is code.Kind.NAME and _ASKS.match(each.text) for each in before)


def _listed(file: CodeFile, index: int, around: list[code.Group], path: str) -> Iterator[Found]:
    """Read a program with its arguments beside it."""
    if not around:
        return
    group = around[0]
    places = [each.start for each in group.arguments]
    start = file.tokens[index].start
    if start not in places:
        return
    rest = group.arguments[places.index(start) + 1 :]
    if (named := group.arguments[places.index(start)].name) in _FILES:
        rest = tuple(each for each in group.arguments if each.name in _GIVEN)
    elif named:
        return
    given = [word for each in rest for word in _words(file, group, each)]
    given += [word for call in file.chained(group) for word in _chained(file, call)]
    program = Word.literal(file.tokens[index].value)
    if len(given) == 1 and " " in str(given[0]):
        pieces = (*program.pieces, Piece.literal(Text.of(" ")), *given[0].pieces)
        yield from commands(Word(pieces, quoted=True), path, {})
    else:
        yield from found_in([program, *given[:_MOST]])


def _words(file: CodeFile, group: code.Group, argument: code.Argument) -> Iterator[Word]:
    """Yield the words of an argument: of a list each of its items."""
    tokens = argument.tokens
    if not tokens:
        return
    lists = [each for each in file.inside(group) if each.start >= argument.start and each.bracket in "[{"]
    filled = next((each for each in lists if each.arguments), None)
    if tokens[0].text in _LISTS and tokens[0].kind is not code.Kind.STRING and filled is not None:
        for each in filled.arguments:
            yield file.word(each.tokens)
    else:
        yield file.word(tokens)


def _chained(file: CodeFile, call: code.Group) -> Iterator[Word]:
    """Yield what `.arg("x")` and `.args(["x", "y"])` add, in Rust and elsewhere."""
    if call.method in ("arg", "args", "WithArguments", "withArguments", "addArg", "addArgs"):
        for argument in call.arguments:
            yield from _words(file, call, argument)


def _line(file: CodeFile, index: int, around: list[code.Group], path: str) -> Iterator[Found]:
    """Read a command line that a call runs, or a template does."""
    literal = file.tokens[index]
    before = file.tokens[index - 1] if index else literal
    tokens: Sequence[code.Token] = file.tokens[index : index + 1]
    if before.end != literal.start or not _RUNS.match(before.text):
        runner = _runner(around)
        formed = _argument(runner, literal) if runner is not None else _named(file, index, around)
        if formed is None:
            return
        tokens = formed or tokens
    yield from commands(file.word(tokens), path, {})


def _runner(around: list[code.Group]) -> code.Group | None:
    """Return the call that runs a literal: through lists, and calls that only form a text."""
    for group in around:
        if group.bracket == "(" and _RUNS.match(group.method):
            return group
        if group.bracket == "(" and group.method and not _FORMATS.match(group.method):
            return None
    return None


def _argument(runner: code.Group, literal: code.Token) -> Sequence[code.Token]:
    """Return the argument that forms a text with the literal in it; empty where that is the literal alone."""
    given = (each.tokens for each in runner.arguments)
    whole = next((each for each in given if each and each[0].start <= literal.start < each[-1].end), ())
    return () if not whole or whole[0].text in _LISTS else whole


def _named(file: CodeFile, index: int, around: list[code.Group]) -> Sequence[code.Token] | None:
    """Return what a literal forms that is set to a name which a call runs; None where no call does."""
    call = around[0] if around and around[0].bracket == "(" and _FORMATS.match(around[0].method) else None
    first = file.place(call) if call is not None else index
    name = target(file.tokens, first - 1) if first and file.tokens[first - 1].text == "=" else ""
    runs = (each for each in file.calls() if _RUNS.match(each.method)) if name else ()
    if not any(
        token.text == name for each in runs for given in each.arguments for token in given.tokens[:_FEW]
    ):
        return None
    return file.tokens[first : call.closed + 1 if call is not None else index + 1]


FORMAT = Format(
    name="code_commands",
    patterns=("*.{go,py,js,mjs,cjs,ts,mts,cts,tsx,java,kt,kts,scala,cs,rs,rb,php,groovy,ex,exs}",),
    words=(tuple(f"{name}{end}".encode() for name in _PROGRAMS for end in ('"', "'", " ", "\t")),),
    extract=extract,
    own_code=True,
    general=True,
    specification="https://docs.docker.com/reference/cli/docker/",
)  # fmt: skip
