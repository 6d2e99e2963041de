"""Ryuk: what Testcontainers starts beside every test, and the settings that name another image for it.

One finding for each project: modules below one that uses Testcontainers in the same language, and beside it
below the same parent, say nothing new. Which tag is pulled is decided by the installed version.
"""

import re
from collections.abc import Iterator, Mapping

from planner.formats import _testcontainers_prefix as prefix
from planner.formats import _testcontainers_users as users
from planner.formats._base import Binding, Candidate, Format, Given
from planner.formats._implicit import RYUK, Pull
from planner.formats._testcontainers_users import Use
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_VARIABLE = "TESTCONTAINERS_RYUK_CONTAINER_IMAGE"
_KNOBS: Mapping[str, str] = {
    users.JVM: f"set {_VARIABLE}, or ryuk.container.image in testcontainers.properties, to move it",
    users.DOTNET: f"set {_VARIABLE}, or ryuk.container.image in .testcontainers.properties, to move it",
    users.NODE: "set RYUK_CONTAINER_IMAGE to move it",
    users.PYTHON: "set RYUK_CONTAINER_IMAGE to move it",
    users.GO: "set TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX to move it",
}
_BETWEEN = r"[\"']?\s{0,20}[:=>,\s]\s{0,20}(?:-\s)?(?:value\s?[:=]\s?|to\s)?[\"']?"
_ALONE = r"(?<![\w.$])(?<!\$\{)"
_SETTING = re.compile(
    rf"{_ALONE}(?:(?:TESTCONTAINERS_)?RYUK_CONTAINER_IMAGE|ryuk\.container\.image){_BETWEEN}"
    r"(?P<image>[a-z0-9][a-z0-9._-]*+(?:[:/][\w./:@-]++)?)?(?P<more>[^\s\"'<,)};\]]?)"
    rf"|{_ALONE}(?:TESTCONTAINERS_RYUK_DISABLED|ryuk\.disabled){_BETWEEN}(?:true|1)\b"
    rf"|{_ALONE}(?:{prefix.VARIABLE}|hub\.image\.name\.prefix){_BETWEEN}"
    r"(?:(?P<prefix>[\w.:/-]++)(?![^\s\"'<,)};\]])|[^\s\"'<,])"
)
_COMMENT = re.compile(r"[^\n]*?(?:(?<!\S)(?:#|//|--|\*|rem\b)|<!--)")
_MOVED = "moved"


def extract(source: SourceFile, given: Given) -> Iterator[Candidate | Binding]:
    """Yield Ryuk where a project uses Testcontainers and nothing in the tree names another image for it."""
    settings = list(_settings(source.text))
    for each in settings:
        if each["image"] and not each["more"] and re.search("[:/]", each["image"]):
            yield Candidate.of(Text.at(each.start("image"), each["image"]), Role.TEST)
        if each["prefix"]:
            variables = {prefix.VARIABLE: Text.at(each.start("prefix"), each["prefix"])}
            target = prefix.below(prefix.project(source.path))
            yield Binding(target, "testcontainers", variables, always=True)
    if settings:
        yield _told(prefix.project(source.path), _MOVED, source.path)
    used = users.use(source)
    if used is not None:
        yield _told(used.root, f"{used.ecosystem}\n{used.root}", source.path)
        if not settings and _MOVED not in given and not _is_told(used, source.path, given):
            pull = Pull(RYUK, _KNOBS[used.ecosystem], "the installed Testcontainers")
            yield pull.at(used.start, used.spelled)


def _settings(text: str) -> Iterator[re.Match[str]]:
    for match in _SETTING.finditer(text):
        if not _COMMENT.match(text, text.rfind("\n", 0, match.start()) + 1, match.start()):
            yield match


def _told(folder: str, fact: str, path: str) -> Binding:
    return Binding(prefix.below(folder), "ryuk", {fact: Text.of(path)}, always=True)


def _is_told(used: Use, path: str, given: Given) -> bool:
    """Whether another file of the project tells it: one further up, or the last beside this one."""
    for key, other in given.items():
        ecosystem, _, root = key.partition("\n")
        if ecosystem == used.ecosystem and (len(root) < len(used.root) or str(other) != path):
            return True
    return False


FORMAT = Format(
    name="ryuk",
    patterns=(
        *users.PATTERNS,
        "*testcontainers.properties",
        "*.y{a,}ml",
        ".env*",
        "*.env",
        "*.{sh,bash,mk}",
        "*Dockerfile*",
        "{Makefile,GNUmakefile,Jenkinsfile,justfile,Earthfile,Taskfile,tox.ini,pytest.ini,devcontainer.json}",
        "{mise,.mise}.toml",
    ),
    words=((b"estcontainers", b"RYUK_", b"HUB_IMAGE_NAME_PREFIX", b"hub.image.name.prefix", b"ryuk."),),
    extract=extract,
    own_code=True,
    general=True,
    specification="https://java.testcontainers.org/features/configuration/#customizing-ryuk-resource-reaper",
)
