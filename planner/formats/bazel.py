"""Bazel: the images that rules pull, those that actions run in, and the names that rules push to.

Rules of rules_oci, rules_docker and rules_img are known, also under names that a file gives them.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from planner.formats._base import Candidate, Format, Given
from planner.formats._bazel_rules import Rules
from planner.formats._code import Kind, Token
from planner.formats._code_file import CodeFile
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_SCHEME = "docker://"
_EXECUTED = ("container-image", "container_image")
_PROPERTY = re.compile(r'name:\s*"container-image"\s*value:\s*"docker://([^"{}%]+)"')
_OPTION = re.compile(
    r"(?m)#[^\n]*+|(?:container-image=docker://|--experimental_docker_image=)(?P<image>[^\s\"'#]++)"
)


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate]:
    """Yield the images of a file in Starlark, or of one that sets options."""
    if source.path.endswith("bazelrc"):
        yield from _options(source)
        return
    # Starlark is written like Python, which is the language that names ending in .py have
    name = PurePosixPath(source.path).name
    file = CodeFile.read(SourceFile(f"{name}.py", source.text))
    rules = Rules(file)
    for group in file.groups:
        yield from rules.read(group)
        for argument in group.arguments if group.bracket in "({" else ():
            if argument.name in _EXECUTED and argument.tokens:
                yield from _executed(file, argument.tokens)
    for token in file.tokens:
        if token.kind is Kind.STRING and "container-image" in token.text:
            for match in _PROPERTY.finditer(token.text):
                yield Candidate.of(token.value.cut(*match.span(1)), Role.STEP)


def _executed(file: CodeFile, tokens: Sequence[Token]) -> Iterator[Candidate]:
    """Yield the image in which actions run far away."""
    word = file.word(tokens)
    if str(word).startswith(_SCHEME) and len(str(word)) > len(_SCHEME):
        yield from word.cut(len(_SCHEME)).candidates(Role.STEP)


def _options(source: SourceFile) -> Iterator[Candidate]:
    for match in _OPTION.finditer(source.text):
        if match["image"] is not None:
            yield Candidate.of(Text.at(match.start("image"), match["image"]), Role.STEP)


FORMAT = Format(
    name="bazel",
    patterns=("WORKSPACE{,.bazel,.bzlmod}", "*.{bzl,bazel,BUILD,WORKSPACE}", "BUILD", "*bazelrc"),
    words=((b"pull", b"push", b"container-image", b"container_image", b"docker_image", b"repo_tags"),),
    extract=extract,
    own_code=True,
    specification="https://github.com/bazel-contrib/rules_oci/blob/main/docs/pull.md",
)
