"""Steps of Drone, Woodpecker, Crow and Vela: an image, commands, and the settings of a plugin.

Variables in braces are filled in before the file is read; `$${X}` is left to the shell. A plugin that builds
images pushes to `repo`, takes its cache from `cache_from` and gives `build_args` to the Dockerfile.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from planner.formats._base import Binding, Candidate, Embedded, Item
from planner.formats._ci import entries, scalars, value
from planner.formats._ci_environment import distinct_items
from planner.formats._command_fields import bound
from planner.formats._docker_commands import Found, cache, image
from planner.formats._dockerfile_use import dockerfile_use
from planner.formats._matrix import jobs
from planner.formats._scopes import BRACED, Scope
from planner.formats._select import select
from planner.formats._shell import everything
from planner.formats._shell_words import Piece, Value, Word, expand
from planner.formats._yaml import Mapping as YamlMapping
from planner.formats._yaml import Scalar, Sequence, walk
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_ESCAPED = re.compile(r"\$\$")
_BUILDER = re.compile(r"docker|ecr|gcr|gar|acr|kaniko|buildx|buildah|podman|buildkit|manifest")
_OWN_REGISTRY = re.compile(r"ecr|gcr|gar|acr|kaniko")  # these put `registry` before `repo`
_MISSING = "{name} is known only when the pipeline runs"
MOST_READINGS = 2000  # of steps, beside the first of each
_HIDDEN = re.compile(r"(?<![^/])\.(?:drone|woodpecker|crow)/.*")
_TOO_LARGE = "its matrix times its steps are too many: some steps were read for its first job only"
_PUSHED_BY_NAME = "it is also the cache of its own build"


class Pipeline(Struct, frozen=True):
    """Where a pipeline stands, the variables of one job of its matrix, and the key of a plugin's settings."""

    path: str
    root: str  # the folder its commands run in
    scope: Scope
    settings: str = "settings"

    def step(self, step: YamlMapping, role: Role) -> Iterator[Item]:
        """Yield what a step runs in, and what it runs or builds."""
        name = step.get("image")
        yield from self.scope.images(name if type(name) is Scalar else None, role)
        yield from distinct_items(bound(self._script(step), self.root))
        inside = step.get(self.settings)
        if is_builder(value(name)):
            yield from self._plugin(value(name), inside if type(inside) is YamlMapping else step)

    def _script(self, step: YamlMapping) -> Iterator[Found | Embedded]:
        lines = (part for node in scalars(step.get("commands")) for part in (node.text, Text.of("\n")))
        script = expand(Text.join(lines), _ESCAPED, lambda written, _: Piece.literal(written.cut(0, 1)))
        if script.pieces:
            yield from everything(script.written, self.path, {**self.scope.values, **self._environment(step)})

    def _environment(self, step: YamlMapping) -> dict[str, tuple[Value, ...]]:
        section = step.get("environment")
        found = {name: node.text for name, node in entries(section) if type(node) is Scalar}
        if type(section) is Sequence:
            for text in (node.text for node in scalars(section)):
                name, equals, _ = str(text).partition("=")
                if equals:
                    found[name] = text.cut(len(name) + 1, len(text))
        return {name: tuple(self.scope.word(text).choices()) for name, text in found.items()}

    def _plugin(self, plugin: str, settings: YamlMapping) -> Iterator[Item]:
        cached = [word for scalar in scalars(settings.get("cache_from")) for word in self._listed(scalar)]
        names = [str(word) for word in cached]
        for key in ("repo", "repos", "target"):
            for scalar in scalars(settings.get(key)):
                for word in self._listed(scalar):
                    yield from _pushed(self._in_registry(plugin, settings, word), names)
        for word in cached:
            yield from _candidates(cache(word))
        for scalar in scalars(settings.get("cache_to")):
            yield from _candidates(cache(self.scope.word(scalar.text), Role.OUTPUT))
        yield from self._dockerfile(settings)

    def _listed(self, scalar: Scalar) -> list[Word]:
        """Return the names in a value: several between commas, unless these part attributes."""
        word = self.scope.word(scalar.text)
        return [word] if "=" in scalar.value else word.split(",")

    def _in_registry(self, plugin: str, settings: YamlMapping, repository: Word) -> Word:
        first, slash, _ = str(repository).partition("/")
        if not _OWN_REGISTRY.search(plugin.rpartition("/")[2]) or (slash and "." in first):
            return repository
        registry = settings.get("registry")
        if type(registry) is Scalar:
            before = self.scope.word(registry.text)
        elif "gcr" in plugin:
            before = Word.literal(Text.of("gcr.io"))
        else:
            before = Word(
                (Piece.unknown(Text(), "registry", "the plugin's registry is not set in this file"),)
            )
        return Word((*before.pieces, Piece(Text(), (Value(Text.of("/")),)), *repository.pieces))

    def _dockerfile(self, settings: YamlMapping) -> Iterator[Binding]:
        section = settings.get("build_args")
        given = {name: node.text for name, node in entries(section) if type(node) is Scalar}
        for scalar in scalars(section):
            name, equals, _ = scalar.value.partition("=")
            if equals:
                given[name] = scalar.text.cut(len(name) + 1, len(scalar.text))
        words = {name: self.scope.word(text) for name, text in given.items()}
        context = value(settings, "context") or "."
        yield from dockerfile_use(self.root, context, value(settings, "dockerfile"), words)


