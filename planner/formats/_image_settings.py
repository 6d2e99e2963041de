"""Fields of configuration languages that hold images: CUE, Dhall and KCL.

Fields are recognised by their names; a field ends with its line or with a comma. A reference may stand in
parts (`image: {repository: "nginx", tag: "1.27"}`).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field

from planner.formats._base import Candidate
from planner.formats._code import Kind, Language, Token, constants, groups, is_literal, tokens, word
from planner.formats._code_names import tagged
from planner.formats._image_fields import is_image_key, plausible, versioned
from planner.formats._shell_words import Word
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text

_PARTS = frozenset({"repository", "tag", "digest"})
_LABELS = frozenset({"labels", "matchLabels", "annotations", "selector"})
_LONGEST = 40  # tokens of a value that may be an image
_SHORT = 6  # of any other
_MOST_SIGNS = 2  # in a value: `str = "a"`
_KEYS = (Kind.NAME, Kind.STRING)
_OPENERS = ("{", "[", "(")
_CLOSERS = ("}", "]", ")")
_SIGNS = (":", "=")


class _Field(Struct, frozen=True, gc=False):
    key: str
    above: str  # the key of what it stands in
    _all: Sequence[Token]
    _begin: int
    _text: str  # of the file

    @property
    def value(self) -> list[Token]:
        """The tokens of its value, read on demand: most are never read."""
        longest = _LONGEST if is_image_key(self.key) or self.key in _PARTS else _SHORT
        return _value(self._all, self._begin, self._text, longest)


class _Object(Struct):
    key: str
    fields: list[_Field] = field(default_factory=list)


def images(source: SourceFile, language: Language) -> Iterator[Candidate]:
    """Yield the images that the fields of a file hold."""
    read = tokens(source.text, language)
    objects = [each for each in _objects(read, source.text) if each.fields]
    fields = [each for whole in objects for each in whole.fields]
    known = {**_once(fields), **constants(read, groups(read))}
    for each in fields:
        if is_image_key(each.key) and each.above not in _LABELS:
            yield from _candidates(each, known)
    for whole in objects:
        if is_image_key(whole.key):
            yield from _in_parts(whole, known)


def _candidates(each: _Field, known: Mapping[str, Text]) -> Iterator[Candidate]:
    confidence = Confidence.CERTAIN if each.key == "image" else Confidence.HEURISTIC
    given = _default(each.value)
    if any(token.kind is Kind.MARK and token.text in "[:=*" for token in given):
        return
    said = word(given, known)
    if given and (said.known or is_literal(given, outside=True)):
        for candidate in said.candidates(Role.WORKLOAD, confidence):
            text = str(candidate.value)
            likely = plausible(text, bare=False) and (bool(candidate.problem) or versioned(text))
            if confidence is Confidence.CERTAIN or likely:
                yield candidate


def _in_parts(each: _Object, known: Mapping[str, Text]) -> Iterator[Candidate]:
    repository = _said(each, "repository", known)
    tag, digest = _said(each, "tag", known), _said(each, "digest", known)
    if repository is None or not repository.known:
        return
    whole = repository
    for part in (tag, digest):
        if part is not None and str(part):
            whole = tagged(whole, part)
    if whole is not repository:
        yield from whole.candidates(Role.WORKLOAD)


def _said(each: _Object, key: str, known: Mapping[str, Text]) -> Word | None:
    given = next((_default(found.value) for found in each.fields if found.key == key), [])
    return word(given, known) if given and is_literal(given, outside=True) else None


def _default(value: list[Token]) -> list[Token]:
    """Return what a field is if nothing else is said: `*"a" | string`, `str = "a"`, `Some "a"`."""
    if any(token.kind is Kind.MARK and token.text == "{" for token in value):
        return []
    for index, token in enumerate(value[:-1]):
        if token.text == "=" and token.kind is Kind.MARK and index:
            value = value[index + 1 :]
            break
    if value and value[0].text == "Some":
        value = value[1:]
    marks = [token.text for token in value if token.kind is Kind.MARK]
    if "|" not in marks and "*" not in marks:
        return value
    for index, token in enumerate(value[:-1]):
        if token.text == "*" and token.kind is Kind.MARK and value[index + 1].kind is Kind.STRING:
            return value[index + 1 : index + 2]
    return []


def _once(fields: Sequence[_Field]) -> dict[str, Text]:
    """Return the fields that are one string everywhere in the file."""
    often = Counter(each.key for each in fields)
    found: dict[str, Text] = {}
    for each in fields:
        has_string = often[each.key] == 1 and any(token.kind is Kind.STRING for token in each.value)
        given = _default(each.value) if has_string else []
        if len(given) == 1 and given[0].kind is Kind.STRING and not given[0].holes and given[0].value:
            found[each.key] = given[0].value
    return found


def _objects(read: Sequence[Token], text: str) -> Iterator[_Object]:
    """Yield the objects of a file in the order they end, the whole file last."""
    stack, pending, begins = [_Object("")], "", -1
    for index, token in enumerate(read):
        mark = token.text if token.kind is Kind.MARK else ""
        if mark == "{":
            stack.append(_Object(pending))
            pending = ""
        elif mark == "}" and len(stack) > 1:
            yield stack[-1]
            pending = stack.pop().key  # of a type, before the value
        elif token.kind in _KEYS and (begin := _after_key(read, index)):
            above = pending if begins == index else stack[-1].key
            stack[-1].fields.append(_Field(token.text, above, read, begin, text))
            pending, begins = token.text, begin
        elif mark in (",", ";"):
            pending = ""
    yield from reversed(stack)


def _after_key(read: Sequence[Token], index: int) -> int:
    """Return where the value of a field begins, if a name is its key: `a: x`, `a = x`, `a?: x`; else 0."""
    place = index + 1
    if place < len(read) and read[place].kind is Kind.MARK and read[place].text in "?!":
        place += 1
    if place + 1 >= len(read) or read[place].kind is not Kind.MARK or read[place].text not in ":=":
        return 0
    sign, after = read[place : place + 2]
    doubled = after.kind is Kind.MARK and after.text in "=:" and after.start == sign.end
    return 0 if doubled else place + 1


def _value(read: Sequence[Token], begin: int, text: str, longest: int) -> list[Token]:
    """Return the tokens up to the end of a line, a comma, or the bracket around them."""
    depth, signs = 0, 0
    found: list[Token] = []
    for token in read[begin : begin + longest]:
        mark = token.text if token.kind is Kind.MARK else ""
        if not depth and found and _ends(token, mark, found[-1], text):
            break
        if mark in _CLOSERS:
            if not depth:
                break
            depth -= 1
        depth += mark in _OPENERS
        signs += mark in _SIGNS
        if signs > _MOST_SIGNS:
            break
        found.append(token)
    return found


def _ends(token: Token, mark: str, before: Token, text: str) -> bool:
    if mark in (",", ";"):
        return True
    if not mark and before.kind is not Kind.MARK and before.text != "Some":
        return True  # two operands side by side: the next field begins, or another clause
    return mark not in ("+", "|", ".") and "\n" in text[before.end : token.start]
