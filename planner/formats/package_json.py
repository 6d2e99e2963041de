"""package.json and its like: what the scripts of npm, Composer, Deno and Nx pull and build."""

import posixpath
from collections.abc import Iterator

from planner.formats._base import Format, Given
from planner.formats._ci import entries, scalars
from planner.formats._scripts import WORDS, Finding, findings
from planner.formats._select import scalars_at, select
from planner.formats._shell_words import Value
from planner.formats._yaml import Node, Scalar, parse
from planner.model.source import SourceFile, Text

_TEXTS = (
    "scripts.*[]",
    "husky.hooks.*",
    "wireit.*.command",
    "tasks.*",
    "tasks.*.command",
    "targets.*.command",
    "targets.*.options.command",
    "targets.*.options.commands[]",
    "targets.*.options.commands[].command",
    "targets.*.configurations.*.command",
)


def extract(source: SourceFile, _given: Given) -> Iterator[Finding]:
    """Yield what the scripts of a package name."""
    folders = (posixpath.dirname(source.path), "")
    for document in parse(source).documents:
        known = dict(_variables(document))
        for path in _TEXTS:
            for scalar in scalars_at(document, path):
                yield from findings(scalar.text, source.path, known, folders)


def _variables(document: Node) -> Iterator[tuple[str, tuple[Value, ...]]]:
    """Yield what npm hands to scripts: `$npm_package_version`, `$npm_package_config_IMAGE`."""
    for section in select(document, "config"):
        for name, node in entries(section):
            yield f"npm_package_config_{name}", _values(node)
    for key in ("name", "version"):
        for node in select(document, key):
            yield f"npm_package_{key}", _values(node)


def _values(node: Node) -> tuple[Value, ...]:
    return tuple(Value(each.text if type(each) is Scalar else Text()) for each in scalars(node))


FORMAT = Format(
    name="package_json",
    patterns=("package.json", "composer.json", "deno.{json,jsonc}", "project.json"),
    words=((b"scripts", b"targets", b"tasks", b"husky", b"wireit"), *WORDS),
    extract=extract,
    builds=True,
    specification="https://docs.npmjs.com/cli/v11/using-npm/scripts",
)
