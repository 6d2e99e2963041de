"""hub2ar mirror config: what is merged, shown and written."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from planner.cli import _machine, _mirror_text, _text
from planner.errors import ConfigError
from planner.model.source import SourceFile
from planner.runtimes._base import File, Mirror, Runtime
from planner.runtimes._findings import Severity, findings
from planner.runtimes._known import Setting


@dataclass(frozen=True, slots=True)
class Merged:
    """A file of a runtime with the mirror in it."""

    path: Path
    before: SourceFile
    text: str
    new: bool  # whether there was no such file

    @property
    def changed(self) -> bool:
        """Whether there is anything to write."""
        return self.new or self.text != self.before.text


def merged(runtime: Runtime, mirror: Mirror, name: str | None, root: Path) -> tuple[Merged, ...]:
    """Merge a mirror into one file, or into those that the runtime reads. Raises ConfigError, and NoInput."""
    if name:
        return (_one(_machine.chosen(runtime, name), Path(name), name, mirror),)
    files = [file for file in runtime.files if not file.alternative]
    done = tuple(_at_its_place(file, mirror, root) for file in files)
    _refuse_conflicts([Setting(runtime, *pair) for pair in zip(files, map(_after, done), strict=True)], root)
    return done


def _after(one: Merged) -> SourceFile:
    return SourceFile(one.before.path, one.text)


def _refuse_conflicts(changed: Sequence[Setting], root: Path) -> None:
    """Say how changed files conflict with others here. Raises ConfigError where a runtime would not start."""
    paths = {one.source.path for one in changed}
    there = [one for one in _machine.settings(root) if one.source.path not in paths]
    known = findings(there)
    for item in findings([*there, *changed]):
        if item not in known and item.severity is Severity.ERROR:
            raise ConfigError(f"{item.path}:{item.line}: {item.problem}", hint=item.fix)
        if item not in known:
            _text.say(_mirror_text.finding(item), err=True)


def _at_its_place(file: File, mirror: Mirror, root: Path) -> Merged:
    """Merge into a file at the first of its places where it exists, else for the first of them."""
    places = [(_machine.located(place, root), str(Path(place).expanduser())) for place in file.places]
    path, name = next((each for each in places if each[0].exists()), places[0])
    return _one(file, path, name, mirror)


def _one(file: File, path: Path, name: str, mirror: Mirror) -> Merged:
    source = _machine.read(path, name)
    before = source or SourceFile(name, "")
    return Merged(path, before, file.merge(before, mirror), new=source is None)


def show(files: Sequence[Merged], *, diff: bool) -> None:
    """Print the files, or what would change in them."""
    for one in files:
        if diff:
            _text.say(_mirror_text.difference(one.path, one.before.text, one.text))
            continue
        if len(files) > 1:
            click.echo(f"# {one.path}")
        click.echo(one.text.encode("utf-8", "surrogateescape"), nl=False)
    said = [f"{one.path}: {_state(one)}" for one in files]
    _text.say(
        [*said, *(["nothing is written without --write"] if any(one.changed for one in files) else [])],
        err=True,
    )


def _state(one: Merged) -> str:
    if one.new:
        return "does not exist yet"
    return "the mirror is added" if one.changed else "nothing to change"


def write(files: Sequence[Merged]) -> None:
    """Write what changes, and say what became of each file."""
    for one in files:
        if not one.changed:
            _text.say([f"{one.path}: nothing to change"], err=True)
            continue
        kept = _machine.write(one.path, one.text)
        said = f"; the old one is {kept}" if kept else ""
        _text.say([f"{one.path}: written{said}"], err=True)


def explain(runtime: Runtime, mirror: Mirror, *, with_flag: bool) -> None:
    """Say what is left to do and, `with_flag`, how the same is set on a command line."""
    _text.say(_mirror_text.after(runtime, mirror), err=True)
    if with_flag:
        _text.say(_mirror_text.flag(runtime, mirror), err=True)
