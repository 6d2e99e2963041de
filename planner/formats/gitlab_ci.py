"""GitLab CI: the images and services of jobs, of what jobs extend and of all jobs, and their scripts.

A name behind the dependency proxy's prefix is content of Docker Hub; its places are those of the name alone,
and the prefix has to go with them. `$CI_REGISTRY…` is the project's own registry.
"""

import re
from collections.abc import Iterator
from itertools import islice

from msgspec.structs import replace

from planner.formats._base import Candidate, Format, Given, Item
from planner.formats._ci import DEPTH, REFERENCE, entries, is_set, items, problems, scalars, unread, value
from planner.formats._ci_environment import distinct_items, joined, scripted
from planner.formats._docker_commands import image
from planner.formats._gitlab_includes import INCLUDER, PARENT, bindings, children
from planner.formats._gitlab_variables import ANCESTORS, PROXY, Scope, pipeline
from planner.formats._yaml import Mapping, Node, Scalar, Sequence, parse
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_NO_JOBS = frozenset(
    {"default", "variables", "workflow", "stages", "include", "image", "services", "spec", "cache",
     "before_script", "after_script"}
)  # fmt: skip
_NAMED = re.compile(r"(?:\A|[./_-])gitlab-ci[^/]*\.ya?ml\Z|(?:\A|/)\.gitlab(?:-ci)?/")
_LIKELY = re.compile(r"(?m)^[ \t]+(?:script|before_script)[ \t]*+:")
_OF_JOBS = frozenset(  # beside a script, of the jobs of no other system
    {"stage", "rules", "only", "except", "artifacts", "needs", "tags", "before_script", "extends", "services",
     "when", "allow_failure", "coverage", "interruptible", "image"}
)  # fmt: skip
_OF_OTHERS = frozenset(
    {"jobs", "on", "steps", "language", "version", "tasks", "kind", "apiVersion", "pipelines"}
)
_MACHINE = re.compile(r"macos-\d+-xcode-\d+\Z")  # of GitLab's runners for macOS, which run no containers
_MOST_ITEMS = 10_000  # of a list; references to references are not followed for ever
_SCRIPTS = (("before_script", "script"), ("after_script",))  # what runs in one shell


def extract(source: SourceFile, given: Given) -> Iterator[Item]:
    """Yield the images of a pipeline, or of a part of one that others include."""
    sure = bool(_NAMED.search(source.path)) or INCLUDER in given or PARENT in given
    if not sure and not _LIKELY.search(source.text):
        return
    parsed = parse(source)
    if not sure and not any(map(_is_pipeline, parsed.documents)):
        return  # a file of any name is a part of a pipeline where another includes or starts it
    yield from problems(parsed, Role.STEP)
    header = next(iter(parsed.documents), None)
    for document in parsed.documents:
        if type(document) is Mapping and document.get("spec") is None:
            scope = pipeline(source.path, document, header, given)
            jobs = _jobs(document)
            for item in distinct_items(_pipeline(document, jobs, scope)):
                yield _beyond_proxy(item) if isinstance(item, Candidate) else item
            if problem := scope.readings.problem():
                yield Candidate(Text(), Role.STEP, document.start, "", problem=problem)
            yield from bindings(source.path, document, scope, given, _scopes(jobs, scope), jobs)
            if "trigger" in source.text:
                yield from children(source.path, _scopes(jobs, scope, "trigger"))
    yield from unread(source, parsed, ("image",), Role.STEP)


def _is_pipeline(document: Node) -> bool:
    """Tell a pipeline by its jobs: beside a script one has what jobs of no other system have."""
    if type(document) is not Mapping or not _OF_OTHERS.isdisjoint(document.own):
        return False
    listed = type(document.get("stages")) is Sequence
    found = [job for job in _jobs(document).values() if job.get("script") is not None]
    return any(listed or len(_OF_JOBS.intersection(job.own)) > 1 for job in found)


def _scopes(jobs: dict[str, Mapping], scope: Scope, key: str = "") -> Iterator[tuple[list[Mapping], Scope]]:
    """Yield each job with what it extends, and what it knows; where a key is named, the jobs that have it."""
    for name in jobs:
        if not name.startswith("."):
            chain = _chain(name, jobs)
            if not key or any(section.get(key) for section in chain):
                yield chain, scope.job(chain)


