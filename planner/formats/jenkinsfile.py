"""Jenkins: agents, containers that steps run in, pods, and what the scripts of pipelines and libraries name.

What `docker.build` makes is an output. Variables are known from the environment, parameters and matrices.
"""

import posixpath
from collections.abc import Iterator, Sequence
from functools import cached_property

from planner.formats import _jenkins_pods as pods
from planner.formats._base import Embedded, Format, Given
from planner.formats._ci_environment import distinct_items
from planner.formats._code import Kind, Token
from planner.formats._command_fields import known_text
from planner.formats._jenkins_groovy import Command, GroovyFile
from planner.formats._jenkins_registry import registered
from planner.formats._jenkins_variables import Variables
from planner.formats._scripts import Finding, findings
from planner.formats._shell_words import Piece, Word
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_SHELLS = frozenset({"sh", "shell"})
_WINDOWS = {"bat": "batch", "batchFile": "batch", "powershell": "powershell", "pwsh": "powershell"}
_COMMANDS = frozenset(
    {"docker", "image", "containerTemplate", "ContainerTemplate", "DockerTemplateBase", "dockerNode",
     "build", "additionalBuildArgs", "script"}
) | _SHELLS | _WINDOWS.keys()  # fmt: skip
_SETTINGS = frozenset({"registryUrl", "filename", "dir"})
_AGENTS = frozenset({"docker", "dockerContainer", "containerTemplate", "buildInDocker", "dockerTemplateBase"})
_RUNS = {"inside": Role.STEP, "run": Role.SERVICE, "withRun": Role.SERVICE, "pull": Role.SCRIPT}
_PUSHES = frozenset({"push", "tag"})


def extract(source: SourceFile, _given: Given) -> Iterator[Finding]:
    """Yield what a pipeline, a library or a job names."""
    yield from _Pipeline(source).findings()


