"""Snakemake: the container of a rule or of the whole workflow.

Only `docker://` names an image of a registry; anything else is a file or an image of Singularity's own hubs.
"""

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from msgspec.structs import replace

from planner.formats._base import Candidate, Format, Given
from planner.formats._code import PYTHON, Kind, Token, constants, tokens, word
from planner.formats._shell_words import Word
from planner.model.inventory import Role
from planner.model.source import SourceFile

_KEYWORDS = frozenset({"container", "containerized", "singularity"})
_SCHEME = "docker://"
_MOST = 3_000  # containers; no workflow has as many in a file
_LONGEST = 60  # tokens of an expression


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate]:
    """Yield the containers of a workflow."""
    read = tokens(source.text, PYTHON)
    known = constants(read)
    for index in islice(_keywords(read), _MOST):
        given = _expression(read, index, source.text)
        if any(_SCHEME in each.text for each in given) or (given and given[0].kind is Kind.NAME):
            yield from _images(word(given, known))


def _keywords(read: Sequence[Token]) -> Iterator[int]:
    """Yield where `container:` and its like stand."""
    for index, (token, following) in enumerate(pairwise(read)):
        if token.text in _KEYWORDS and token.kind is Kind.NAME and following.text == ":":
            yield index


def _expression(read: Sequence[Token], index: int, text: str) -> Sequence[Token]:
    """Return the value of a keyword: to the end of its line, or the next line where that is empty."""
    begin = index + 2
    depth, end = 0, begin
    while end < min(begin + _LONGEST, len(read)):
        token = read[end]
        mark = token.text if token.kind is Kind.MARK else ""
        together = token.kind is Kind.STRING and read[end - 1].kind is Kind.STRING
        if end > begin and not depth and not together and "\n" in text[read[end - 1].end : token.start]:
            break
        depth += (mark in ("(", "[")) - (mark in (")", "]"))
        if depth < 0:
            break
        end += 1
    return read[begin:end]


def _images(said: Word) -> Iterator[Candidate]:
    for candidate in said.candidates(Role.STEP):
        text = str(candidate.value)
        if text.startswith(_SCHEME):
            value = candidate.value.cut(len(_SCHEME), len(text))
            yield replace(candidate, value=value, spelled=candidate.spelled.removeprefix(_SCHEME))
        elif _SCHEME in candidate.spelled:
            yield candidate


FORMAT = Format(
    name="snakemake",
    patterns=("[Ss]nakefile*", "*.smk", "*.snakefile", "*.snake", "*.rules"),
    words=((b"docker://",),),
    extract=extract,
    specification="https://snakemake.readthedocs.io/en/stable/snakefiles/deployment.html#running-jobs-in-containers",
)
