"""Codefresh: the images of steps, services and compositions, what commands run, and what is built.

`${{step}}` is the image that a step of the pipeline builds. A build gives its arguments to a Dockerfile.
"""

import posixpath
import re
from collections.abc import Iterator
from itertools import chain, islice

from planner.formats._base import Candidate, Embedded, Format, Given, Item
from planner.formats._build_arguments import binding, dockerfile
from planner.formats._ci import entries, items, problems, scalars, unread, value
from planner.formats._ci_environment import Assigned, Environment, distinct_items, joined, text_of
from planner.formats._shell_words import Piece, Word
from planner.formats._yaml import Mapping, Node, Scalar, parse
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_SYNTAX = re.compile(r"\$\{\{[ \t]*+(?P<name>[A-Za-z_][\w.-]*+)[ \t]*+\}\}")
_HOOKS = ("on_elected", "on_success", "on_fail", "on_finish")
_NESTED = 8  # steps in steps
_MOST_STEPS = 10_000


def extract(source: SourceFile, given: Given) -> Iterator[Item]:
    """Yield the images that a pipeline runs and builds, and values for Dockerfiles."""
    parsed = parse(source)
    yield from problems(parsed, Role.STEP)
    for document in parsed.documents:
        if type(document) is Mapping:
            spec = document.get("spec")
            yield from _Pipeline(source.path, spec if type(spec) is Mapping else document, given).read()
    yield from unread(source, parsed, ("image",), Role.STEP)


class _Pipeline:
    def __init__(self, path: str, spec: Mapping, given: Given) -> None:
        self.spec = spec
        variables: Assigned = {name: (text,) for name, text in given.items()}
        self.scope = Environment(
            path,
            _SYNTAX,
            {**_listed(spec.get("variables")), **variables},
            place="as a variable of the pipeline",
        )
        self.steps = list(islice(_named_steps(spec.get("steps")), _MOST_STEPS))
        self.names = {name for name, _ in self.steps}

    def read(self) -> Iterator[Item]:
        steps = chain.from_iterable(self._step(step) for _, step in self.steps)
        around = (*self._services(self.spec.get("services")), *self._hooks(self.spec.get("hooks")))
        yield from distinct_items(chain(steps, around))

    def _step(self, step: Mapping) -> Iterator[Item]:
        arguments = step.get("arguments")
        fields = arguments if type(arguments) is Mapping and step.get("type") is not None else step
        scope = self.scope.having(_environment(fields.get("environment")))
        if value(step, "type") == "build":
            yield from self._build(fields, scope)
        elif value(step, "type") == "push":
            yield from self._built(fields, scope)
        else:
            yield from self._freestyle(fields, scope)
        yield from self._services(step.get("services"))
        yield from self._composition(fields.get("composition"))
        yield from self._each_image(fields.get("composition_candidates"), Role.STEP)
        yield from self._hooks(step.get("hooks"))

    def _freestyle(self, step: Mapping, scope: Environment) -> Iterator[Item]:
        """Read a step that runs a container, once for each child that `scale` or `matrix` makes of it."""
        children = [child for _, child in entries(step.get("scale")) if type(child) is Mapping]
        images = [child.get("image") for child in children] + items(step.get("matrix", "image"))
        if None in images or not images:
            images.append(step.get("image"))
        for node in images:
            yield from self._image(node, scope, Role.STEP)
        fanned = [
            *(child.get("environment") for child in children),
            *items(step.get("matrix", "environment")),
        ]
        rows = tuple(_environment(each) for each in fanned)
        yield from scope.times(rows).run(joined(*(scalar.text for scalar in scalars(step.get("commands")))))

    def _image(self, node: Node | None, scope: Environment, role: Role) -> Iterator[Candidate]:
        """Yield an image, unless it is what a step of this pipeline makes."""
        if type(node) is Scalar:
            mentioned = {match["name"] for match in _SYNTAX.finditer(node.value)}
            steps = {name.removeprefix("steps.").partition(".")[0] for name in mentioned}
            if not steps & self.names:
                yield from scope.image(node, role)

    def _build(self, step: Mapping, scope: Environment) -> Iterator[Item]:
        yield from self._built(step, scope)
        for key in ("cache_from",):
            for scalar in scalars(step.get(key)):
                yield from self._image(scalar, scope, Role.CACHE)
        arguments = _assignments(step.get("build_arguments"), scope)
        file = step.get("dockerfile")
        if type(file) is Mapping:
            if type(content := file.get("content")) is Scalar:
                yield Embedded(content.text, formats=("dockerfile",))
            return
        folder = value(step, "working_directory")
        folder = "." if "${{" in folder else folder
        name = value(step, "dockerfile") or "Dockerfile"
        yield from binding(dockerfile(posixpath.join(folder or ".", name)), arguments)

    def _built(self, step: Mapping, scope: Environment) -> Iterator[Candidate]:
        """Yield the name of what is built or pushed, with its tag where that is known."""
        name, tag = step.get("image_name"), step.get("tag")
        if type(name) is not Scalar:
            return
        word = scope.word(name.text)
        tags = scope.word(tag.text) if type(tag) is Scalar and tag.value else Word()
        if tags.pieces and tags.known and ":" not in str(word):
            word = Word((*word.pieces, Piece.literal(Text.of(":")), *tags.pieces))
        yield from word.candidates(Role.OUTPUT)

    def _services(self, node: Node | None) -> Iterator[Item]:
        for section in items(node):
            if type(section) is Mapping:
                yield from self._composition(section.get("composition"))
                if type(readiness := section.get("readiness")) is Mapping:
                    yield from self._freestyle(readiness, self.scope)

    def _composition(self, node: Node | None) -> Iterator[Candidate]:
        """Read services, or what a Compose file would hold; a path to one is read by itself."""
        if type(node) is Mapping:
            services = node.get("services")
            yield from self._each_image(services if type(services) is Mapping else node, Role.SERVICE)

    def _each_image(self, section: Node | None, role: Role) -> Iterator[Candidate]:
        for _, service in entries(section):
            if type(service) is Mapping and service.get("build") is None:
                yield from self._image(service.get("image"), self.scope, role)

    def _hooks(self, hooks: Node | None) -> Iterator[Item]:
        for when in _HOOKS:
            hook = hooks.get(when) if type(hooks) is Mapping else None
            if type(hook) is Mapping:
                executed = hook.get("exec")
                for step in (executed, *(each for _, each in _named_steps(hook.get("steps")))):
                    if type(step) is Mapping:
                        yield from self._freestyle(step, self.scope)


