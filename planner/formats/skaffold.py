"""Skaffold: what artifacts are built from, tests and actions run in, and releases of Helm set.

The names of artifacts are built here, wherever else they stand. Profiles are read as pipelines of their own,
their patches applied to the file's own pipeline.
"""

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from planner.formats._base import Format, Given, Item
from planner.formats._build_arguments import binding, dockerfile, images
from planner.formats._ci import entries, items, problems, scalars, unread, value
from planner.formats._command_fields import shell_lines, words_of
from planner.formats._distinct import distinct
from planner.formats._docker_commands import cache, image
from planner.formats._json_patch import patched
from planner.formats._select import scalars_at, select
from planner.formats._shell_words import Piece, Value, Word, expand
from planner.formats._skaffold_helm import release
from planner.formats._yaml import Mapping as YamlMapping
from planner.formats._yaml import Node, Scalar, parse
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text

_ACTION = re.compile(
    r"\{\{-?\s*(?:default\s+\"(?P<first>[^\"{}]*)\"\s+\.\w+|\.\w+\s*\|\s*default\s+\"(?P<last>[^\"{}]*)\")\s*-?\}\}"
    r"|\{\{[^{}]*\}\}"
)
_MOST_PATCHED = 64  # profiles whose patches are read; each reads the file's pipeline again
_MOST_CHARACTERS = 3_000_000  # that are read again for patches
_REMOTE_BUILDPACK = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?/[^@]+(?::[\w.-]+|@sha256:[0-9a-f]{64})\Z")
_IMAGES: Mapping[str, Role] = {
    "build.artifacts[].jib.fromImage": Role.BASE,
    "build.artifacts[].ko.fromImage": Role.BASE,
    "build.artifacts[].buildpacks.builder": Role.STEP,
    "build.artifacts[].buildpacks.runImage": Role.BASE,
    "build.artifacts[].kaniko.image": Role.STEP,
    "build.artifacts[].kaniko.initImage": Role.STEP,
    "build.artifacts[].kaniko.buildContext.localDir.initImage": Role.STEP,
    "build.googleCloudBuild.dockerImage": Role.STEP,
    "build.googleCloudBuild.kanikoImage": Role.STEP,
    "build.googleCloudBuild.mavenImage": Role.STEP,
    "build.googleCloudBuild.gradleImage": Role.STEP,
    "build.googleCloudBuild.packImage": Role.STEP,
    "build.googleCloudBuild.koImage": Role.STEP,
    "verify[].container.image": Role.TEST,
    "customActions[].containers[].image": Role.STEP,
    "build.artifacts[].image": Role.OUTPUT,
    "build.artifacts[].requires[].image": Role.OUTPUT,  # another artifact
    "build.artifacts[].imageName": Role.OUTPUT,  # before skaffold/v1beta1
    "build.artifacts[].kaniko.cache.repo": Role.OUTPUT,
    "test[].image": Role.OUTPUT,
    "deploy.docker.images[]": Role.OUTPUT,
}


def extract(source: SourceFile, given: Given) -> Iterator[Item]:
    """Yield what pipelines pull and build, and the values they give to Dockerfiles."""
    parsed = parse(source)
    own = [each for each in parsed.documents if value(each, "apiVersion").startswith("skaffold/")]
    if not own and "skaffold" not in source.path.rpartition("/")[2]:
        return
    yield from problems(parsed, Role.BASE)
    for document in own:
        if type(document) is YamlMapping:
            yield from distinct(_document(document, _File(source, given)))
    yield from unread(source, parsed, ("fromImage", "builder", "runImage", "initImage"), Role.BASE)


