"""Docker Bake: what targets build from, cache and name, and what they give to their Dockerfiles.

Variables have their defaults; what a file does not set is looked for in the Bake files beside it. Paths of
contexts are relative to where Bake is run: the folder of the file, or the root of the tree.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from planner.formats import _context_places
from planner.formats._bake_functions import Functions, functions
from planner.formats._bake_targets import MOST_INHERITED, Targets, expanded, named
from planner.formats._base import Binding, Candidate, Format, Given, Item
from planner.formats._build_arguments import DockerfileBuild, bindings, dockerfile, images
from planner.formats._distinct import distinct
from planner.formats._docker_commands import image
from planner.formats._dockerfile_contexts import variable
from planner.formats._hcl import parse, problems
from planner.formats._hcl_expressions import Known, Scope, evaluate
from planner.formats._hcl_json import read_json
from planner.formats._hcl_nodes import Body
from planner.formats._hcl_values import Fields, Result, flattened, members, words
from planner.formats._implicit import SYFT_SCANNER, Pull
from planner.formats._inline_dockerfile import read_inline
from planner.formats._shell_words import Word
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_MOST_TARGETS = 5_000  # of a file, each value of a matrix being one
_LABELS = {"target": 1, "variable": 1, "group": 1, "function": 1}
_SCHEME = "docker-image://"
_SCANNER = Pull(SYFT_SCANNER, "set generator= to move it")
_REMOTE = re.compile(r"[a-z][a-z0-9+.-]*://|git@|[a-z]+:|/|~", re.IGNORECASE)
_HERE = "cwd://"


def extract(source: SourceFile, given: Given) -> Iterator[Item]:
    """Yield what the targets of a file name, and the values for Dockerfiles and for the files beside it."""
    is_json = source.path.endswith(".json")
    parsed = read_json(source, _LABELS) if is_json else parse(source)
    yield from problems(parsed, source, Role.BASE)
    defined = functions(parsed.body.all("function"))
    values = _values(parsed.body, defined, given)
    scope = Scope(source, values, _missing)
    blocks = (block for block in parsed.body.all("target") if block.labels)
    found = (each for block in blocks for each in expanded(block.labels[0], block.body, scope, defined))
    targets = list(islice(found, _MOST_TARGETS))
    file = _File(source, Targets(named(targets), defined), _built(parsed.body, scope))
    yield from distinct(item for name in file.targets.known for item in file.target(name))
    yield from distinct(bindings(build for name in file.targets.known for build in file.builds(name)))
    if file.targets.is_spent:
        reason = f"targets inherit more than {MOST_INHERITED:,} values: of others, only their own are read"
        yield Candidate(Text(), Role.BASE, 0, "", problem=reason)
    yield from _shared(source.path, parsed.body, scope)


def _values(body: Body, defined: Functions, given: Given) -> dict[str, Known]:
    """Return the variables: the file's own, unless an override beside it has the last word."""
    values: dict[str, Known] = {attribute.name: attribute.value for attribute in body.attributes}
    for block in body.all("variable"):
        if block.labels and (default := block.body.get("default")) is not None:
            values[block.labels[0]] = defined.inlined(default)
    for name, text in given.items():
        if name not in values or any(".override." in run.path for run in text.runs):
            values[name] = text
    return values


def _built(body: Body, scope: Scope) -> frozenset[str]:
    """Return the targets that groups name."""
    lists = (block.body.get("targets") for block in body.all("group"))
    values = (evaluate(each, scope) for each in lists if each is not None)
    return frozenset(str(word) for value in values for _, item in members(value) for word in words(item)) | {
        "default"
    }


def _missing(name: str) -> str:
    if name.startswith("BAKE_"):
        return f"{name} is known only when Bake runs"
    return f"{name} has no default: give it one in a variable block, or set it where Bake is run"


def _shared(path: str, body: Body, scope: Scope) -> Iterator[Binding]:
    """Yield the variables of this file for the Bake files beside it, which may be read together with it."""
    own = {block.labels[0] for block in body.all("variable") if block.labels}
    known = {
        name: text
        for name in sorted(own)
        if (value := scope.lookup(name)) is not None
        for full, text in flattened(value, name)
        if full == name and text.start >= 0
    }
    if known:
        folder = posixpath.dirname(path)
        yield Binding(f"{folder}/" if folder else "", "docker_bake", known, always=True)