def _pushed(word: Word, cached: list[str]) -> Iterator[Candidate]:
    """Yield a name that is pushed. One that is its own cache is pulled, so it is told without being known."""
    text = str(word)
    if any(name == text or name.startswith((f"{text}:", f"{text}@")) for name in cached):
        written = word.written
        yield Candidate(Text(), Role.OUTPUT, max(written.start, 0), str(written), problem=_PUSHED_BY_NAME)
    else:
        yield from image(word, Role.OUTPUT)


def _candidates(found: Iterator[Found]) -> Iterator[Candidate]:
    yield from (item for item in found if isinstance(item, Candidate))


def is_builder(plugin: str) -> bool:
    """Whether a plugin, going by its image, builds and pushes images."""
    return bool(_BUILDER.search(plugin.rpartition("/")[2]))


def in_jobs(
    document: YamlMapping, source: SourceFile, sections: Mapping[str, Role], settings: str = "settings"
) -> Iterator[Item]:
    """Yield what the steps of a pipeline name, in every job of its matrix, each finding once."""
    seen: set[tuple[int, Role, str, str]] = set()
    for item in _readings(document, source, sections, settings):
        if not isinstance(item, Candidate):
            yield item
        elif (key := (item.start, item.role, str(item.value), item.problem)) not in seen:
            seen.add(key)
            yield item


def _readings(
    document: YamlMapping, source: SourceFile, sections: Mapping[str, Role], settings: str
) -> Iterator[Item]:
    listed = jobs(document.get("matrix"), BRACED, _MISSING)
    root = posixpath.dirname(_HIDDEN.sub("", source.path))
    room = MOST_READINGS
    for path, role in sections.items():
        for step in steps(document, path):
            differing = _differing(listed, step) if room > 0 else listed[:1]
            for scope in differing:
                yield from Pipeline(source.path, root, scope, settings).step(step, role)
            room -= len(differing) - 1
    if room <= 0:
        yield Candidate(Text(), Role.STEP, document.start, "matrix", problem=_TOO_LARGE)


def steps(document: YamlMapping, path: str) -> Iterator[YamlMapping]:
    """Yield the steps at a path: one, those of a list, or of a mapping by name."""
    for node in select(document, path):
        if type(node) is YamlMapping and type(node.get("image")) is Scalar:
            yield node
        else:
            found = node.items if type(node) is Sequence else [each for _, each in entries(node)]
            yield from (each for each in found if type(each) is YamlMapping)


def _differing(scopes: list[Scope], step: YamlMapping) -> list[Scope]:
    """Return the jobs as far as they differ for a step."""
    if len(scopes) == 1:
        return scopes
    string = "\n".join(node.value for _, node in walk(step) if type(node) is Scalar)
    names = sorted({name for job in scopes for name in job.values if name in string})
    return list({tuple(job.values.get(name) for name in names): job for job in scopes}.values())