class _Pipeline:
    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self.file = GroovyFile(source.text)
        self.variables = Variables(self.file)
        self.folders = (posixpath.dirname(source.path), "")
        self.commands = tuple(self.file.commands(_COMMANDS | _SETTINGS))
        self._settings = {(self.file.inner(each.start), each.name): each for each in self.commands}
        self.built = {str(self.variables.word(each.positional())) for each in self.commands if _builds(each)}

    def findings(self) -> Iterator[Finding]:
        for command in self.commands:
            yield from self._command(command)
        for index, token in enumerate(self.file.tokens):
            if token.kind is not Kind.STRING:
                continue
            if "execute" in self.file.methods(index + 1):
                yield from self._script(self.variables.word((token,)))
            if pods.is_pod(token.text):
                fill = self.variables.text if token.interpolated else Word.literal
                yield from pods.images(token.value, self.source.path, fill)

    def _command(self, command: Command) -> Iterator[Finding]:
        name, method = command.name, command.method
        if name == "docker" and self.file.block(command.start) == "agent":
            url = command.keyword("registryUrl")
            registry = self.variables.word(url) if url else None
            yield from self._named(command.keyword("image") or command.positional(), Role.STEP, registry)
        elif name == "image" and self.file.block(command.start) in _AGENTS:
            yield from self._named(command.positional(), Role.STEP, self._beside(command, "registryUrl"))
        elif f".{name}".endswith(".docker.image"):
            yield from self._image(command)
        elif _builds(command):
            yield from self._build(command)
        elif method in ("containerTemplate", "ContainerTemplate", "DockerTemplateBase", "dockerNode"):
            unnamed = [value for key, value in command.arguments if not key]
            given = command.keyword("image") or (unnamed[-1] if unnamed else ())
            yield from self._named(given, Role.STEP)
        elif name == "additionalBuildArgs":
            yield from self._dockerfile(command)
        elif name == "script":
            yield from self._pipeline(command)
        elif method in _SHELLS:
            yield from self._shell(command)
        elif method in _WINDOWS:
            script = self.variables.word(command.keyword("script") or command.positional())
            yield Embedded(known_text(script), formats=(_WINDOWS[method],))

    def _named(self, given: Sequence[Token], role: Role, registry: Word | None = None) -> Iterator[Finding]:
        """Yield what an expression names; nothing where the caller of a function gives it."""
        if given and not self.variables.is_given(given):
            word = registered(self.variables.word(given), registry)
            yield from distinct_items(word.candidates(role))

    def _image(self, command: Command) -> Iterator[Finding]:
        """Read `docker.image('x')`, which is pulled unless it is only tagged, pushed, or built here."""
        given = command.positional()
        used = self._uses(command)
        role = next((_RUNS[method] for method in used if method in _RUNS), Role.STEP)
        pushed = bool(used) and _PUSHES.issuperset(used)
        if pushed or (self.built and str(self.variables.word(given)) in self.built):
            role = Role.OUTPUT
        yield from self._named(given, role, self._registry(command))

    def _uses(self, command: Command) -> set[str]:
        """Return the methods that are called on an image, or on the name that is set to it."""
        tokens, start = self.file.tokens, command.start
        used = set(self.file.methods(command.stop))
        if not used and start > 1 and tokens[start - 1].text == "=":
            used = self._called.get(tokens[start - 2].text, set())
        return used & (_RUNS.keys() | _PUSHES)

    @cached_property
    def _called(self) -> dict[str, set[str]]:
        """Which methods are called on each name."""
        found: dict[str, set[str]] = {}
        tokens = self.file.tokens
        for before, dot, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
            if dot.text == "." and before.kind is after.kind is Kind.NAME:
                found.setdefault(before.text, set()).add(after.text)
        return found

    def _build(self, command: Command) -> Iterator[Finding]:
        """Read `docker.build('x', '--build-arg A=b .')`."""
        yield from self._named(command.positional(), Role.OUTPUT, self._registry(command))
        if options := command.positional(1):
            yield from self._built(self.variables.word(options))

    def _dockerfile(self, command: Command) -> Iterator[Finding]:
        """Read `dockerfile { filename 'x'; dir 'y'; additionalBuildArgs '--build-arg A=b' }`."""
        file, folder = self._beside(command, "filename"), self._beside(command, "dir")
        place = str(folder) if folder else "."
        target = posixpath.join(place, str(file) if file else "Dockerfile")
        words = self.variables.word(command.positional())
        end = Piece.literal(Text.of(f" -f '{target}' '{place}'"))
        yield from self._built(Word((*words.pieces, end), quoted=True))

    def _built(self, options: Word) -> Iterator[Finding]:
        build = Piece.literal(Text.of("docker build "))
        yield from self._script(Word((build, *options.pieces), quoted=True))

    def _shell(self, command: Command) -> Iterator[Finding]:
        given = command.keyword("script") or command.positional()
        if any(token.kind is Kind.STRING for token in given):
            yield from self._script(self.variables.script(given))

    def _pipeline(self, command: Command) -> Iterator[Finding]:
        """Read `cps { script('''pipeline { … }''') }`: a pipeline that a job of the Job DSL holds."""
        for token in command.positional()[:1]:
            if token.kind is Kind.STRING and "\n" in token.text:
                yield Embedded(token.value, formats=(FORMAT.name,))

    def _script(self, script: Word) -> Iterator[Finding]:
        yield from findings(script, self.source.path, self.variables.values, self.folders)

    def _beside(self, command: Command, name: str) -> Word | None:
        """Return what another command of the same block is given."""
        found = self._settings.get((self.file.inner(command.start), name))
        return self.variables.word(found.positional()) if found is not None else None

    def _registry(self, command: Command) -> Word | None:
        """Return the URL of the nearest `docker.withRegistry('https://…') {` around a command."""
        for name, call in self.file.blocks(command.start):
            if name.rpartition(".")[2] == "withRegistry" and call is not None and call.arguments:
                return self.variables.word(call.arguments[0].tokens)
        return None


def _builds(command: Command) -> bool:
    return f".{command.name}".endswith(".docker.build")


FORMAT = Format(
    name="jenkinsfile",
    patterns=("{,*}[Jj]enkins[fF]ile*", "*.{groovy,jenkins,pipeline}"),
    words=(
        (
            b"docker", b"mage", b"podman", b"nerdctl", b"kubectl", b"helm", b"skopeo", b"crane", b"buildah",
            b"trivy", b"cosign", b"singularity", b"apptainer", b"oras",
        ),
    ),
    extract=extract,
    builds=True,
    specification="https://www.jenkins.io/doc/book/pipeline/docker/",
)  # fmt: skip
