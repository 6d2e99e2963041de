"""hub2ar export: the plan and sources that an export needs are read, and its files written."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import click
import msgspec

from planner.cli import _execute, _inputs, _lines, _whole
from planner.errors import ConfigError, nearest
from planner.exports._base import Engine, Export, File, Options
from planner.exports._known import export
from planner.model.plan import Plan
from planner.model.source import SourceFile


def rendered(
    name: str, plan: str, syntax: str, root: Path, engine: Mapping[str, str | int], *, enforce: bool
) -> tuple[File, ...]:
    """Return the files of an export; `engine` has the fields of `Engine` that were chosen.

    Raises ConfigError for one that there is not, and for a wrong plan.
    """
    chosen = export(name)
    _check(chosen, syntax, enforce=enforce)
    _check_engine(chosen, engine)
    document = _inputs.plan_document(plan)
    _execute.check(document, plan)
    sources = {source.path: source for source in _sources(chosen, document, root)}
    syntax = syntax or next(iter(chosen.syntaxes), "")
    return chosen.render(document, Options(syntax, enforce, sources, msgspec.convert(engine, Engine)))


def _check(chosen: Export, syntax: str, *, enforce: bool) -> None:
    title = chosen.name.replace("_", "-")
    if syntax and syntax not in chosen.syntaxes:
        known = ", ".join(chosen.syntaxes)
        hint = nearest(syntax, chosen.syntaxes) or (f"known are {known}" if known else "leave --format out")
        raise ConfigError(f"{title} has no syntax {syntax!r}", hint=hint)
    if enforce and not chosen.guards:
        raise ConfigError(f"{title} is no guard: there is nothing to enforce", hint="leave --enforce out")


def _check_engine(chosen: Export, engine: Iterable[str]) -> None:
    title = chosen.name.replace("_", "-")
    for name in engine:
        if name not in chosen.takes:
            flags = [f"--{each.replace('_', '-')}" for each in chosen.takes]
            hint = f"it has {', '.join(flags)}" if flags else "leave it out"
            raise ConfigError(f"{title} has no --{name.replace('_', '-')}", hint=hint)


def _sources(chosen: Export, plan: Plan, root: Path) -> Iterator[SourceFile]:
    """Yield the files that an export needs, as far as they are what the plan was made from."""
    for path in chosen.reads(plan):
        place = root / path
        if not place.resolve().is_relative_to(root.resolve()):
            continue  # a plan may name anything, and only the tree is read
        try:
            content = place.read_bytes()
        except OSError:
            continue
        if plan.files.get(path) in (None, hashlib.sha256(content).hexdigest()):
            yield SourceFile(path, content.decode("utf-8", "surrogateescape"))


def write(files: Sequence[File], output: str) -> None:
    """Write files whole or not at all; `-` is standard output. Raises ConfigError."""
    folder = output.endswith("/") or Path(output).is_dir()
    if len(files) > 1 and not folder:
        names = ", ".join(file.name for file in files)
        raise ConfigError(f"there are {len(files)} files: {names}", hint="name a directory: -o DIR/")
    if output == "-":
        click.echo(files[0].text.encode("utf-8", "surrogateescape"), nl=False)
        return
    for file in files:
        place = Path(output, file.name) if folder else Path(output)
        _put(place, file.text)
        _lines.remark([f"written to {place}"])


def _put(place: Path, text: str) -> None:
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _whole.unwritable(str(place), error) from error
    _whole.write([text], str(place))
