"""What the files of CI services have in common: lists that may be one value, and files that are no YAML."""

from collections.abc import Callable, Container, Iterable, Iterator

from planner.formats._base import Candidate
from planner.formats._docker_commands import Found
from planner.formats._shell_words import Word
from planner.formats._yaml import Mapping, Node, Scalar, Sequence, Yaml, lines
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text

REFERENCE = "!reference"  # a tag of GitLab: what is named is found where it stands
DEPTH = 10  # of lists in lists

Reading = Callable[[Word], Iterator[Candidate]]


def entries(node: Node | None) -> Iterator[tuple[str, Node]]:
    """Yield the pairs of a mapping; of anything else none."""
    if type(node) is Mapping:
        yield from ((key.value, value) for key, value in node.entries())


def items(node: Node | None) -> list[Node]:
    """Return the items of a list, or a single value as a list of one."""
    if type(node) is Sequence:
        return node.items
    return [] if node is None else [node]


def scalars(node: Node | None, depth: int = DEPTH) -> Iterator[Scalar]:
    """Yield the values of a list, of lists in it, or a single value."""
    if type(node) is Scalar:
        if is_set(node):
            yield node
    elif type(node) is Sequence and depth and node.tag != REFERENCE:
        for item in node.items:
            yield from scalars(item, depth - 1)


def is_set(node: Scalar) -> bool:
    """Tell whether a value is neither empty nor null."""
    return bool(node.value) and not (node.plain and node.value in ("~", "null", "Null", "NULL"))


def value(node: Node | None, *keys: str) -> str:
    """Return a scalar under the keys, else an empty text."""
    found = node.get(*keys) if type(node) is Mapping and keys else node
    return found.value if type(found) is Scalar else ""


def distinct(found: Iterable[Found]) -> Iterator[Candidate]:
    """Yield the candidates without repetitions; what one use leaves open and another gives is not open."""
    first: dict[tuple[int, str, Role, str], Candidate] = {}
    for item in found:
        if isinstance(item, Candidate):
            first.setdefault((item.start, str(item.value), item.role, item.problem), item)
    known = {candidate.start for candidate in first.values() if not candidate.problem}
    yield from (item for item in first.values() if not item.problem or item.start not in known)


def problems(parsed: Yaml, role: Role) -> Iterator[Candidate]:
    """Yield what could not be read of a file."""
    for offset, reason in parsed.problems:
        yield Candidate(Text(), role, offset, "", problem=reason)


def unread(source: SourceFile, parsed: Yaml, keys: Container[str], role: Role) -> Iterator[Candidate]:
    """Yield what stands after certain keys in the part of a file that is no YAML."""
    if not parsed.complete:
        for line in lines(source, parsed.read):
            text = line.value
            if line.key in keys and "${" not in str(text) and "{{" not in str(text):
                if str(text).startswith("docker://"):
                    text = text.cut(len("docker://"), len(text))
                yield Candidate.of(text, role, Confidence.HEURISTIC)
