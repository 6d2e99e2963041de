"""JKube and docker-maven-plugin: base images, the images run beside a build, and names it builds.

An image with a `build` section is built, one without is pulled and run. The plugins of Spotify are read as
well. In names, `%a`, `%v` and the like are filled in by the plugin.
"""

import posixpath
import re
from collections.abc import Iterator

from msgspec.structs import replace

from planner.formats import _gradle as gradle
from planner.formats import _maven as maven
from planner.formats._base import Binding, Candidate, Format, Given
from planner.formats._build_arguments import binding, dockerfile, images
from planner.formats._docker_commands import image
from planner.formats._gradle import Script
from planner.formats._maven import Pom
from planner.formats._shell_words import Piece, Word
from planner.formats._xml import Element, problems
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_FABRIC8 = "docker-maven-plugin"
_PLUGINS = (_FABRIC8, "kubernetes-maven-plugin", "openshift-maven-plugin", "fabric8-maven-plugin")
_SPOTIFY = "dockerfile-maven-plugin"
_FROM = re.compile(r"(?:(?:jkube|fabric8)\.generator\.(?:[\w-]+\.)?|docker\.|jkube\.docker\.)from\Z")
_NAME = re.compile(r"(?:jkube|fabric8)\.generator\.(?:[\w-]+\.)?name\Z")
_HOST = re.compile(r"(?=[^/.:]*+[.:])[^/]*+/|localhost/")
_BASEDIR = re.compile(r"\$\{(?:project\.)?basedir\}/?")
_EXTENSION = "kubernetes|openshift"


def extract(source: SourceFile, given: Given) -> Iterator[Candidate | Binding]:
    """Yield what images are built on, what is run, and what is built."""
    if source.path.endswith((".gradle", ".kts")):
        yield from _gradle(Script.read(source, given))
        return
    pom = Pom.read(source, given)
    plugins = [*pom.plugins(*_PLUGINS, _SPOTIFY)]
    for plugin in plugins:
        for configuration in maven.configurations(plugin):
            yield from _configuration(pom, configuration, plugin.value("artifactId"))
    for name in pom.own:
        role = Role.BASE if _FROM.match(name) else Role.OUTPUT if _NAME.match(name) else None
        for word in pom.setting(name) if role else ():
            yield from image(word, role or Role.BASE)
    if plugins:
        yield from problems(pom.xml, Role.BASE)


def _configuration(pom: Pom, found: Element, plugin: str) -> Iterator[Candidate | Binding]:
    registry = _registry(pom, found) if plugin == _FABRIC8 else None
    for each in found.all("images", "image"):
        yield from _image(pom, each, registry)
    for section in found.all("generator", "config", "*"):
        if section.value("fromMode") != "istag":
            for element in section.all("from"):
                yield from image(pom.word(element.text), Role.BASE)
    for element in found.all("baseImage"):
        yield from image(pom.word(element.text), Role.BASE)
    for name in ("imageName", "repository"):
        for element in found.all(name):
            yield from image(pom.word(element.text), Role.OUTPUT)
    if plugin == _SPOTIFY:
        folder = found.value("contextDirectory") or "."
        yield from _arguments(pom, found.first("buildArgs"), posixpath.join(folder, "Dockerfile"))


def _registry(pom: Pom, found: Element) -> Word | None:
    """Return the registry of images that do not name theirs."""
    for name in ("pullRegistry", "registry"):
        if (element := found.first(name)) is not None and element.pieces:
            return pom.word(element.text)
    return next(
        (word for name in ("docker.pull.registry", "docker.registry") for word in pom.setting(name)), None
    )


def _image(pom: Pom, found: Element, registry: Word | None) -> Iterator[Candidate | Binding]:
    own = found.first("registry")
    registry = pom.word(own.text) if own is not None and own.pieces else registry
    build, name = found.first("build"), found.first("name")
    if name is not None and name.pieces:
        word = pom.word(name.text)
        if build is not None:
            yield from image(word, Role.OUTPUT)
        elif found.first("external") is None:
            yield from _pulled(word, registry, Role.SERVICE)
    if build is None:
        return
    if build.value("fromExt", "kind") != "ImageStreamTag":
        for path in (("from",), ("fromExt", "name")):
            for element in build.all(*path):
                yield from _pulled(pom.word(element.text), registry, Role.BASE)
    for element in build.all("cacheFrom", "image"):
        yield from image(pom.word(element.text), Role.CACHE)
    for element in build.all("buildpacks", "builderImage"):
        yield from image(pom.word(element.text), Role.BASE)
    yield from _arguments(pom, build.first("args"), _file(build))


def _pulled(word: Word, registry: Word | None, role: Role) -> Iterator[Candidate]:
    if registry is None or not str(registry) or _HOST.match(str(word)) or str(word) == "scratch":
        yield from image(word, role)
        return
    slash = Piece.literal(Text.of("/"))
    written = word.written
    for each in image(Word((*registry.pieces, slash, *word.pieces)), role):
        yield replace(each, start=max(written.start, 0), spelled=str(written))


def _file(build: Element) -> str:
    """Return the Dockerfile of a build, relative to the POM."""
    folder = build.value("dockerFileDir") or build.value("contextDir")
    name = build.value("dockerFile")
    if name and not build.value("contextDir"):
        folder = folder or ("" if _BASEDIR.match(name) else "src/main/docker")
    return posixpath.join(_BASEDIR.sub("", folder), _BASEDIR.sub("", name or "Dockerfile"))


def _arguments(pom: Pom, found: Element | None, file: str) -> Iterator[Candidate | Binding]:
    if found is None:
        return
    given = [(each.name, pom.word(each.text)) for each in found.all("*") if each.pieces]
    yield from images(given)
    file = _BASEDIR.sub("", file)
    if "$" not in file:
        yield from binding(dockerfile(posixpath.dirname(pom.path), file), given)


def _gradle(script: Script) -> Iterator[Candidate]:
    yield from script.images(Role.BASE, _EXTENSION, "images", "build", "from")
    yield from script.images(Role.BASE, _EXTENSION, "generator", "from")
    for setting in script.settings(_EXTENSION, "images", "name"):
        yield from image(setting.word, Role.OUTPUT)


FORMAT = Format(
    name="jkube",
    patterns=(*maven.PATTERNS, *gradle.PATTERNS),
    words=(
        (
            b"docker-maven-plugin", b"kubernetes-maven-plugin", b"openshift-maven-plugin",
            b"fabric8-maven-plugin", b"dockerfile-maven-plugin", b"jkube",
        ),
    ),
    extract=extract,
    specification="https://eclipse.dev/jkube/docs/kubernetes-maven-plugin/#image-configuration",
)  # fmt: skip
