"""YAML and JSON as light nodes that know where they stand.

Documents are never composed or loaded: hostile input (deep nesting, alias bombs) costs what its length costs.
Templates are covered before parsing, characters that YAML forbids replaced; values show the file's own text.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

import yaml
from msgspec import Struct

from planner.formats._base import Candidate
from planner.formats._template import mask
from planner.formats._yaml_events import DEPTH, Reader, TooDeep
from planner.formats._yaml_lines import Line
from planner.formats._yaml_lines import lines as _pairs
from planner.formats._yaml_nodes import MERGED, Mapping, Node, Scalar, Sequence, walk
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

__all__ = ["Line", "Mapping", "Node", "Scalar", "Sequence", "Yaml", "lines", "parse", "problems", "walk"]

_DEEP = f"nested deeper than {DEPTH} levels"
_OWN_LIMIT = "exceeded maximum nesting depth"  # libyaml's: it looks ahead for a key, deeper than we go

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_RESERVED = re.compile(r"(?m)(?<=[:\-] )[@%`](?=\S)")


class Yaml(Struct, frozen=True):
    """What could be read of a text."""

    documents: tuple[Node, ...]
    problems: tuple[tuple[int, str], ...] = ()  # offset, reason with what was done about it
    complete: bool = True
    read: int = 0  # offset of the line from which `lines` has to go on; the end where it is complete


@lru_cache(maxsize=4)  # several formats in turn read the same file, and the texts written inside it
def parse(source: SourceFile) -> Yaml:
    """Read a text as far as it is YAML; JSON is YAML. Never raises."""
    covered = mask(source.text)
    if covered.startswith("\ufeff"):
        covered = "\n" + covered[1:]  # libyaml's offsets do not count the mark
    found = _read(source, covered)
    if found.complete:
        return found
    repaired = _repaired(covered)
    again = _read(source, repaired) if repaired != covered else found
    return again if again.complete else found


def lines(source: SourceFile, start: int = 0) -> Iterator[Line]:
    """Yield `key: value` pairs of a text that is no YAML, from the offset `start` on."""
    return _pairs(source.text, start)


def problems(source: SourceFile, yaml_text: Yaml, role: Role) -> Iterator[Candidate]:
    """Yield what is wrong with a file as candidates; the text is the line where it shows."""
    for offset, reason in yaml_text.problems:
        start = source.text.rfind("\n", 0, offset) + 1
        spelled = source.text[start : start + 200].partition("\n")[0].strip()
        yield Candidate(Text(), role, offset, spelled, problem=reason)


def _repaired(covered: str) -> str:
    """Return the text without what libyaml refuses and other parsers let pass, as long as it was."""
    covered = _SURROGATE_ESCAPE.sub(r"\\ufffd", covered)
    return _RESERVED.sub("x", covered).replace("\t", " ")


def _read(source: SourceFile, covered: str) -> Yaml:
    reader = Reader(source.text, covered)
    try:
        reader.run()
    except (yaml.reader.ReaderError, UnicodeEncodeError):
        cleaned = _FORBIDDEN.sub("\ufffd", covered)
        if cleaned != covered:
            return _read(source, cleaned)
        return _incomplete(source, reader, 0, "it has characters that YAML forbids")
    except yaml.MarkedYAMLError as error:
        offset = error.problem_mark.index if error.problem_mark else reader.position
        reason = _DEEP if error.problem == _OWN_LIMIT else error.problem
        return _incomplete(source, reader, offset, reason or "syntax error")
    except TooDeep:
        return _incomplete(source, reader, reader.position, _DEEP)
    return Yaml(tuple(reader.documents), _expansion(reader), read=len(source.text))


def _incomplete(source: SourceFile, reader: Reader, offset: int, reason: str) -> Yaml:
    offset = min(offset, len(source.text))
    read = reader.close()
    line, _ = source.position(offset)
    problem = f"not valid YAML at line {line} ({' '.join(reason.split())}): read line by line"
    return Yaml(tuple(reader.documents), ((offset, problem), *_expansion(reader)), complete=False, read=read)


def _expansion(reader: Reader) -> tuple[tuple[int, str], ...]:
    """Return a problem where aliases stand for more than anyone would write."""
    found = []
    if reader.unfollowed >= 0:
        reason = "aliases stand for more than anyone writes: they are not followed from here on"
        found.append((reader.unfollowed, reason))
    far, crowded = reader.over_merged()
    if far is not None:
        reason = f"merged (`<<`) from more than {MERGED - 1} mappings: those that are farther are not heeded"
        found.append((far.start, reason))
    if crowded is not None:
        reason = "merged (`<<`) from more than anyone writes: what others hold is not listed from here on"
        found.append((crowded.start, reason))
    return tuple(found)