def _document(document: YamlMapping, file: "_File") -> Iterator[Item]:
    yield from file.pipeline(document)
    readings = min(_MOST_PATCHED, _MOST_CHARACTERS // max(len(file.source.text), 1))
    for profile in items(document.get("profiles")):
        yield from file.pipeline(profile)
        if readings > 0 and type(profile) is YamlMapping and profile.get("patches") is not None:
            readings -= 1
            yield from file.pipeline(patched(document, profile.get("patches")))


class _File(Struct, frozen=True):
    source: SourceFile
    given: Given

    @property
    def folder(self) -> str:
        return self.source.path.rpartition("/")[0]

    def word(self, scalar: Scalar) -> Word:
        """Return a text with the actions in it that can be known."""
        return expand(scalar.text, _ACTION, self._piece)

    def _piece(self, written: Text, match: re.Match[str]) -> Piece:
        for group in ("first", "last"):
            if match[group]:
                offset = match.start(group) - match.start()
                return Piece(written, (Value(written.cut(offset, offset + len(match[group]))),), match[0])
        return Piece.unknown(written, match[0], f"{match[0]} is filled in from the environment of skaffold")

    def pipeline(self, node: Node) -> Iterator[Item]:
        for path, role in _IMAGES.items():
            for scalar in scalars_at(node, path):
                yield from image(self.word(scalar), role)
        for artifact in select(node, "build.artifacts[]"):
            yield from self._artifact(artifact)
        for section in ("deploy", "manifests"):
            for each in select(node, f"{section}.helm.releases[]"):
                if type(each) is YamlMapping:
                    yield from release(each, self.source)
        for path in ("build.**.command", "deploy.**.command", "test[].custom[].command"):
            for command in select(node, path):
                yield from self._command(command)

    def _artifact(self, node: Node) -> Iterator[Item]:
        if type(node) is not YamlMapping:
            return
        context = value(node, "context") or value(node, "workspace") or "."
        aliases = [
            (value(each, "alias") or value(each, "image"), self.word(built))
            for each in items(node.get("requires"))
            for built in scalars_at(each, "image")
        ]
        for key in ("docker", "kaniko"):
            yield from self._dockerfile(node.get(key), context, aliases)
        if node.get("docker") is None and aliases and not _is_built_otherwise(node):
            yield from binding(dockerfile(self.folder, context, "Dockerfile"), aliases)
        yield from self._custom(node.get("custom"), context)
        for scalar in scalars_at(node, "buildpacks.buildpacks[]"):
            if scalar.value.startswith("docker://") or _REMOTE_BUILDPACK.match(scalar.value):
                yield from image(self.word(scalar), Role.STEP, Confidence.HEURISTIC)

    def _dockerfile(self, node: Node | None, context: str, aliases: list[tuple[str, Word]]) -> Iterator[Item]:
        if type(node) is not YamlMapping:
            return
        for key, role in (("cacheFrom", Role.CACHE), ("cacheTo", Role.OUTPUT)):
            for scalar in scalars_at(node, f"{key}[]"):
                yield from cache(self.word(scalar), role)
        name = value(node, "dockerfile") or "Dockerfile"
        if flags := [self.word(scalar) for scalar in scalars(node.get("cliFlags"))]:
            command = [Word.literal(Text.of(text)) for text in ("docker", "build", "--file", name)]
            yield from words_of([*command, *flags], self.source.path, dockerfile(self.folder, context))
        arguments = self._arguments(node.get("buildArgs"))
        yield from images(arguments)
        yield from binding(dockerfile(self.folder, context, name), [*aliases, *arguments])
        if "/" in name and context != ".":  # where it is looked for when the context does not hold it
            yield from binding(dockerfile(self.folder, name), [*aliases, *arguments])

    def _custom(self, node: Node | None, context: str) -> Iterator[Item]:
        """Yield what a build by a script names; its Dockerfile may be named for its dependencies."""
        folder = dockerfile(self.folder, context)
        for script in scalars_at(node, "buildCommand"):
            yield from shell_lines((Word.literal(script.text),), self.source.path, folder)
        for dependency in select(node, "dependencies.dockerfile"):
            arguments = (
                self._arguments(dependency.get("buildArgs")) if type(dependency) is YamlMapping else []
            )
            yield from images(arguments)
            yield from binding(dockerfile(self.folder, context, value(dependency, "path")), arguments)

    def _arguments(self, node: Node | None) -> list[tuple[str, Word]]:
        return [(name, self.word(each)) for name, each in entries(node) if type(each) is Scalar]

    def _command(self, node: Node) -> Iterator[Item]:
        if type(node) is Scalar:
            yield from shell_lines((self.word(node),), self.source.path, self.folder)
        elif words := [self.word(scalar) for scalar in scalars(node)]:
            yield from words_of(words, self.source.path, self.folder)


def _is_built_otherwise(node: YamlMapping) -> bool:
    return any(node.get(key) is not None for key in ("kaniko", "jib", "ko", "buildpacks", "custom", "bazel"))


FORMAT = Format(
    name="skaffold",
    patterns=("*.y{a,}ml",),
    words=((b"skaffold/v",),),
    extract=extract,
    builds=True,
    specification="https://skaffold.dev/docs/references/yaml/",
)
