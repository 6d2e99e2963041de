"""Testcontainers and dockertest: the images that tests start, in eleven languages and in settings.

What a constructor, `DockerImageName`, a request or `Run` is given is pulled; what is built from a Dockerfile
or is only compared with is not. Module classes check the repository of their image, so one that moves needs
`asCompatibleSubstituteFor`; `hub.image.name.prefix` moves all of them.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from planner.formats import _code as code
from planner.formats import _code_kept as kept
from planner.formats import _testcontainers_builders as builders
from planner.formats import _testcontainers_classes as classes
from planner.formats import _testcontainers_defaults as unnamed
from planner.formats import _testcontainers_elixir as elixir
from planner.formats import _testcontainers_go as go
from planner.formats import _testcontainers_java as java
from planner.formats import _testcontainers_prefix as prefix
from planner.formats import _testcontainers_rust as rust
from planner.formats import _testcontainers_shared as shared
from planner.formats._base import Candidate, Format, Given, Item
from planner.formats._code_file import CodeFile
from planner.formats._official_images import is_official
from planner.formats._testcontainers_jdbc import urls
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_SETTINGS = "testcontainers.properties"
_SETTING = re.compile(r"^[ \t]*+\w++\.container\.image[ \t]*+[=:][ \t]*+(?P<image>[^\s\\]++)", re.MULTILINE)
_NO_CODE = (".properties", ".yml", ".yaml", ".xml", ".conf", ".toml")
_JVM = (code.JAVA, code.KOTLIN, code.GROOVY, code.SCALA)
_MENTIONED = "estcontainers"


def extract(source: SourceFile, given: Given) -> Iterator[Item]:
    """Yield the images that a file of tests or of settings names, and those it keeps for other files."""
    for item in _items(source, prefix.others(given)):
        found = prefix.prefixed(item, given, source.path) if isinstance(item, Candidate) else item
        if not (isinstance(found, Candidate) and _is_made_up(found)):
            yield found
    yield from prefix.bindings(source)


def _is_made_up(item: Candidate) -> bool:
    """Whether a test names what Docker Hub cannot have: no namespace, and no official image."""
    value = str(item.value)
    return item.role is Role.TEST and not item.problem and "/" not in value and not is_official(value)


def _items(source: SourceFile, given: Given) -> Iterator[Item]:
    yield from urls(source.text)
    if source.path.endswith(_SETTINGS):
        for match in _SETTING.finditer(source.text):
            yield Candidate.of(Text.at(match.start("image"), match["image"]), Role.TEST)
    elif PurePosixPath(source.path).suffix not in _NO_CODE:
        yield from _code(source, given)


def _code(source: SourceFile, given: Given) -> Iterator[Item]:
    file = kept.with_kept(source, CodeFile.read(source), given)
    yield from kept.definitions(source, file)
    mentioned = _MENTIONED in source.text
    if mentioned and (file.language in _JVM or file.language is code.PYTHON):
        yield from unnamed.images(source, file)
    if file.language is code.GO:
        yield from go.images(file)
    elif file.language is code.RUST:
        yield from (*builders.rust(file), *rust.images(file)) if mentioned else ()
    elif file.language is code.ELIXIR:
        yield from elixir.images(file)
    elif file.language is code.CSHARP:
        yield from builders.dotnet(file, mentioned=mentioned)
        yield from unnamed.of_builders(file) if mentioned else ()
    elif file.language in _JVM:
        yield from _jvm(file, given, mentioned=mentioned)
    else:
        yield from classes.images(file, java.ImageNames.of(file), mentioned=mentioned)


def _jvm(file: CodeFile, given: Given, *, mentioned: bool) -> Iterator[Item]:
    own = java.ImageNames.of(file)
    file, names = shared.filled(file, own, given)
    choosy = any(classes.is_choosy(call.name) for call in file.calls())
    found = [*java.images(file, names, choosy=choosy), *classes.images(file, names, mentioned=mentioned)]
    yield from found
    yield from shared.bindings(file, own)
    yield from shared.definitions(file, found, given)


FORMAT = Format(
    name="testcontainers",
    patterns=(
        "*.{java,kt,kts,groovy,scala,go,py,js,mjs,cjs,ts,tsx,mts,cts,cs,rs,rb,php,ex,exs}",
        "*.properties",
        "{application,bootstrap}*.{yml,yaml,conf,toml}",
        "{persistence,hibernate.cfg,pom}.xml",
    ),
    words=(
        (b"ontainer", b"ocker", b":tc:"),  # cheap to look for, and in few files
        (
            b"estcontainers", b"dockertest", b"DockerImageName", b"Container<", b"jdbc:tc:", b"r2dbc:tc:",
            b".container.image", b"GenericContainer", b"SqlBuilder(", b"ContainerBuilder(", b"DbBuilder(",
            b"dktest", b"RedisBuilder(", b"RabbitMqBuilder(", b"KafkaBuilder(", b"ElasticsearchBuilder(",
            b"WaitingFor:", b"ExposedPorts:",
        ),
    ),
    extract=extract,
    own_code=True,
    specification="https://java.testcontainers.org/features/configuration/",
)  # fmt: skip
