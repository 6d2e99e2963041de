"""Files in which a project says that it uses Testcontainers: the dependencies of five ecosystems.

What only manages a version for others (`dependencyManagement`, a BOM), or comes with another dependency,
is no use.
"""

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from planner.formats import _groovy as groovy
from planner.formats._code import GROOVY, KOTLIN, Kind, Token
from planner.formats._maven import Pom
from planner.formats._toml import strings
from planner.formats._xml import attribute
from planner.formats._xml import parse as xml
from planner.formats._yaml import Mapping as Node
from planner.formats._yaml import parse as json
from planner.model.source import SourceFile

JVM, NODE, GO, PYTHON, DOTNET = "Java", "Node.js", "Go", "Python", ".NET"
PATTERNS = (
    "pom.xml", "*.pom", "*.gradle", "*.gradle.kts", "*.versions.toml", "*.sbt", "package.json", "go.mod",
    "*requirements*.{txt,in}", "requirements/*.txt", "pyproject.toml", "Pipfile", "setup.py", "setup.cfg",
    "*.{cs,fs,vb}proj",
)  # fmt: skip
_GROUP = "org.testcontainers"
_REQUIREMENT = re.compile(
    r"(?mi)^[ \t]*+(?P<name>testcontainers)(?:\[[^\]\n]{0,200}\])?[ \t]*+(?:[=<>!~;@#]|\r?$)"
)
_REQUIRED = re.compile(r"(?i)testcontainers(?:\[[^\]]{0,200}\])?\s*(?:[=<>!~;@].*)?\Z")
_QUOTED = re.compile(
    r"(?mi)^[^#\n]*?[\"'](?P<name>testcontainers)(?:\[[^\]\n]{0,200}\])?(?:[=<>!~;@ ][^\n]*?)?[\"']"
)
_GO_MODULE = re.compile(
    r"(?m)^(?:require[ \t]+|[ \t]+)(?P<name>github\.com/testcontainers/testcontainers-go)(?:/\S+)?[ \t]+v\S+"
    r"[ \t]*\r?(?:$|//(?![^\n]*\bindirect\b))"
)
_SBT = re.compile(
    r"(?m)^(?![ \t]*(?://|\*))[^\n]*?\"(?P<name>org\.testcontainers|com\.dimafeng)\"[ \t]*%%?[ \t]*\""
)
_PACKAGES = ("dependencies", "devDependencies")
_TABLES = ("packages", "dev-packages")
_REFERENCES = ("PackageReference", "GlobalPackageReference")


class Use(Struct, frozen=True):
    """A dependency, and the folder of what it is a dependency of."""

    ecosystem: str
    start: int
    spelled: str
    root: str


def use(source: SourceFile) -> Use | None:
    """Return the first dependency of a file on Testcontainers."""
    for ending, (ecosystem, find) in _READERS.items():
        if source.path.endswith(ending):
            start, spelled = next(find(source), (-1, ""))
            return Use(ecosystem, start, spelled, _root(source)) if spelled else None
    return None


def _root(source: SourceFile) -> str:
    folder = posixpath.dirname(source.path)
    if source.path.endswith((".xml", ".pom")):
        parent = Pom.read(source, {}).parent
        above = posixpath.commonpath((f"/{folder}", f"/{posixpath.dirname(parent)}"))
        return above.lstrip("/") if parent else folder
    return posixpath.dirname(folder) if posixpath.basename(folder) in ("gradle", "requirements") else folder


_Found = Iterator[tuple[int, str]]


def _maven(source: SourceFile) -> _Found:
    root = xml(source).root
    for place in ((), ("profiles", "profile")) if root is not None else ():
        for dependency in root.all(*place, "dependencies", "dependency") if root is not None else ():
            group = dependency.first("groupId")
            if group is not None and str(group.text) == _GROUP:
                yield max(group.text.start, 0), _GROUP


def _gradle(source: SourceFile) -> _Found:
    script = groovy.Script.read(source.text, KOTLIN if source.path.endswith(".kts") else GROOVY)
    before: Token | None = None
    for token in script.tokens:
        named = token.text.startswith(f"{_GROUP}:") and "-bom" not in token.text
        mapped = token.text == _GROUP and before is not None and before.text == ":"
        if token.kind is Kind.STRING and (named or mapped) and not _excluded(source.text, token.start):
            yield max(token.value.start, 0), token.text
        before = token


def _excluded(text: str, place: int) -> bool:
    return "exclude" in text[text.rfind("\n", 0, place) + 1 : place]


def _catalog(source: SourceFile) -> _Found:
    for string in strings(source.text):
        text = str(string.value)
        if string.keys[:1] != ("libraries",) or "-bom" in text:
            continue
        if text.startswith(f"{_GROUP}:") or (text == _GROUP and string.keys[-1] == "group"):
            yield max(string.value.start, 0), text


def _npm(source: SourceFile) -> _Found:
    for document in json(source).documents:
        for section in _PACKAGES if type(document) is Node else ():
            packages = document.get(section) if type(document) is Node else None
            for name, _ in packages.entries() if type(packages) is Node else ():
                if name.value == "testcontainers" or name.value.startswith("@testcontainers/"):
                    yield max(name.text.start, 0), name.value


def _python(source: SourceFile) -> _Found:
    for string in strings(source.text):
        keys, text = string.keys, str(string.value)
        listed = keys[0] in ("project", "dependency-groups", "build-system") and keys[-1] == "[]"
        if listed and _REQUIRED.match(text):
            yield max(string.value.start, 0), text
        named = keys[:2] == ("tool", "poetry") or keys[0] in _TABLES
        if (
            named
            and "testcontainers" in keys
            and any("dependencies" in key or key in _TABLES for key in keys)
        ):
            yield max(string.value.start, 0), text


def _dotnet(source: SourceFile) -> _Found:
    root = xml(source).root
    for element in root.walk() if root is not None else ():
        name = attribute(source, element, "Include") if element.name in _REFERENCES else None
        if name is not None and re.match(r"(?i)(?:dotnet\.)?testcontainers(?:\.|\Z)", str(name)):
            yield max(name.start, 0), str(name)


def _written(pattern: re.Pattern[str]) -> Callable[[SourceFile], _Found]:
    def find(source: SourceFile) -> _Found:
        for match in pattern.finditer(source.text):
            yield match.start("name"), match["name"]

    return find


_READERS: Mapping[str, tuple[str, Callable[[SourceFile], _Found]]] = {
    ".versions.toml": (JVM, _catalog),
    ".xml": (JVM, _maven),
    ".pom": (JVM, _maven),
    ".gradle": (JVM, _gradle),
    ".gradle.kts": (JVM, _gradle),
    ".sbt": (JVM, _written(_SBT)),
    "package.json": (NODE, _npm),
    "go.mod": (GO, _written(_GO_MODULE)),
    ".txt": (PYTHON, _written(_REQUIREMENT)),
    ".in": (PYTHON, _written(_REQUIREMENT)),
    "setup.cfg": (PYTHON, _written(_REQUIREMENT)),
    "setup.py": (PYTHON, _written(_QUOTED)),
    "pyproject.toml": (PYTHON, _python),
    "Pipfile": (PYTHON, _python),
    "proj": (DOTNET, _dotnet),
}
