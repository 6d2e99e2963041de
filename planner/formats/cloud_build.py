"""Cloud Build: the image each step runs in, what its command line or script names, and the images it builds.

A step runs the program of its image (`gcr.io/cloud-builders/docker`) or its `entrypoint`, in `dir` below the
folder that was submitted: the root of the tree, or the file's own folder. Substitutions of the file are
known, those of Cloud Build itself (`$PROJECT_ID`) are not.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from planner.formats._base import Binding, Candidate, Embedded, Format, Given, Item
from planner.formats._build_arguments import binding
from planner.formats._ci import entries, items, problems, scalars, unread, value
from planner.formats._commands import found
from planner.formats._container_commands import program_of
from planner.formats._docker_commands import Build, Found, Passed, image, outputs
from planner.formats._shell import everything
from planner.formats._shell_words import Piece, Value, Word, expand, named
from planner.formats._yaml import Mapping as YamlMapping
from planner.formats._yaml import Node, Scalar, parse
from planner.formats._yaml import Sequence as YamlSequence
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_SUBSTITUTION = re.compile(r"\$\$|\$\{(\w+)\}|\$(\w+)|\$\{[^${}]*\}")
_ESCAPED = re.compile(r"\$\$")
_SHELLS = ("sh", "bash", "ash", "dash")
_NAMED = re.compile(r"(?i)cloudbuild[^/]*\Z")
_KEYS = frozenset(
    {"steps", "images", "artifacts", "substitutions", "options", "timeout", "queueTtl", "logsBucket", "tags",
     "serviceAccount", "availableSecrets", "secrets", "source", "dependencies", "gitConfig"}
)  # fmt: skip
_PROGRAM = frozenset({"args", "entrypoint", "script"})
_STEP_KEYS = _PROGRAM | {
    "name", "id", "env", "dir", "waitFor", "secretEnv", "volumes", "timeout", "allowFailure",
    "allowExitCodes", "automapSubstitutions",
}  # fmt: skip
_DEPTH = 20  # of substitutions in substitutions; each is read once, wherever it stands


@dataclass(frozen=True, slots=True)
class _Scope:
    path: str
    substitutions: Mapping[str, Text]
    _read: dict[str, tuple[Value, ...]] = field(default_factory=dict, init=False, compare=False)

    def word(self, node: Scalar | Text, depth: int = 0) -> Word:
        """Return a text with its substitutions replaced."""

        def piece(written: Text, match: re.Match[str]) -> Piece:
            if match.group() == "$$":
                return Piece(written, (Value(written.cut(0, 1)),))
            name = match[1] or match[2] or match.group()
            return Piece(
                written, tuple(named(name, known) for known in self.values(name, written, depth)), name
            )

        text = node if isinstance(node, Text) else node.text
        return expand(text, _SUBSTITUTION, piece)

    def values(self, name: str, written: Text, depth: int = 0) -> tuple[Value, ...]:
        if name in self.substitutions and depth < _DEPTH:
            if name not in self._read:
                self._read[name] = tuple(self.word(self.substitutions[name], depth + 1).choices())
            return self._read[name]
        if name.startswith("_"):
            return (Value(written, (), f"{name} is not set in {self.path}; set it under substitutions"),)
        return (Value(written, (), f"{name} is known only when the build runs"),)


def extract(source: SourceFile, given: Given) -> Iterator[Item]:
    """Yield the images of the steps of a build, and the values it gives to Dockerfiles."""
    named = bool(_NAMED.search(source.path))
    parsed = parse(source)
    if named:
        yield from problems(parsed, Role.STEP)
    for document in parsed.documents:
        if type(document) is YamlMapping and (named or _is_build(document)):
            own = {
                name: node.text
                for name, node in entries(document.get("substitutions"))
                if type(node) is Scalar
            }
            yield from _distinct_outputs(_build(document, _Scope(source.path, {**own, **given})))
    if named:
        yield from unread(source, parsed, ("name",), Role.STEP)


def _is_build(document: YamlMapping) -> bool:
    """Whether a file of any name has the shape of a build: steps that run programs in images, and no more."""
    steps = document.get("steps")
    keys = {key for key, _ in entries(document)}
    return (
        type(steps) is YamlSequence
        and keys <= _KEYS
        and bool(steps.items)
        and all(type(step) is YamlMapping and _is_step(step) for step in steps.items)
    )


def _is_step(step: YamlMapping) -> bool:
    keys = {key for key, _ in entries(step)}
    return "name" in keys and keys <= _STEP_KEYS and not keys.isdisjoint(_PROGRAM)


def _build(document: YamlMapping, scope: _Scope) -> Iterator[Item]:
    common = _environment(document.get("options"), scope)
    for step in items(document.get("steps")):
        if type(step) is YamlMapping:
            yield from _step(step, scope, common | _environment(step, scope))
    for node in (document.get("images"), document.get("artifacts", "images")):
        yield from outputs(scope.word(scalar) for scalar in scalars(node))


def _step(step: YamlMapping, scope: _Scope, environment: Mapping[str, tuple[Value, ...]]) -> Iterator[Item]:
    name = step.get("name")
    word = scope.word(name) if type(name) is Scalar else Word()
    yield from image(word, Role.STEP)
    folder = str(scope.word(directory)) if type(directory := step.get("dir")) is Scalar else "."
    for item in _commands(step, word, scope, environment):
        if isinstance(item, Build):
            for submitted in dict.fromkeys(("", posixpath.dirname(scope.path))):
                yield from _binding(item, folder, submitted)
        elif not isinstance(item, Passed):
            yield item


def _commands(
    step: YamlMapping, name: Word, scope: _Scope, environment: Mapping[str, tuple[Value, ...]]
) -> Iterator[Found | Embedded]:
    if type(script := step.get("script")) is Scalar:
        yield from everything(script.text, scope.path, {**_mentioned(script.value, scope), **environment})
    nodes = list(scalars(step.get("args")))
    program = value(step, "entrypoint") or program_of(str(name))
    if posixpath.basename(program) in _SHELLS:
        texts = [node.value for node in nodes]
        for index, text in enumerate(texts[:-1]):
            if re.fullmatch(r"-[a-z]*c[a-z]*", text):
                yield from _shell(nodes[index + 1], scope, environment)
                return
    words = [scope.word(node) for node in nodes]
    if words:
        yield from found([Word.literal(Text.of(program)), *words])


def _shell(
    node: Scalar, scope: _Scope, environment: Mapping[str, tuple[Value, ...]]
) -> Iterator[Found | Embedded]:
    """Read a script that substitutions are made in first; the shell sees `$$X` as `$X`."""
    script = expand(node.text, _ESCAPED, lambda written, _: Piece.literal(written.cut(0, 1))).written
    yield from everything(script, scope.path, {**environment, **_mentioned(str(script), scope)})


def _mentioned(script: str, scope: _Scope) -> dict[str, tuple[Value, ...]]:
    """Return the substitutions that a script mentions, unknown ones with their reason."""
    names = {match[1] or match[2] for match in _SUBSTITUTION.finditer(script)}
    known = (name for name in names if name and (name in scope.substitutions or name in _BUILT_IN))
    return {name: scope.values(name, Text.of(f"${name}")) for name in known}


_BUILT_IN = frozenset(
    {"PROJECT_ID", "PROJECT_NUMBER", "BUILD_ID", "COMMIT_SHA", "SHORT_SHA", "REVISION_ID", "REPO_NAME",
     "REPO_FULL_NAME", "BRANCH_NAME", "TAG_NAME", "REF_NAME", "LOCATION", "TRIGGER_NAME", "SERVICE_ACCOUNT",
     "SERVICE_ACCOUNT_EMAIL", "TRIGGER_BUILD_CONFIG_PATH"}
)  # fmt: skip


def _environment(node: Node | None, scope: _Scope) -> dict[str, tuple[Value, ...]]:
    """Return `env: [NAME=VALUE]`."""
    section = node.get("env") if type(node) is YamlMapping else None
    pairs = (scope.word(scalar).partition("=") for scalar in scalars(section))
    return {str(name): tuple(found.choices()) for name, found in pairs if found is not None}


def _binding(build: Build, folder: str, submitted: str) -> Iterator[Binding]:
    """Yield what a build in a folder of what was submitted gives to its Dockerfile."""
    context, file = build.context, build.file
    if (context and not context.known) or (file and not file.known):
        return
    place = str(context).removeprefix("dir://").removeprefix("/workspace") if context else "."
    name = str(file) if file else posixpath.join(place.lstrip("/") or ".", "Dockerfile")
    folder = folder.removeprefix("/workspace").lstrip("/")
    inside = posixpath.normpath(posixpath.join(folder, build.folder, name.removeprefix("/workspace/")))
    if "://" not in place and not inside.startswith(("/", "../")):
        yield from binding(posixpath.join(submitted, inside), build.arguments, build.contexts)


def _distinct_outputs(named: Iterator[Item]) -> Iterator[Item]:
    """Leave out outputs that stand there before: what `-t` names is named again under `images`."""
    seen: set[str] = set()
    for item in named:
        if not isinstance(item, Candidate) or item.role is not Role.OUTPUT:
            yield item
        elif item.spelled not in seen:
            seen.add(item.spelled)
            yield item


FORMAT = Format(
    name="cloud_build",
    patterns=("cloudbuild*.{yml,yaml,json}", "*cloudbuild*.{yml,yaml}", "*.{yml,yaml}"),
    words=((b"steps",), (b"name",), (b"args", b"entrypoint", b"script", b"gcr.io", b"pkg.dev", b"image")),
    extract=extract,
    builds=True,
    specification="https://cloud.google.com/build/docs/build-config-file-schema",
)
