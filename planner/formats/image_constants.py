"""Constants and defaults of programs that are called like images: what operators and tools start later.

`DefaultImage = "quay.io/acme/proxy:v1"`, `env.get("PROXY_IMAGE", "quay.io/acme/proxy:v1")`. The text must be
a reference with a tag or a digest. Files of tests are passed over: names in them are often made up.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from planner.formats import _code as code
from planner.formats._base import Candidate, Format, Given
from planner.formats._code_file import CodeFile
from planner.formats._code_tests import is_test
from planner.formats._image_fields import plausible, versioned
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text

_NAME = re.compile(r"(?:(?:\A|_)image|Image|IMAGE)(?:_?(?:Name|NAME|name|Ref|REF|ref))?\Z")
_SETTING = re.compile(r"(?i)(?:\A|[\w.-]*[_.-])image\Z")
_READS = re.compile(
    r"(?i)get|env|default|flag|string|var|option|lookup|config|propert|param|argument|setting"
)
_FIELD = re.compile(r"\b(?:static|final|private|public|protected|internal|readonly|pub)\b")
_LIKELY = re.compile(  # looked for, in lower case, before a file is parsed: few have it
    r"image\w{0,5}[\"'`]?[^\n\"'`]{0,60}(?:\n\s*)?[\"'`][a-z0-9][\w./-]*+(?::[\w.-]+|@sha256:[0-9a-f]+)[\"'`]"
)


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate]:
    """Yield what constants and defaults name."""
    if is_test(source.path) or not _LIKELY.search(source.text.lower()):
        return
    file = CodeFile.read(source)
    blocks = list(_blocks(file))
    for name, value in file.constants.items():
        if _NAME.search(name) and (name.isupper() or _is_field(source, value.start, blocks)):
            yield from _image(value)
    for call in file.calls():
        if _READS.search(call.method):
            yield from _default(call)


def _blocks(file: CodeFile) -> Iterator[tuple[int, int]]:
    """Yield where `const (` and `var (` of Go begin and end that are in no function, in their order."""
    for group in file.groups:
        if group.name in ("const", "var") and group.parent < 0 and group.closed < len(file.tokens):
            yield group.start, file.tokens[group.closed].start


def _is_field(source: SourceFile, start: int, blocks: Sequence[tuple[int, int]]) -> bool:
    """Whether a value is that of a whole file or of a class; what a function names may be anything."""
    line, column = source.position(max(start, 0))
    begin = source.line_starts[line - 1]
    before = source.text[begin : begin + column - 1]
    if not before[:1].isspace() or _FIELD.search(before):
        return True
    last = bisect_right(blocks, (start, 0)) - 1
    return last >= 0 and start < blocks[last][1]


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
    if value is not None and plausible(str(value), bare=False) and versioned(str(value)):
        yield Candidate.of(value, Role.WORKLOAD, Confidence.HEURISTIC)


FORMAT = Format(
    name="image_constants",
    patterns=("*.{go,java,kt,scala,py,ts,mts,js,mjs,cjs,cs,rs,rb}",),
    words=((b"mage", b"MAGE"),),
    extract=extract,
    own_code=True,
    general=True,
    specification="https://pkg.go.dev/github.com/distribution/reference",
)
