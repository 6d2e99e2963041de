"""Travis CI: what the phases of a job run; a build has no images of its own.

The phases of a job are one script. `env` gives variables, and each item of its matrix is a job.
"""

import re
from collections.abc import Iterator

from planner.formats._base import Format, Given, Item
from planner.formats._ci import entries, items, problems, scalars
from planner.formats._ci_environment import (
    MOST_ROWS,
    NO_EXPANSION,
    Alternatives,
    Assigned,
    Environment,
    crossed,
    distinct_items,
    joined,
    text_of,
)
from planner.formats._yaml import Mapping, Node, Scalar, parse
from planner.model.inventory import Role
from planner.model.source import SourceFile

_PHASES = (
    "before_install", "install", "before_script", "script", "before_cache", "after_success", "after_failure",
    "before_deploy", "deploy", "after_deploy", "after_script",
)  # fmt: skip
_LANGUAGES = {
    "python": "TRAVIS_PYTHON_VERSION",
    "rvm": "TRAVIS_RUBY_VERSION",
    "ruby": "TRAVIS_RUBY_VERSION",
    "node_js": "TRAVIS_NODE_VERSION",
    "go": "TRAVIS_GO_VERSION",
    "php": "TRAVIS_PHP_VERSION",
    "jdk": "TRAVIS_JDK_VERSION",
    "rust": "TRAVIS_RUST_VERSION",
}
_ASSIGNMENT = re.compile(r"(?<!\S)([A-Za-z_]\w*)=(\"[^\"]*\"|'[^']*'|[^\s\"']*)")


def extract(source: SourceFile, _given: Given) -> Iterator[Item]:
    """Yield the images that the scripts of jobs name."""
    parsed = parse(source)
    yield from problems(parsed, Role.SCRIPT)
    for document in parsed.documents:
        if type(document) is Mapping:
            yield from distinct_items(_build(source.path, document))


def _build(path: str, document: Mapping) -> Iterator[Item]:
    scope = Environment(path, NO_EXPANSION, _merged(_rows(document.get("env", "global"))))
    env = document.get("env")
    listed = [env.get(key) for key in ("jobs", "matrix")] if type(env) is Mapping else [env]
    plain = _plain(env) if type(env) is Mapping else {}
    rows = tuple(row for section in listed for row in _rows(section))
    jobs = scope.having(plain).times(rows).times(_versions(document))
    yield from _job(document, document, jobs)
    for key in ("jobs", "matrix"):
        for job in items(document.get(key, "include"))[:MOST_ROWS]:
            if type(job) is Mapping:
                own = scope.having(plain).having(_merged(_rows(job.get("env")))).times(_versions(job))
                yield from _job(job, document, own)


def _job(job: Mapping, document: Mapping, scope: Environment) -> Iterator[Item]:
    """Read the phases of a job, its own or those of the file."""
    phases = (job.get(phase) if job.get(phase) is not None else document.get(phase) for phase in _PHASES)
    texts = [scalar.text for phase in phases for scalar in _commands(phase)]
    yield from scope.run(joined(*texts))


def _commands(phase: Node | None) -> Iterator[Scalar]:
    """Yield the commands of a phase; of a deployment its script."""
    for item in items(phase):
        yield from scalars(item.get("script") if type(item) is Mapping else item)


def _rows(section: Node | None) -> tuple[Assigned, ...]:
    """Return what each item of a list sets: `A=1 B="2"`, or a map."""
    return tuple(row for item in items(section) if (row := _assigned(item)))


def _assigned(item: Node) -> Assigned:
    if type(item) is Mapping:
        return _plain(item)
    return dict(_written(item)) if type(item) is Scalar else {}


def _plain(section: Mapping) -> Assigned:
    known = (pair for pair in entries(section) if pair[0] not in ("global", "jobs", "matrix", "secure"))
    return {name: (text_of(node),) for name, node in known if type(node) is Scalar}


def _written(item: Scalar) -> Iterator[tuple[str, Alternatives]]:
    text = item.text
    for match in _ASSIGNMENT.finditer(item.value):
        quoted = match[2][:1] in ("'", '"')
        yield match[1], (text.cut(match.start(2) + quoted, match.end(2) - quoted),)


def _merged(rows: tuple[Assigned, ...]) -> Assigned:
    return {name: values for row in rows for name, values in row.items()}


def _versions(section: Mapping) -> tuple[Assigned, ...]:
    """Return the versions of a language that jobs run with, which their scripts see."""
    return crossed({name: items(section.get(key)) for key, name in _LANGUAGES.items() if section.get(key)})


FORMAT = Format(
    name="travis",
    patterns=(".travis.{yml,yaml}", ".travis/**/*.{yml,yaml}", "*travis*.{yml,yaml}"),
    words=((b"docker", b"podman", b"kubectl", b"kind", b"helm", b"skopeo", b"crane", b"buildah", b"k3d"),),
    extract=extract,
    builds=True,
    specification="https://docs.travis-ci.com/user/docker/",
)
