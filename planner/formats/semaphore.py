"""Semaphore: the containers that jobs run in, and the commands of jobs.

The first container of an agent is what the commands run in, the others are services beside it. `os_image`
names a virtual machine.
"""

import posixpath
from collections.abc import Iterator

from planner.formats._base import Binding, Candidate, Format, Given, Item
from planner.formats._ci import items, problems, scalars, unread, value
from planner.formats._ci_environment import (
    NO_EXPANSION,
    Assigned,
    Environment,
    crossed,
    distinct_items,
    joined,
    text_of,
)
from planner.formats._yaml import Mapping, Node, Scalar, parse
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_TOO_OFTEN = "more jobs share a prologue or an epilogue than anyone writes: not all of them are read"
_OWN = frozenset({"commands", "env_vars", "matrix", "<<"})


def extract(source: SourceFile, given: Given) -> Iterator[Item]:
    """Yield the containers of agents, and the images that commands name."""
    parsed = parse(source)
    yield from problems(parsed, Role.STEP)
    for document in parsed.documents:
        if type(document) is Mapping:
            scope = Environment(source.path, NO_EXPANSION, {name: (text,) for name, text in given.items()})
            yield from distinct_items(_pipeline(document, scope))
            yield from _promotions(source.path, document)
    yield from unread(source, parsed, ("image",), Role.STEP)


def _pipeline(document: Mapping, scope: Environment) -> Iterator[Item]:
    yield from _agent(document.get("agent"), scope)
    common = document.get("global_job_config")
    tasks = [block.get("task") for block in items(document.get("blocks")) if type(block) is Mapping]
    for task in (*tasks, document.get("after_pipeline", "task")):
        if type(task) is Mapping:
            yield from _agent(task.get("agent"), scope)
            yield from _task(task, common, scope.having(_variables(common)).having(_variables(task)))


def _agent(agent: Node | None, scope: Environment) -> Iterator[Item]:
    containers = agent.get("containers") if type(agent) is Mapping else None
    for index, container in enumerate(items(containers)):
        if type(container) is Mapping:
            yield from scope.image(container.get("image"), Role.SERVICE if index else Role.STEP)


def _task(task: Mapping, common: Node | None, scope: Environment) -> Iterator[Item]:
    before = [*_commands(common, "prologue"), *_commands(task, "prologue")]
    after = [
        text
        for section in (task, common)
        for when in ("always", "on_pass", "on_fail")
        for text in _commands(section, "epilogue", when)
    ]
    shared = str(joined(*before, *after))
    for job in scope.readings.first(_distinct(task.get("jobs")), shared):
        own = [scalar.text for scalar in scalars(job.get("commands"))]
        inner = scope.having(_variables(job)).times(_matrix(job))
        yield from inner.run(joined(*before, *own, *after))
    if scope.readings.left < 0:
        yield Candidate(Text(), Role.SCRIPT, task.start, "", problem=_TOO_OFTEN)


def _distinct(jobs: Node | None) -> Iterator[Mapping]:
    """Yield the jobs, but of those that say nothing themselves only the first."""
    is_first = True
    for job in items(jobs):
        if type(job) is Mapping:
            if _OWN.isdisjoint(job.own):
                if not is_first:
                    continue
                is_first = False
            yield job


def _commands(section: Node | None, *keys: str) -> list[Text]:
    node = section.get(*keys, "commands") if type(section) is Mapping else None
    return [scalar.text for scalar in scalars(node)]


def _variables(section: Node | None) -> Assigned:
    """Return `env_vars: [{name: …, value: …}]`."""
    listed = section.get("env_vars") if type(section) is Mapping else None
    pairs = ((value(item, "name"), item.get("value")) for item in items(listed) if type(item) is Mapping)
    return {name: (text_of(node),) for name, node in pairs if name and type(node) is Scalar}


def _matrix(job: Mapping) -> tuple[Assigned, ...]:
    """Return the rows of `matrix: [{env_var: …, values: […]}]`."""
    axes = [axis for axis in items(job.get("matrix")) if type(axis) is Mapping]
    return crossed({value(axis, "env_var"): items(axis.get("values")) for axis in axes})


def _promotions(path: str, document: Mapping) -> Iterator[Binding]:
    """Give the parameters of promotions to the pipelines they start."""
    for promotion in items(document.get("promotions")):
        file = value(promotion, "pipeline_file")
        listed = promotion.get("parameters", "env_vars") if type(promotion) is Mapping else None
        pairs = (
            (value(item, "name"), item.get("default_value"))
            for item in items(listed)
            if type(item) is Mapping
        )
        variables = {name: node.text for name, node in pairs if name and type(node) is Scalar and node.value}
        if file and variables:
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), file))
            yield Binding(target, "semaphore", variables)


FORMAT = Format(
    name="semaphore",
    patterns=(
        ".semaphore/**/*.{yml,yaml}",
        "*semaphore*.{yml,yaml}",
    ),
    words=((b"image", b"commands"),),
    extract=extract,
    builds=True,
    specification="https://docs.semaphore.io/reference/pipeline-yaml#containers",
)
