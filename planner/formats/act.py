"""act, and the runners of Gitea and Forgejo: the image that stands for a label such as `ubuntu-latest`."""

import re
from collections.abc import Iterator

from planner.formats._base import Binding, Candidate, Format, Given
from planner.formats._select import scalars_at
from planner.formats._yaml import parse
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_PLATFORM = re.compile(r"(?m)^[ \t]*+(?:-P|--platform)(?:[ \t]++|=)[\"']?[\w.\- ]*?=(?P<image>[^\s\"']++)")
_LABEL = re.compile(r"[^:]*+:docker://(?P<image>.++)\Z")
_HOST = "-self-hosted"
_LABELS = ("runner.labels[]", "labels[]", "server.connections.*.labels[]")


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate | Binding]:
    """Yield the images of the labels."""
    if "docker://" in source.text:
        yield from _labels(source)
    for line in _PLATFORM.finditer(source.text):
        if line["image"] != _HOST:
            yield Candidate.of(Text.at(line.start("image"), line["image"]), Role.STEP)


def _labels(source: SourceFile) -> Iterator[Candidate]:
    for document in parse(source).documents:
        for scalar in (each for path in _LABELS for each in scalars_at(document, path)):
            if label := _LABEL.match(scalar.value):
                yield Candidate.of(scalar.text.cut(label.start("image"), label.end()), Role.STEP)


FORMAT = Format(
    name="act",
    patterns=(
        ".actrc",
        "actrc",
        "*.actrc",
        ".runner",
        "*runner*.y{a,}ml",
        "config*.y{a,}ml",
        "act_runner/**/*.y{a,}ml",
    ),
    words=((b"docker://", b"-P", b"--platform"),),
    extract=extract,
    builds=True,
    specification="https://nektosact.com/usage/runners.html",
)
