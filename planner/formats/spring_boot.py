"""Spring Boot: the builder, run image and buildpacks of `build-image`, and the name it builds.

In the configuration of the Maven plugin, as properties of a POM, and in the `bootBuildImage` task of Gradle.
A buildpack may also be a file, a URL or an identifier of the builder's own, which are no images. An image
that is built without a builder being named is built by one that the version of Spring Boot decides.
"""

from collections.abc import Iterator, Mapping, Sequence

from planner.formats import _gradle as gradle
from planner.formats import _maven as maven
from planner.formats._base import Candidate, Format, Given
from planner.formats._buildpack_uris import buildpack
from planner.formats._docker_commands import image
from planner.formats._gradle import Script
from planner.formats._implicit import PAKETO, Pull
from planner.formats._maven import Pom
from planner.formats._shell_words import Word
from planner.formats._xml import Element, problems
from planner.model.inventory import Role
from planner.model.source import SourceFile

_PLUGIN = "spring-boot-maven-plugin"
_TASK = "bootBuildImage|BootBuildImage"
_MAVEN: Mapping[tuple[str, ...], Role] = {
    ("image", "builder"): Role.BASE,
    ("image", "runImage"): Role.BASE,
    ("image", "name"): Role.OUTPUT,
    ("image", "tags", "tag"): Role.OUTPUT,
}
_PROPERTIES = {
    "spring-boot.build-image.builder": Role.BASE,
    "spring-boot.build-image.runImage": Role.BASE,
    "spring-boot.build-image.imageName": Role.OUTPUT,
}
_BUILDER = "spring-boot.build-image.builder"
_DEFAULT = Pull(PAKETO, "set builder and runImage to move them", "the installed Spring Boot")
_SPRING = "org.springframework.boot:spring-boot-starter-parent:"
_GOALS = frozenset({"build-image", "build-image-no-fork"})
_SETTINGS = ("imageName", "runImage", "environment", "publish", "tags", "buildpacks")  # of a task
_GRADLE = {
    "builder": Role.BASE,
    "runImage": Role.BASE,
    "imageName": Role.OUTPUT,
    "tags": Role.OUTPUT,
}


def extract(source: SourceFile, given: Given) -> Iterator[Candidate]:
    """Yield what images are built with and on, and their names."""
    if source.path.endswith((".gradle", ".kts")):
        yield from _gradle(Script.read(source, given))
    else:
        yield from _maven(Pom.read(source, given))


def _maven(pom: Pom) -> Iterator[Candidate]:
    plugins = list(pom.plugins(_PLUGIN))
    for configuration in (each for plugin in plugins for each in maven.configurations(plugin)):
        for path, role in _MAVEN.items():
            for element in configuration.all(*path):
                yield from image(pom.word(element.text), role)
        for element in configuration.all("image", "buildpacks", "buildpack"):
            yield from _buildpack(pom.word(element.text))
    for name, role in _PROPERTIES.items():
        for word in pom.setting(name):
            yield from image(word, role)
    if not pom.parents and (not pom.ancestor or pom.ancestor.startswith(_SPRING)):  # others may name one
        yield from _unnamed_in_maven(pom, plugins)
    if plugins:
        yield from problems(pom.xml, Role.BASE)


def _unnamed_in_maven(pom: Pom, plugins: Sequence[Element]) -> Iterator[Candidate]:
    """Yield the default builder where a plugin builds an image, or is configured to, and none is named."""
    configured = [each for plugin in plugins for each in maven.configurations(plugin)]
    if pom.setting(_BUILDER) or any(each.first("image", "builder") for each in configured):
        return
    for plugin in plugins:
        goals = [str(goal.text) for goal in plugin.all("executions", "execution", "goals", "goal")]
        told = any(each.first("image") for each in maven.configurations(plugin))
        name = plugin.first("artifactId")
        if name is not None and (told or not _GOALS.isdisjoint(goals)):
            yield _DEFAULT.at(name.text.start, str(name.text))
            return


def _gradle(script: Script) -> Iterator[Candidate]:
    for name, role in _GRADLE.items():
        for setting in script.settings(_TASK, name):
            if gradle.is_text(setting.tokens):
                yield from image(setting.word, role)
    for setting in script.settings(_TASK, "buildpacks"):
        yield from _buildpack(setting.word)
    yield from _unnamed_in_gradle(script)


def _unnamed_in_gradle(script: Script) -> Iterator[Candidate]:
    """Yield the default builder where a task is configured to build an image, but not with which builder."""
    if any(True for _ in script.arguments(_TASK, "builder")):
        return
    for name in _SETTINGS:
        for index in script.script.places(_TASK, name):
            token = script.script.tokens[index]
            yield _DEFAULT.at(token.start, token.text)
            return


def _buildpack(word: Word) -> Iterator[Candidate]:
    for choice in word.choices():
        if not choice.problem:
            yield from buildpack(choice.text)


FORMAT = Format(
    name="spring_boot",
    patterns=(*maven.PATTERNS, *gradle.PATTERNS),
    words=((b"spring-boot-maven-plugin", b"spring-boot.build-image", b"ootBuildImage"),),
    extract=extract,
    specification="https://docs.spring.io/spring-boot/maven-plugin/build-image.html",
)