def _jobs(document: Mapping) -> dict[str, Mapping]:
    return {name: node for name, node in entries(document) if type(node) is Mapping and name not in _NO_JOBS}


def _pipeline(document: Mapping, jobs: dict[str, Mapping], scope: Scope) -> Iterator[Item]:
    read: set[int] = set()
    for name in sorted(
        jobs, key=lambda name: name.startswith(".")
    ):  # a template is read where nothing extends it
        chain = _chain(name, jobs)
        yield from _job(document, chain, scope.job(chain), read, hidden=name.startswith("."))
    yield from _job(document, [], scope, read, hidden=True)


def _chain(name: str, jobs: dict[str, Mapping]) -> list[Mapping]:
    """Return what a job extends, farthest first, and the job itself last."""
    chain: dict[str, Mapping] = {}
    waiting = [(name, 0)]
    while waiting and len(chain) < ANCESTORS * ANCESTORS:
        parent, level = waiting.pop()
        if parent in jobs and parent not in chain:
            chain[parent] = jobs[parent]
            if level < ANCESTORS:
                further = scalars(jobs[parent].get("extends"))
                waiting += [(scalar.value, level + 1) for scalar in further]
    return list(chain.values())[::-1]


def _job(
    document: Mapping, chain: list[Mapping], scope: Scope, read: set[int], *, hidden: bool
) -> Iterator[Item]:
    """Read what a job runs in and runs, its own or what it has from others."""

    def effective(key: str) -> Node | None:
        sections = (*chain[::-1], document.get("default"), document)
        found = (section.get(key) for section in sections if type(section) is Mapping)
        return next((node for node in found if node is not None), None)

    def fresh(node: Node | None) -> Node | None:
        if node is None or (hidden and id(node) in read):
            return None
        read.add(id(node))
        return node

    yield from _image(fresh(effective("image")), scope, Role.STEP)
    for service in _listed(fresh(effective("services")), document):
        yield from _image(service, scope, Role.SERVICE)
    for keys in _SCRIPTS:
        nodes = [effective(key) for key in keys]
        if fresh(nodes[-1]) is not None or fresh(nodes[0]) is not None:
            yield from _script(nodes, scope)


def _listed(node: Node | None, document: Mapping) -> list[Node]:
    """Return the items of a list, with those that `!reference` names in its place."""
    return list(islice(_flat(node, document), _MOST_ITEMS))


def _flat(node: Node | None, document: Mapping, depth: int = DEPTH) -> Iterator[Node]:
    for item in items(_referenced(node, document)) if depth else ():
        if type(item) is Sequence:
            yield from _flat(item, document, depth - 1)
        else:
            yield item


def _referenced(node: Node | None, document: Mapping) -> Node | None:
    """Return what `!reference [job, key]` names in this file."""
    for _ in range(DEPTH):
        if type(node) is not Sequence or node.tag != REFERENCE:
            return node
        node = document.get(*map(value, node.items)) if node.items else None
    return None


def _image(node: Node | None, scope: Scope, role: Role) -> Iterator[Candidate]:
    node = _referenced(node, scope.document)
    name = _referenced(node.get("name") if type(node) is Mapping else node, scope.document)
    if type(name) is Scalar and is_set(name) and not _MACHINE.match(name.value):
        text = name.text
        for job in scope.jobs(name.value):
            yield from image(job.word(text), role)


def _script(nodes: list[Node | None], scope: Scope) -> Iterator[Item]:
    found = (item for node in nodes for item in _listed(node, scope.document))
    script = joined(*(item.text for item in found if type(item) is Scalar and is_set(item)))
    for job in scope.jobs(str(script), script.start):
        yield from scripted(script, scope.path, ".", job.shell(script))


def _beyond_proxy(candidate: Candidate) -> Candidate:
    """Return what the dependency proxy is asked for, as a name of Docker Hub."""
    if candidate.problem or not any(PROXY in line for line in candidate.trail):
        return candidate
    name = str(candidate.value)
    return replace(candidate, value=candidate.value.cut(len(name) - len(name.lstrip("/")), len(name)))


FORMAT = Format(
    name="gitlab_ci",
    patterns=("*.{yml,yaml}",),
    words=((b"image", b"services", b"script", b"variables", b"include"),),
    extract=extract,
    builds=True,
    specification="https://docs.gitlab.com/ci/yaml/#image",
)