def _named_steps(section: Node | None, depth: int = 0) -> Iterator[tuple[str, Mapping]]:
    """Yield steps by name, and those that run side by side inside one."""
    for name, step in entries(section) if depth < _NESTED else ():
        if type(step) is Mapping:
            yield name, step
            yield from _named_steps(step.get("steps"), depth + 1)


def _listed(section: Node | None) -> Assigned:
    """Return `variables: [{key: …, value: …}]`."""
    pairs = ((value(item, "key"), item.get("value")) for item in items(section) if type(item) is Mapping)
    return {name: (text_of(node),) for name, node in pairs if name and type(node) is Scalar}


def _environment(section: Node | None) -> Assigned:
    """Return `environment: [NAME=VALUE]`, or a map."""
    if type(section) is Mapping:
        return {name: (text_of(node),) for name, node in entries(section) if type(node) is Scalar}
    pairs = ((scalar, scalar.value.partition("=")) for scalar in scalars(section))
    return {
        name: (scalar.text.cut(len(name) + 1, len(scalar.value)),)
        for scalar, (name, equals, _) in pairs
        if equals
    }


def _assignments(section: Node | None, scope: Environment) -> tuple[tuple[str, Word], ...]:
    return tuple(
        (name, scope.word(text)) for name, (text,) in _environment(section).items() if isinstance(text, Text)
    )


FORMAT = Format(
    name="codefresh",
    patterns=("{.,}codefresh*.{yml,yaml}", ".codefresh/**/*.{yml,yaml}", "*codefresh*.{yml,yaml}"),
    words=((b"steps",),),
    extract=extract,
    builds=True,
    specification="https://codefresh.io/docs/docs/pipelines/steps/freestyle/",
)
