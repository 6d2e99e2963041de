"""Gradle: the base images, pulled images and built names of plugins for Docker, and commands that are run.

The plugins of bmuschko, Palantir, Transmode and Micronaut. What Jib, Spring Boot and JKube are told is read
by the formats of that name. `gradle.properties` and catalogs of versions give their values to the scripts
below their folder.
"""

import re
from collections.abc import Iterator

from planner.formats import _gradle as gradle
from planner.formats._base import Candidate, Embedded, Format, Given, Item
from planner.formats._build_arguments import binding, dockerfile, images
from planner.formats._code import Argument, Group, Kind, groups
from planner.formats._command_fields import known_text, shell_lines, words_of
from planner.formats._docker_commands import image
from planner.formats._gradle import Script, Setting
from planner.formats._image_fields import plausible, versioned
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text

_MENTIONS = re.compile(r"ocker|podman|[iI]mage|IMAGE")
_READ_BY = ("gradle", "jib", "spring_boot", "jkube")
_DOCKERFILES = "Dockerfile|MicronautDockerfile|NativeImageDockerfile|dockerfile|dockerfileNative"
_BUILDS = "DockerBuildImage|dockerBuild|dockerBuildNative|dockerBuildImage"
_BASES = ("baseImage", "graalImage", "nativeBaseImage")
_PULLED = (
    ("DockerPullImage", "image"),
    ("DockerPullImage", "imageName"),
    ("DockerCreateContainer", "targetImageId"),
    ("DockerCreateContainer", "imageId"),
    ("dockerRun", "image"),
)
_BUILT = (
    (_BUILDS, "images"),
    (_BUILDS, "tags"),
    ("DockerPushImage|dockerPush|dockerPushNative", "images"),
    ("DockerPushImage", "imageName"),
    ("DockerTagImage", "repository"),
    ("javaApplication|springBootApplication", "images"),
    ("DockerCommitImage", "repository"),
)
_SETTINGS = ("systemProperty", "environment")  # of tests: a name and a value
_PROGRAMS = frozenset({"docker", "podman", "sh", "bash", "nerdctl", "buildah", "skopeo", "crane"})


def extract(source: SourceFile, given: Given) -> Iterator[Item]:
    """Yield what a build script names, or the values of a file of properties."""
    if source.path.endswith((".properties", gradle.CATALOG)):
        yield from gradle.bindings(source, _READ_BY)
        return
    if not _MENTIONS.search(source.text):
        return
    script = Script.read(source, given)
    for name in _BASES:
        yield from script.images(Role.BASE, name)
    for path in _PULLED:
        for setting in script.settings(*path):
            if not _is_task(setting):
                yield from script.candidates(setting, Role.SCRIPT)
    for path in _BUILT:
        for setting in script.settings(*path):
            if any(token.kind is Kind.STRING for token in setting.tokens):
                yield from image(setting.word, Role.OUTPUT)
    yield from _palantir(script)
    yield from _instructions(script)
    yield from _build_arguments(script)
    yield from _commands(script)
    yield from _test_settings(script)


def _is_task(setting: Setting) -> bool:
    """Whether an image is what another task makes: `pullImage.image`, `{ buildImage.imageId }`."""
    return not any(token.kind is Kind.STRING for token in setting.tokens) and len(setting.tokens) > 1


def _palantir(script: Script) -> Iterator[Candidate]:
    """Read `docker { name 'x'; tag 'hub', 'y' }`."""
    for name, place in (("name", 0), ("tag", 1)):
        for index in script.script.places("docker", name):
            if "docker" in next(script.script.blocks(index), ()):
                for argument in script.script.arguments(index)[place : place + 1]:
                    yield from image(script.variables.word(argument.tokens), Role.OUTPUT)


