"""Words that name images in Terraform, as candidates; what other resources name is reported there."""

import re
from collections.abc import Iterable, Iterator

from planner.formats._base import Candidate
from planner.formats._docker_commands import image
from planner.formats._hcl_decoding import decoded
from planner.formats._hcl_values import Encoded, Fields, Items, Result, alternatives, members, unknown, words
from planner.formats._shell_words import Word
from planner.model.inventory import Confidence, Role
from planner.model.source import Text

_ELSEWHERE = re.compile(r"(?:data\.)?docker_(?:registry_)?image\.")
_DEPTH = 20
_CHOICES = 8  # of a text that is read as a file


def named(results: Iterable[Result], role: Role = Role.WORKLOAD) -> Iterator[Candidate]:
    """Yield the images of a field that holds nothing else."""
    for result in results:
        for word in words(result):
            if not str(word).startswith("arn:") and not any(
                _ELSEWHERE.match(each.name) for each in word.pieces
            ):
                yield from image(word, role)


def structure(result: Result) -> Iterator[Result]:
    """Yield what a text of JSON or YAML says, or what was encoded to one."""
    for each in alternatives(result):
        if isinstance(each, Encoded):
            yield each.value
        elif isinstance(each, Word):
            yield from (_opened(decoded(text), each) for text in texts(each))
        else:
            yield each


def texts(word: Word) -> Iterator[Text]:
    """Yield what a word can be, with what is not known as it is written."""
    for count, value in enumerate(word.choices()):
        if count == _CHOICES:
            return
        if value.text:
            yield value.text


def _opened(result: Result, word: Word, depth: int = _DEPTH) -> Result:
    """Return a value that was read from a word, what was not known in the word not known in it."""
    missing = {
        str(value.text): value.problem for piece in word.pieces for value in piece.values if value.problem
    }
    return _marked(result, missing, depth) if missing else result


def _marked(result: Result, missing: dict[str, str], depth: int) -> Result:
    match result:
        case Word() if "$" in str(result):
            text = str(result)
            problem = next((reason for written, reason in missing.items() if written in text), "")
            return unknown(result.written, text, problem) if problem else result
        case Fields(fields) if depth:
            return Fields(tuple((key, _marked(value, missing, depth - 1)) for key, value in fields))
        case Items(items) if depth:
            return Items(tuple(_marked(item, missing, depth - 1) for item in items))
    return result


def joined(name: Word, tag: Word | None) -> Word:
    """Return a repository and its tag as one word."""
    if tag is None or not str(tag):
        return name
    mark = "@" if str(tag).startswith("sha256:") else ":"
    return Word((*name.pieces, *Word.literal(Text.of(mark)).pieces, *tag.pieces), quoted=True)


def field(result: Result, name: str) -> Word | None:
    """Return a scalar of an object, None where there is none that is set."""
    found = dict(members(result)).get(name) if isinstance(result, Fields) else None
    return next((word for word in words(found) if str(word)), None)


def sure(candidates: Iterable[Candidate], confidence: Confidence) -> Iterator[Candidate]:
    """Yield candidates with another confidence."""
    for each in candidates:
        yield Candidate(each.value, each.role, each.start, each.spelled, confidence, each.trail, each.problem)