@dataclass(frozen=True, slots=True)
class _File:
    source: SourceFile
    targets: Targets
    grouped: frozenset[str]  # targets that a group builds
    _inherited: list[frozenset[str]] = field(default_factory=list, compare=False)  # one, when it is known

    def is_abstract(self, name: str) -> bool:
        """Tell whether a target only lends its fields to others."""
        if not self._inherited:
            above = (each for name in self.targets.known for each in self.targets.inherited(name))
            self._inherited.append(frozenset(above))
        return name in self._inherited[0] and name not in self.grouped

    def target(self, name: str) -> Iterator[Item]:
        """Yield what one target names, and builds."""
        arguments = list(self._entries(name, "args"))
        for _, word in self._entries(name, "contexts"):
            if str(word).startswith(_SCHEME):
                yield from image(word.cut(len(_SCHEME)), Role.BASE)
        yield from images(arguments)
        for key, role in (("cache-from", Role.CACHE), ("cache-to", Role.OUTPUT)):
            for options in self._options(name, key):
                yield from _cache(options, role)
        for key in ("output", "outputs"):
            for options in self._options(name, key):
                if "name" in options:
                    yield from image(options["name"], Role.OUTPUT)
        for word in self._list(name, "tags"):
            yield from image(word, Role.OUTPUT)
        for options in self._options(name, "attest"):
            yield from _attestation(options)
        if (inline := self._known(name, "dockerfile-inline")) is not None:
            given = {key: next(word.choices()).text for key, word in arguments if word.known}
            replaced = {variable(key): Text() for key, _ in self._entries(name, "contexts")}
            yield from read_inline(self.source, inline, given | replaced)

    def builds(self, name: str) -> Iterator[DockerfileBuild]:
        """Yield what one target gives to its Dockerfile, wherever that may lie."""
        if self.is_abstract(name) or self._known(name, "dockerfile-inline") is not None:
            return
        arguments, contexts = tuple(self._entries(name, "args")), tuple(self._entries(name, "contexts"))
        found = ((key, value.text) for key, word in contexts for value in word.choices())
        place = _context_places.place(self.source.text, found)
        contexts += tuple((key, Word.literal(text)) for key, text in place)
        partial = self._known(name, "target") is not None
        for path in self._dockerfiles(name):
            yield DockerfileBuild(path, arguments, contexts, partial)

    def _dockerfiles(self, name: str) -> Iterator[str]:
        context, file = str(self._known(name, "context") or "."), str(self._known(name, "dockerfile") or "")
        context, file = context.removeprefix(_HERE), file or "Dockerfile"
        parts = (file.removeprefix(_HERE),) if file.startswith(_HERE) else (context, file)
        if not any(_REMOTE.match(part) for part in parts):
            for folder in dict.fromkeys((posixpath.dirname(self.source.path), "")):
                yield dockerfile(folder, *parts)

    def _known(self, name: str, key: str) -> Text | None:
        """Return a text whose value is known."""
        for word in words(self.targets.fields(name, key)):
            for value in word.choices():
                if value.text and not value.problem:
                    return value.text
        return None

    def _entries(self, name: str, key: str) -> Iterator[tuple[str, Word]]:
        for entry, value in members(self.targets.fields(name, key)):
            yield from ((entry, word) for word in words(value) if word.pieces)

    def _list(self, name: str, key: str) -> Iterator[Word]:
        value = self.targets.fields(name, key)
        yield from (word for _, item in members(value) for word in words(item))

    def _options(self, name: str, key: str) -> Iterator[Mapping[str, Word]]:
        """Yield each item of a list of `type=registry,ref=x`, or of objects with such keys."""
        for _, item in members(self.targets.fields(name, key)):
            yield from _items(item)


def _items(item: Result) -> Iterator[Mapping[str, Word]]:
    if isinstance(item, Fields):
        yield {key: word for key, value in item.fields for word in words(value)}
    for word in words(item):
        if "=" in str(word):
            pairs = (part.partition("=") for part in word.split(","))
            yield {str(key).strip(): value for key, value in pairs if value is not None}
        else:
            yield {"ref": word}


def _cache(options: Mapping[str, Word], role: Role) -> Iterator[Candidate]:
    if "ref" in options and str(options.get("type", "registry")) == "registry":
        yield from image(options["ref"], role)


def _attestation(options: Mapping[str, Word]) -> Iterator[Candidate]:
    """Yield the generator of a bill of materials; without one BuildKit takes its own."""
    kind = options.get("type", Word())
    if str(kind) != "sbom" or str(options.get("disabled", "")) == "true":
        return
    if "generator" in options:
        yield from image(options["generator"], Role.STEP)
    elif (start := kind.written.start) >= 0:
        yield _SCANNER.at(start, "type=sbom")


FORMAT = Format(
    name="docker_bake",
    patterns=("*docker-bake*.{hcl,json}", "bake.{hcl,json}", "*.bake.{hcl,json}", "bake.*.hcl", "bake-*.hcl"),
    words=((b"target", b"variable"),),
    extract=extract,
    builds=True,
    specification="https://docs.docker.com/build/bake/reference/",
)