def _instructions(script: Script) -> Iterator[Candidate | Embedded]:
    """Read the tasks that write a Dockerfile: `from 'x'`, `instruction 'FROM x'`."""
    for arguments in script.arguments(_DOCKERFILES, "from"):
        word = script.variables.word(_of_object(arguments[0]).tokens)
        if " " in str(word):
            yield Embedded(Text.join((Text.of("FROM "), known_text(word))), formats=("dockerfile",))
        else:
            yield from script.variables.named(word, arguments[0].tokens, Role.BASE)
    for name in ("instruction", "instructionsFromTemplate", "instructions"):
        for setting in script.settings(_DOCKERFILES, name):
            text = known_text(setting.word)
            if str(text).lstrip().upper().startswith("COPY --FROM="):
                text = Text.join((Text.of("FROM scratch\n"), text))  # an instruction by itself is no file
            if str(text).lstrip().upper().startswith("FROM "):
                yield Embedded(text, formats=("dockerfile",))


def _of_object(argument: Argument) -> Argument:
    """Return what `new Dockerfile.From("x").withStage("y")` is made of; anything else as it is."""
    for group in groups(argument.tokens):
        if group.bracket == "(" and group.method in ("From", "provider"):
            return group.positional(0) or argument
    return argument


def _build_arguments(script: Script) -> Iterator[Item]:
    """Yield the values that builds give to their Dockerfiles: `buildArgs = ['BASE': 'x']`."""
    for index in script.script.places(f"{_BUILDS}|docker", "buildArgs"):
        block = next((group for group in script.script.around(index) if group.bracket == "{"), None)
        items = [each for found in script.script.arguments(index) for each in script.script.items(found)]
        given = [(item.name, script.variables.word(item.tokens)) for item in items if item.name]
        yield from images(given)
        folder, name = _context(script, block)
        yield from binding(dockerfile(script.folder, folder, name), given)


def _context(script: Script, block: Group | None) -> tuple[str, str]:
    """Return the folder and the file that a task builds, as its texts tell them."""
    found: dict[str, str] = {}
    for key in ("inputDir", "dockerFile", "dockerfile"):
        index = script.script.within(block, key) if block is not None else -1
        for argument in script.script.arguments(index)[:1] if index >= 0 else ():
            texts = [token.text for token in argument.tokens if token.kind is Kind.STRING]
            found |= {key: texts[-1]} if texts else {}
    name = found.get("dockerFile") or found.get("dockerfile") or "Dockerfile"
    return (".", name) if "/" in name else (found.get("inputDir", "."), name)


def _commands(script: Script) -> Iterator[Item]:
    """Read `commandLine 'docker', 'run', 'x'` and `"docker pull x".execute()`."""
    for arguments in script.arguments("commandLine"):
        items = [item for argument in arguments for item in script.script.items(argument)]
        words = [script.variables.word(item.tokens) for item in items]
        if words and str(words[0]) in _PROGRAMS:
            yield from words_of(words, script.path, script.folder)
    for index in script.script.places("execute"):
        tokens = script.script.tokens
        if index > 1 and tokens[index - 1].text == "." and tokens[index - 2].kind is Kind.STRING:
            word = script.variables.word(tokens[index - 2 : index - 1])
            yield from shell_lines((word,), script.path, script.folder)


def _test_settings(script: Script) -> Iterator[Candidate]:
    """Yield values of settings for tests that are named after an image and look like one."""
    for name in _SETTINGS:
        for arguments in script.arguments(name):
            if len(arguments) == 2 and "image" in _text(arguments[0]).lower():
                word = script.variables.word(arguments[1].tokens)
                for each in word.candidates(Role.TEST, Confidence.HEURISTIC):
                    value = str(each.value)
                    if not each.problem and versioned(value) and plausible(value, bare=True):
                        yield each


def _text(argument: Argument) -> str:
    return "".join(token.text for token in argument.tokens[:1] if token.kind is Kind.STRING)


FORMAT = Format(
    name="gradle",
    patterns=(*gradle.PATTERNS, "gradle.properties", "*.versions.toml"),
    words=((b"=", b"ocker", b"mage"),),  # of `gradle.properties`; scripts are asked below
    extract=extract,
    specification="https://bmuschko.github.io/gradle-docker-plugin/current/user-guide/",
)
