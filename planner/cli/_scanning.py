"""Scans as commands run them: cached, in several processes, of trees, commits or lists of repositories."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from planner.cli import _inputs, _lines
from planner.cli._options import Scanning
from planner.config import ScanSettings, Settings
from planner.errors import NoInput, reason
from planner.model.inventory import Inventory
from planner.model.source import printable
from planner.scanning import workers
from planner.scanning.gather import Means
from planner.sources.cache import Cache, directory

_NOTHING_SAID = Scanning()


@contextmanager
def means(settings: ScanSettings, said: Scanning = _NOTHING_SAID) -> Iterator[Means]:
    """Yield the means of a scan, and note afterwards if the cache could not be written."""
    cache = None if said.no_cache else Cache(directory())
    try:
        yield Means(settings.max_file_size, cache, workers.local(said.jobs))
    finally:
        if cache:
            cache.close()
            if cache.problem:
                _lines.remark([f"note: {cache.problem}"])


def trees(paths: Sequence[str], settings: Settings, said: Scanning) -> Inventory:
    """Scan directories, files and standard input."""
    with means(settings.scan, said) as how:
        return _inputs.scanned(paths, settings, how)


def revision(paths: Sequence[str], name: str, settings: ScanSettings, said: Scanning) -> Inventory:
    """Scan a commit of each repository; with several, paths begin with the repository's."""
    from planner.scan import Place, scan_places
    from planner.sources.revision import resolve

    prefixes = ["" if len(paths) == 1 else f"{path.rstrip('/')}/" for path in paths]
    places = [
        Place(resolve(Path(path), name), path, prefix) for path, prefix in zip(paths, prefixes, strict=True)
    ]
    with means(settings, said) as how:
        return scan_places(places, settings, how)


def repositories(file: str, settings: ScanSettings, said: Scanning, shard: str, executor: str) -> Inventory:
    """Scan the repositories of a list, or the part of it that falls to this task."""
    from planner import repositories as many
    from planner.split import shard_of

    number, count = shard_of(shard, os.environ)
    known = many.listed(_text(file), "standard input" if file == "-" else file)
    part = many.shard(known, number, count)
    here = workers.local(said.jobs)
    alone = len(part) < 2 and not executor  # then its files are spread, and not the repositories
    with _progress() as progress:
        return many.scan_all(
            part,
            settings,
            directory(),
            cached=not said.no_cache,
            start=workers.remote(executor) if executor else None if alone else here,
            files=here if alone else None,
            progress=progress,
        )


def _text(file: str) -> str:
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return content.decode()
    except (OSError, UnicodeDecodeError) as error:
        raise NoInput(
            f"{file!r} cannot be read: {reason(error)}", hint="name a text with a repository on each line"
        ) from error


@contextmanager
def _progress() -> Iterator[Callable[[int, int, str], None]]:
    """Yield what shows the progress: one line that is overwritten on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return

    def say(done: int, count: int, name: str) -> None:
        line = f"\r\033[Kscanned {done:,} of {count:,} repositories: {printable(name)[:50]}"
        click.echo(line, err=True, nl=False)

    try:
        yield say
    finally:
        click.echo("\r\033[K", err=True, nl=False)
