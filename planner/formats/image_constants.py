"""Image constants: images in constants, defaults and fields of programs that are named after images.

`DefaultImage = "quay.io/acme/proxy:v1"`, `env.get("PROXY_IMAGE", "quay.io/acme/proxy:v1")`,
`Pod{Image: "quay.io/acme/proxy:v1"}`, `defaultImage() { return "quay.io/acme/proxy:v1"; }`, and what is
collected under the name of images. The text must be a reference with a tag or a digest, or have its tag in
another constant that is called alike. Files of tests are skipped, as names in them are often made up, except
those that run against what they start, and the constants and defaults of those that use Testcontainers.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec.structs import replace

from planner.formats import _code as code
from planner.formats import _code_kept as kept
from planner.formats._base import Candidate, Format, Given, Item
from planner.formats._code_constants import target
from planner.formats._code_fields import blocks, is_field
from planner.formats._code_file import CodeFile
from planner.formats._code_tests import is_test, starts_what_it_names
from planner.formats._image_collections import TAGGED, collected, likely, returned, stands
from planner.formats._image_fields import plausible, versioned
from planner.formats._image_parts import in_parts, may_be
from planner.formats._official_images import is_official
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text

_NAME = re.compile(r"(?:(?:\A|_)image|Image|IMAGE)(?:_?(?:Name|NAME|name|Ref|REF|ref)|_[A-Z][A-Z\d_]*)?\Z")
_SETTING = re.compile(r"(?i)(?:\A|[\w.-]*[_.-])image(?:[_-]?(?:name|ref|uri)|\.[\w.-]+)?\Z")
_ENVIRONMENT = re.compile(r"(?i)get_?(?:env|property)|lookup_?env")
_READS = re.compile(
    r"(?i)get|env|default|flag|string|var|option|lookup|config|propert|param|argument|setting"
)
_LIKELY = re.compile(  # looked for, in lower case, before a file is parsed: few have it
    r"image[\w.-]{0,20}+[\"'`]?[^\n\"'`]{0,60}+(?:\n\s*+(?:(?://|#)[^\n]*+\n\s*+){0,4}+(?:return\s++)?)?"
    rf"(?P<value>{TAGGED})"
)

_OF_PICTURES = frozenset(  # fields beside that of a picture
    {"title", "subtitle", "heading", "caption", "alt", "href", "src", "width", "height", "icon", "price",
     "logo", "thumbnail"}
)  # fmt: skip
_MADE_UP = re.compile(r"(?i)(?:\A|[/.])your[-_]")
_PICTURES = re.compile(r"(?:assets|images|img|static|public|media|icons)/")
_KEYS = (code.Kind.NAME, code.Kind.STRING)
_ENDS = frozenset(",;)}]")
_GOES_ON = frozenset("+.%?|&*")
_ALTERNATIVES = frozenset({"or", "else", "||", "??", "?:"})
_LONGEST = 16  # tokens before the last alternative of a value
_LABELS = re.compile(r"(?i)labels?\Z|annotations?\Z|selector\Z|env\Z|environment\Z|metadata\Z|tags\Z")
_ASSIGNS = frozenset({"=", ":=", ":", "=>", "::", "+:"})


def extract(source: SourceFile, _given: Given) -> Iterator[Item]:
    """Yield what constants, defaults and fields name."""
    text = source.text.lower()
    divided = may_be(text)
    if not divided and not stands(_LIKELY, text) and not likely(text):
        return
    file = CodeFile.read(source)
    yield from kept.bindings(source, file)
    test = is_test(source.path)
    if test and not starts_what_it_names(source.path):
        if "testcontainers" in text:
            yield from _started(file)
        return
    seen: set[int] = set()
    found = (Candidate.of(each, Role.WORKLOAD, Confidence.HEURISTIC) for each in in_parts(file))
    for candidate in (*_images(source), *(found if divided else ())):
        if candidate.start not in seen:
            seen.add(candidate.start)
            yield replace(candidate, role=Role.TEST) if test else candidate


def _images(source: SourceFile) -> Iterator[Candidate]:
    file = CodeFile.read(source)
    found = list(blocks(file))
    for name in filter(_NAME.search, file.places):  # what most constants are is never asked
        value = file.constants.get(name)
        if value is not None and (name.isupper() or is_field(source, value.start, found)):
            yield from _image(value)
    for call in file.calls():
        if _READS.search(call.method):
            yield from _default(call)
    for name, token in returned(file):
        if _NAME.search(name) and not token.holes:
            yield from _image(token.value)
    for index in collected(file):
        if not _is_local(file.tokens[index].text):
            yield from _image(file.tokens[index].value)
    yield from _named(source, file)


def _started(file: CodeFile) -> Iterator[Candidate]:
    """Yield what a test that starts containers calls an image, and not only compares with one."""
    called = (name for name in filter(_NAME.search, file.places) if name.isupper())
    used = (name for name in called if len(file.names.get(name, ())) > 1)  # and not only defined
    found = [each for name in used for each in _image(file.constants.get(name))]
    for call in file.calls():
        if _ENVIRONMENT.search(call.method):
            found += _default(call)
    for each in found:
        if not _is_local(str(each.value)):
            yield replace(each, role=Role.TEST)


def _named(source: SourceFile, file: CodeFile) -> Iterator[Candidate]:
    """Yield strings that are set to a name, a parameter or a field that is called like an image."""
    tokens = file.tokens
    for index, token in enumerate(tokens):
        if token.kind is not code.Kind.STRING or ":" not in token.text or token.holes or not index:
            continue
        place = _first_alternative(tokens, index)
        if tokens[place - 1].kind is not code.Kind.MARK or _is_local(token.text):
            continue
        name = _key(tokens, place).lstrip("$@")
        called = _NAME.search(name) or _SETTING.match(name)
        if called and _ends(source, tokens, index) and not _is_label(file, index):
            yield from _image(token.value)


def _first_alternative(tokens: Sequence[code.Token], index: int) -> int:
    """Return where a value begins whose last alternative is a string: `x or "a/b:1"`, `x ?? "a/b:1"`."""
    before = tokens[index - 1]
    signs = (
        tokens[index - 2].text + before.text if before.kind is code.Kind.MARK and index > 1 else before.text
    )
    if signs not in _ALTERNATIVES:
        return index
    for place in range(index - 1, max(index - _LONGEST, 0), -1):
        if tokens[place - 1].text in ("=", ":"):
            return place
        if tokens[place].text in _ENDS or (tokens[place].first and tokens[place].text not in _ALTERNATIVES):
            break
    return index


def _is_label(file: CodeFile, index: int) -> bool:
    """Whether a field is a label or a variable, which say something of what runs, or a picture."""
    group = next(file.around(index), None)
    if group is None or group.bracket != "{":
        return False
    if any(each.name.lower() in _OF_PICTURES for each in group.arguments):
        return True
    before = file.tokens[group.opened - 1] if group.opened else None
    name = target(file.tokens, group.opened - 1) if before is not None and before.text == "=" else group.key
    return bool(_LABELS.search(name))


def _is_local(value: str) -> bool:
    """Whether a reference may be the name of something that is built where it is used."""
    return "/" not in value and not is_official(value)


def _key(tokens: Sequence[code.Token], index: int) -> str:
    """Return what a value is set to: `x` of `x = `, `x: T = `, `x := `, `x: `, `"x" => `; else nothing."""
    first = index
    while first > 0 and tokens[first - 1].kind is code.Kind.MARK and tokens[first - 1].text in ":=>+":
        if first < index and tokens[first - 1].end != tokens[first].start:
            break
        first -= 1
    sign = "".join(token.text for token in tokens[first:index])
    if sign not in _ASSIGNS or not first:
        return ""
    if "=" in sign and sign != "=>":
        return target(tokens, index - 1)
    asked = first > 1 and tokens[first - 2].text == "?"  # `x ? image : "y"`
    return "" if asked or tokens[first - 1].kind not in _KEYS else tokens[first - 1].text


def _ends(source: SourceFile, tokens: Sequence[code.Token], index: int) -> bool:
    """Whether a string is all of a value."""
    if index + 1 == len(tokens):
        return True
    token, after = tokens[index : index + 2]
    return after.text in _ENDS or (
        after.text not in _GOES_ON and "\n" in source.text[token.end : after.start]
    )


def _default(call: code.Call) -> Iterator[Candidate]:
    """Yield the string that follows the name of a setting: of `flag.String("image", "a/b:1", …)`."""
    arguments = [each.tokens for each in call.arguments if each.name in ("", "default", "fallback")]
    for name, value in pairwise(arguments):
        if _SETTING.match(str(_text(name) or "")):
            yield from _image(_text(value))


def _text(tokens: Sequence[code.Token]) -> Text | None:
    """Return what an argument spells that is one string without variables."""
    if len(tokens) == 1 and tokens[0].kind is code.Kind.STRING and not tokens[0].holes:
        return tokens[0].value
    return None


def _image(value: Text | None) -> Iterator[Candidate]:
    if (
        value is not None
        and not _PICTURES.match(str(value))
        and not _MADE_UP.search(str(value))
        and plausible(str(value), bare=False)
        and versioned(str(value))
    ):
        yield Candidate.of(value, Role.WORKLOAD, Confidence.HEURISTIC)


FORMAT = Format(
    name="image_constants",
    patterns=("*.{go,java,kt,kts,scala,py,ts,tsx,mts,js,mjs,cjs,cs,rs,rb,php,ex,exs}",),
    words=((b"mage", b"MAGE"),),
    extract=extract,
    own_code=True,
    general=True,
    specification="https://pkg.go.dev/github.com/distribution/reference",
)
