"""Code documents: Kubernetes manifests, Compose files and Dockerfiles that programs hold as strings.

Each is read as such a file is. Lines whose image the program fills in say nothing. In files of tests names
are often made up; read are the Dockerfiles of tests from end to end, and of those that start containers.
"""

import re
from collections.abc import Iterator

from planner.formats import _code as code
from planner.formats._base import Embedded, Format, Given
from planner.formats._code_file import CodeFile
from planner.formats._code_tests import is_test
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_LONGEST = 60_000  # characters of a string
_MOST = 500  # strings of a file
_FROM = re.compile(r"FROM[ \t]+\S")
_QUOTES = "\"'`"
_INDENT = 80  # characters of white space before it, at most
_MANIFEST = re.compile(
    r"(?m)^[ \t]*apiVersion:[^\0]{0,20000}?^[ \t]*kind:|^[ \t]*kind:[^\0]{0,20000}?^[ \t]*apiVersion:"
)
_COMPOSE = re.compile(r"(?m)\A\s*(?:(?:#[^\n]*|version:[^\n]*|name:[^\n]*)\n\s*)*services:[ \t]*$")
_DOCKERFILE = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*(?:[ \t]*ARG [^\n]*\n+)*[ \t]*FROM[ \t]+\S")
_INSTRUCTION = re.compile(
    r"(?m)^[ \t]*(?:RUN|COPY|ADD|CMD|ENTRYPOINT|WORKDIR|ENV|EXPOSE|USER|LABEL|ARG|VOLUME|HEALTHCHECK)[ \t]"
)
_LINE = re.compile(r"[^\n]*\n?")
_IMAGE = re.compile(r"(?:\A|[\s{,])[\"']?image[\"']?[ \t]*:|\A[ \t]*FROM[ \t]|--from=")
_STAGE = re.compile(r"[ \t]*FROM[ \t][^\n]*?(?P<name>[ \t]+(?:AS|as)[ \t]+[\w.-]+)?[ \t]*\n?\Z")
_FILLED = re.compile(
    r"(?<!\$)\{\w*\}|%[-+\d.]*[a-zA-Z]|\{\{|\}\}|<%|\$\{?\{|@@?\w+@|<[\w-]+>|__\w+__|\+[ \t]*\w+[ \t]*\+"
)
_STARTS = re.compile(r"estcontainers|dockertest")
_BUILT = "dockerfile"
_FROM_END_TO_END = re.compile(r"(?i)e2e|end[-_]?to[-_]?end|integration|acceptance")


def extract(source: SourceFile, _given: Given) -> Iterator[Embedded]:
    """Yield the files that stand in the strings of a program."""
    if not _is_likely(source.text):
        return
    test = is_test(source.path)
    if test and not (_FROM_END_TO_END.search(source.path) or _STARTS.search(source.text)):
        return
    found = 0
    for token in CodeFile.read(source).tokens:
        if token.kind is not code.Kind.STRING or "\n" not in token.text or len(token.text) > _LONGEST:
            continue
        kind = _kind(token.text)
        if kind and not (test and kind != _BUILT):
            found += 1
            yield Embedded(_known(token), formats=(kind,), role=Role.TEST if test else None)
        if found >= _MOST:
            return


def _is_likely(text: str) -> bool:
    """Whether a text may hold such a file; it is asked before a program is parsed, and few do."""
    manifest = "apiVersion:" in text and "kind:" in text
    if "image" in text and (manifest or "services:" in text):
        return True
    return any(_begins(text, match.start(), match.end() - 1) for match in _FROM.finditer(text))


def _begins(text: str, start: int, image: int) -> bool:
    """Whether `FROM` begins a line of a string that has several."""
    lead = text[max(start - _INDENT, 0) : start].rstrip(" \t")
    quote = lead[-1:]
    if quote in _QUOTES and not lead.endswith(quote * 3):
        line = text[image : max(text.find(quote, image), image)]
        return "\n" in line or "\\n" in line
    return quote in "\r\n" or quote in _QUOTES or lead.endswith("\\n")


def _kind(text: str) -> str:
    """Return the format of a text; empty where it is no file that names images."""
    if "image" in text and _MANIFEST.search(text):
        return "kubernetes"
    if "image" in text and _COMPOSE.match(text):
        return "compose"
    return _BUILT if _DOCKERFILE.match(text) and _INSTRUCTION.search(text) else ""


def _known(token: code.Token) -> Text:
    """Return the text without the images that are filled in."""
    value, kept = token.value, []
    holes = [(hole.start, hole.stop) for hole in token.holes]
    for match in _LINE.finditer(token.text):
        line, (start, stop) = match[0], match.span()
        open_ = _FILLED.search(line) or any(start <= low < stop for low, _ in holes)
        if open_ and (stage := _STAGE.match(line)):
            kept.append(Text.of(f"FROM scratch{stage['name'] or ''}\n"))
        elif line and not (open_ and _IMAGE.search(line)):
            kept.append(value.cut(start, stop))
    return Text.join(kept)


FORMAT = Format(
    name="code_documents",
    patterns=("*.{go,py,js,mjs,cjs,ts,mts,cts,tsx,java,kt,kts,scala,cs,rs,rb,php}",),
    words=((b"apiVersion:", b"services:", b"FROM "), (b"image", b"FROM ")),
    extract=extract,
    own_code=True,
    general=True,
    specification="https://kubernetes.io/docs/concepts/overview/working-with-objects/",
)
