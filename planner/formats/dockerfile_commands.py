"""Commands of a Dockerfile: what RUN, CMD, ENTRYPOINT and HEALTHCHECK pull, and files that COPY makes.

An image may be built with images in it (`RUN skopeo copy docker://…`), or run others when it runs
(`CMD docker run …`). All commands are read as one script, in which ARG and ENV are assignments. A Dockerfile
that is put into an image is built by nothing here, so it is not read.
https://docs.docker.com/reference/dockerfile/#shell-and-exec-form
"""

import posixpath
import re
from collections.abc import Iterator

from planner.formats._base import Candidate, Embedded, Format, Given
from planner.formats._container_commands import Ran, in_script, is_shell
from planner.formats._dockerfile_directives import header
from planner.formats._dockerfile_flags import flags
from planner.formats._dockerfile_heredocs import is_list
from planner.formats._dockerfile_kind import PATTERNS, read
from planner.formats._dockerfile_lines import Instruction
from planner.formats._shell_words import Value, Word
from planner.model.source import SourceFile, Text

_RUN = frozenset({"run", "cmd", "entrypoint", "healthcheck"})
_SET = re.compile(r"\w++=(?:\"(?:[^\"\\]|\\.)*+\"|'[^']*+'|\\.|[^\s\"'\\;&|()<>`]++)*+")
_OLD = re.compile(r"(?P<name>\w++)[ \t]++(?P<value>[^\s=\"'\\;&|()<>`]++)\Z")  # ENV NAME VALUE
_STRING = re.compile(r"\"(?:[^\"\\]|\\.)*+\"")
_DOCKERFILE = re.compile(r"(?i)(?:docker|container)file")
_CHECK = re.compile(r"(?i)CMD\s+")
_LINE = Text.of("\n")
_SPACE = Text.of(" ")


def extract(source: SourceFile, given: Given) -> Iterator[Ran]:
    """Yield the images that commands name, and the files that here-documents hold."""
    head = header(source.text)
    escape, pieces = head.escape, list[Text]()
    for each in read(source, head, given)[0]:
        while each.keyword == "onbuild":
            each = each.nested(escape)
        if each.keyword in _RUN:
            pieces += _command(source.text, each, escape)
        elif each.keyword in ("arg", "env"):
            pieces += _settings(each, given)
        elif each.keyword in ("copy", "add"):
            yield from _files(source.text, each)
    known = {name: (Value(value),) for name, value in given.items()}
    for found in in_script(Word.literal(Text.join(pieces)), source.path, known):
        if isinstance(found, Candidate):
            yield found


def _command(text: str, each: Instruction, escape: str) -> Iterator[Text]:
    """Yield the pieces of a script that does what an instruction does."""
    line, start = each.line, flags(each.line, each.rest, escape).end
    if each.keyword == "healthcheck" and (check := _CHECK.match(line.text, start)):
        start = check.end()
    command = line.text[start:]
    if is_list(command):
        for string in _STRING.finditer(line.text, start):
            yield from (line.cut(*string.span()), _SPACE)
    elif not command.startswith("<<"):
        yield line.cut(start, len(line.text))
        yield from (_LINE, *(Text.at(first, text[first:end]) for first, end in _whole(text, each)))
    elif each.documents and is_shell(_at(text, each.documents[0])):
        yield Text.at(each.documents[0][0], _at(text, each.documents[0]))
    yield _LINE


def _whole(text: str, each: Instruction) -> Iterator[tuple[int, int]]:
    """Yield where the here-documents of a command stand, with the line that ends each."""
    for start, stop in each.documents:
        end = text.find("\n", stop)
        yield start, len(text) if end < 0 else end + 1


def _settings(each: Instruction, given: Given) -> Iterator[Text]:
    """Yield the assignments that ARG and ENV are; an argument that others give keeps their value."""
    line = each.line
    old = _OLD.match(line.text, each.rest) if each.keyword == "env" else None
    if old:
        yield from (line.cut(*old.span("name")), Text.of("="), line.cut(*old.span("value")), _LINE)
        return
    for setting in _SET.finditer(line.text, each.rest):
        if each.keyword == "env" or setting[0].partition("=")[0] not in given:
            yield from (line.cut(*setting.span()), _LINE)


def _files(text: str, each: Instruction) -> Iterator[Embedded]:
    """Yield the files that COPY and ADD make of here-documents; one alone is called what it is copied to."""
    if len(each.documents) == 1:
        name = posixpath.basename(each.line.text.split()[-1].strip("\"'"))
        if not _DOCKERFILE.search(name):
            yield Embedded(Text.at(each.documents[0][0], _at(text, each.documents[0])), name)


def _at(text: str, place: tuple[int, int]) -> str:
    return text[slice(*place)]


FORMAT = Format(
    name="dockerfile_commands",
    patterns=PATTERNS,
    words=(
        (
            b"<<", b"docker ", b"docker\"", b"podman ", b"podman\"", b"nerdctl ", b"buildah ", b"skopeo ",
            b"crane ", b"regctl ", b"oras ", b"kubectl ", b"helm ", b"singularity ", b"apptainer ", b"ctr ",
        ),
    ),
    extract=extract,
    builds=True,
    specification="https://docs.docker.com/reference/dockerfile/#run",
)  # fmt: skip
