"""act, and the runners of Gitea and Forgejo: the image that stands for a label such as `ubuntu-latest`.

Where neither `.actrc` nor the command that starts act names one, act takes what it was told to when it was
first started on that machine.
"""

import re
from collections.abc import Iterator

from planner.formats._base import Binding, Candidate, Format, Given
from planner.formats._implicit import ACT, Pull
from planner.formats._moved import REST, SCRIPTS, around, is_moved, moved
from planner.formats._select import scalars_at
from planner.formats._yaml import parse
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_IMAGE = r"(?:-P|--platform)(?:[ \t]++|=)[\"']?[\w.\- ]*?=(?P<image>[^\s\"']++)"
_PLATFORM = re.compile(rf"(?m)^[ \t]*+{_IMAGE}")
_OPTION = re.compile(rf"(?<!\S){_IMAGE}")
_LABEL = re.compile(r"[^:]*+:docker://(?P<image>.++)\Z")
_HOST = "-self-hosted"
_LABELS = ("runner.labels[]", "labels[]", "server.connections.*.labels[]")
_EVENT = r"(?:push|pull_request|workflow_dispatch|schedule|release)"
_COMMAND = re.compile(
    r"(?m)(?:^|[;&|(`]|\b(?:run|cmd|command|script)[ \t]*+:|\"[ \t]*+:[ \t]*+\"|\b(?:sudo|exec|gh)(?=[ \t]))"
    rf"[ \t@+'\"-]*+(?P<act>act)(?=[ \t]+(?:-{{1,2}}[A-Za-z]|{_EVENT}[ \t]*(?:$|[-;&|>\"'\\`)]))){REST}"
)
_LIKELY = re.compile(r"\bact[ \t]+[-pwsr]")  # looked for before commands are: few files have it
_RUNNERS = re.compile(r"(?:(?:runner|config)[^/]*\.ya?ml|\.runner)\Z|(?:\A|/)act_runner/")
_NO_RUN = re.compile(r"(?<!\S)(?:-l|--list|-g|--graph|-h|--help|--version|--validate|--bug-report)(?!\S)")
_RUNNER = Pull(
    ACT, "set -P LABEL=IMAGE in .actrc to move it", "the size of images chosen when act was first started"
)


def extract(source: SourceFile, given: Given) -> Iterator[Candidate | Binding]:
    """Yield the images of the labels, and what act takes where it is started without."""
    if "docker://" in source.text and _RUNNERS.search(source.path):
        yield from _labels(source)
    if source.path.endswith("actrc"):
        yield from _settings(source)
    elif _LIKELY.search(source.text):
        yield from _commands(source, given)


def _settings(source: SourceFile) -> Iterator[Candidate | Binding]:
    found = list(_PLATFORM.finditer(source.text))
    yield from _named(found, 0)
    if found:
        yield moved(around(source.path), "act", "", source.path)


def _commands(source: SourceFile, given: Given) -> Iterator[Candidate]:
    told = is_moved(source.path, given)
    for command in _COMMAND.finditer(source.text):
        rest = command["rest"]
        images = list(_OPTION.finditer(rest))
        yield from _named(images, command.start("rest"))
        if not images and not told and "$" not in rest and not _NO_RUN.search(rest):
            yield _RUNNER.at(command.start("act"), command["act"])
            told = True


def _named(found: list[re.Match[str]], start: int) -> Iterator[Candidate]:
    """Yield what options name in a text that begins at `start`; a variable there is not followed."""
    for match in found:
        image = Text.at(start + match.start("image"), match["image"])
        if match["image"] != _HOST and "$" not in match["image"]:
            yield Candidate.of(image, Role.STEP)


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
        "act_runner/**/*.y{a,}ml",
        *SCRIPTS,
    ),
    words=(
        (
            b"docker://", b"-P", b"--platform", b"act -", b"act push", b"act pull_request",
            b"act workflow_dispatch", b"act schedule", b"act release",
        ),
    ),
    extract=extract,
    builds=True,
    specification="https://nektosact.com/usage/runners.html",
)  # fmt: skip
