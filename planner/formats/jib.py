"""Jib: the base image of a build and the names it pushes, in Maven, Gradle and `jib.yaml`.

`docker://` means the daemon of this machine and `tar://` a file: neither is pulled. Where no base image is
set, the one that Jib takes is reported as implicit, if the file tells which Java version it is for.
"""

from collections.abc import Iterator

from planner.formats import _gradle as gradle
from planner.formats import _jib_defaults as defaults
from planner.formats import _maven as maven
from planner.formats._base import Candidate, Format, Given
from planner.formats._gradle import Script
from planner.formats._maven import Pom
from planner.formats._select import scalars_at
from planner.formats._shell_words import Word
from planner.formats._xml import Element, problems
from planner.formats._yaml import parse
from planner.model.inventory import Role
from planner.model.source import SourceFile

_PLUGIN = "jib-maven-plugin"
_GRADLE_PLUGIN = "com.google.cloud.tools.jib"
_EXTENSION = "jib|JibExtension"
_LOCAL = ("docker://", "tar://")
_REGISTRY = "registry://"
_FROM, _TO = "jib.from.image", "jib.to.image"


def extract(source: SourceFile, given: Given) -> Iterator[Candidate]:
    """Yield what Jib builds on, and what it builds."""
    if source.path.endswith((".xml", ".pom")):
        yield from _maven(Pom.read(source, given))
    elif source.path.endswith((".yaml", ".yml")):
        for document in parse(source).documents:
            for scalar in scalars_at(document, "from.image"):
                yield from _base(Word.literal(scalar.text))
    else:
        yield from _gradle(Script.read(source, given))


def _base(word: Word) -> Iterator[Candidate]:
    text = str(word)
    if text.startswith(_REGISTRY):
        word = word.cut(len(_REGISTRY))
    if text != "scratch" and not text.startswith(_LOCAL):
        yield from word.candidates(Role.BASE)


def _output(word: Word) -> Iterator[Candidate]:
    if not str(word).startswith(_LOCAL):
        yield from word.candidates(Role.OUTPUT)


def _maven(pom: Pom) -> Iterator[Candidate]:
    found = [each for plugin in pom.plugins(_PLUGIN) for each in maven.configurations(plugin)]
    bases = [pom.word(each.text) for configuration in found for each in configuration.all("from", "image")]
    bases += pom.setting(_FROM)
    for word in bases:
        yield from _base(word)
    for configuration in found:
        for each in configuration.all("to", "image"):
            yield from _output(pom.word(each.text))
    for word in pom.setting(_TO):
        yield from _output(word)
    built = _built(pom)
    if not bases and built is not None:
        yield from defaults.of_maven(pom, built)
    if any(True for _ in pom.plugins(_PLUGIN)):
        yield from problems(pom.xml, Role.BASE)


def _built(pom: Pom) -> Element | None:
    """Return the plugin where it is part of the build, and not only told how to be."""
    for place in (("build", "plugins", "plugin"), ("profiles", "profile", "build", "plugins", "plugin")):
        for plugin in pom.root.all(*place):
            if plugin.value("artifactId") == _PLUGIN and pom.root.value("packaging") != "pom":
                return plugin
    return None


def _gradle(script: Script) -> Iterator[Candidate]:
    bases = list(script.settings(_EXTENSION, "from", "image"))
    for each in bases:
        yield from _base(each.word)
    for each in script.settings(_EXTENSION, "to", "image"):
        yield from _output(each.word)
    trigger = script.plugin(_GRADLE_PLUGIN)
    if trigger is not None and not bases:
        yield from defaults.base(
            trigger.name, script.java, web=script.plugin("war") is not None, plugin=trigger.version
        )


FORMAT = Format(
    name="jib",
    patterns=(*maven.PATTERNS, *gradle.PATTERNS, "jib.y{a,}ml", "*-jib.y{a,}ml", "*.jib.y{a,}ml"),
    words=((b"jib",),),
    extract=extract,
    specification="https://github.com/GoogleContainerTools/jib/tree/master/jib-maven-plugin",
)
