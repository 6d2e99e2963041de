"""Dockerfile: physical lines made into instructions.

A comment or an empty line may stand inside an instruction that goes on; what the next line begins with is not
trimmed, so a word may be split over two (https://docs.docker.com/reference/dockerfile/#format).
"""

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from planner.formats._dockerfile_flags import flags
from planner.formats._dockerfile_heredocs import Ends, heredocs, is_list
from planner.formats._dockerfile_text import BLANK, SEPARATOR, SPACE, Joined

LONGEST = 65_535  # bytes of a line
_IGNORED = re.compile(rf"(?:[{BLANK}]*+(?:#[^\n]*+)?\n)*+(?:[{BLANK}]*+#[^\n]*+)?")
_COMMAND = re.compile(rf"[{SPACE}]*([^{SEPARATOR}]*)[{SEPARATOR}]*")
_ACTIONS = re.compile(
    rf"(?:[{SPACE}]*+(?:\{{\{{[^{{}}]*+\}}\}}|\{{%[^{{}}%]*+%\}}|\{{#[^#]*+#\}}|<%[^<>%]*+%>))+[{SPACE}]*+"
)
_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}", "<%": "%>"}
_OPEN_ACTION = tuple(_CLOSING)
_LONGEST_ACTION = 4_000  # characters of one that goes over several lines
_HEREDOC_INSTRUCTIONS = frozenset({"run", "copy", "add"})


class Instruction(Struct, frozen=True, eq=False, gc=False):  # one for each line: cheaper than a dataclass
    """An instruction as one line."""

    line: Joined
    keyword: str  # lower case; empty for a line of template actions
    start: int  # of the keyword, in the line
    rest: int  # of what follows the keyword, in the line
    problem: str = ""  # why it cannot be read whole
    documents: tuple[tuple[int, int], ...] = ()  # where the texts of its here-documents stand in the file

    @property
    def place(self) -> int:
        """Where the keyword stands in the file."""
        return self.line.place(self.start)

    def nested(self, escape: str) -> "Instruction":
        """Return the instruction that this one (ONBUILD) holds."""
        return _instruction(self.line, flags(self.line, self.rest, escape).end)


def instructions(text: str, escape: str) -> Iterator[Instruction]:
    """Yield the instructions of a file, without the here-documents that belong to them."""
    position = 1 if text.startswith("\ufeff") else 0
    ends = Ends(text)
    while (match := _IGNORED.match(text, position)) and match.end() < len(text):
        if after := _after_action(text, match.end()):
            position = after
            continue
        line, position = _join(text, match.end(), escape)
        if not line.text:
            continue
        instruction = _instruction(line, 0)
        problem, documents = "", instruction.documents
        if "<<" in line.text:
            problem, position, documents = _skip_heredocs(instruction, ends, position, escape)
        if position - match.end() > LONGEST // 4:
            problem = problem or _too_long(text[match.end() : position])
        if problem or documents:
            instruction = replace(instruction, problem=problem, documents=documents)
        yield instruction


def _after_action(text: str, start: int) -> int:
    """Return where an action of a template ends that begins a line and goes on over its end; 0 for none."""
    closing = _CLOSING.get(text[start : start + 2])
    if closing is None:
        return 0
    end = text.find(closing, start + 2, start + _LONGEST_ACTION)
    if text.find("\n", start + 2, max(end, 0)) < 0:
        return 0
    return end + 2 if text.find(text[start : start + 2], start + 2, end) < 0 else 0


def _join(text: str, start: int, escape: str) -> tuple[Joined, int]:
    """Return the line that begins at `start` with those that continue it, and where the next one begins."""
    end = text.find("\n", start)
    end = len(text) if end < 0 else end
    body = text[start:end].rstrip(SPACE)
    if not body.endswith(escape):
        return Joined(body, (0,), (start,)), end + 1
    return _join_several(text, start, escape)


def _join_several(text: str, start: int, escape: str) -> tuple[Joined, int]:
    pieces: list[tuple[int, str]] = []
    first = True
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        body = text[start:end].rstrip("\r")
        place, start = start, end + 1
        bare = body.lstrip(SPACE)
        if not first and (not bare or bare[0] == "#"):
            continue
        first = False
        tail = body.rstrip("\t ")
        if not tail.endswith(escape) or tail.endswith(escape * 2):
            pieces.append((place, body))
            break
        pieces.append((place, tail[:-1]))
    line = Joined.of(pieces)
    return replace(line, text=line.text.rstrip(SPACE)), start


def _instruction(line: Joined, start: int) -> Instruction:
    """Return the instruction whose keyword is the first word after `start`; template actions are none."""
    match = _COMMAND.match(line.text, start)
    if match and match[1].startswith(_OPEN_ACTION):
        actions = _ACTIONS.match(line.text, start)
        match = _COMMAND.match(line.text, actions.end()) if actions else None
    if match is None:
        return Instruction(line, "", start, len(line.text))
    return Instruction(line, match[1].lower(), match.start(1), match.end())


def _skip_heredocs(
    instruction: Instruction, ends: Ends, position: int, escape: str
) -> tuple[str, int, tuple[tuple[int, int], ...]]:
    """Return why here-documents are wrong, or nothing, where the next line begins, and where they stand."""
    inner = instruction.nested(escape) if instruction.keyword == "onbuild" else instruction
    line = instruction.line
    if inner.keyword not in _HEREDOC_INSTRUCTIONS or is_list(
        line.text[flags(line, inner.rest, escape).end :]
    ):
        return "", position, ()
    documents = []
    for heredoc in heredocs(line.text):
        end = ends.after(heredoc, position)
        if end is None:
            problem = f"the here-document {heredoc.name} does not end: no later line is just {heredoc.name}"
            return problem, position, ()
        documents.append((position, end[0]))
        position = end[1]
    return "", position, tuple(documents)


def _too_long(text: str) -> str:
    longest = max(len(line.encode("utf-8", "surrogateescape")) for line in text.split("\n"))
    return f"a line of {longest} bytes: BuildKit reads at most {LONGEST}" if longest > LONGEST else ""
