"""hub2ar rewrite: reads the plan, checks what has to be true before anything is written, and writes."""

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from planner import errors
from planner.cli import _inputs, _lines, _rewrite_text, _scanning, _text, _whole
from planner.config import Settings
from planner.model.document import decode_lines
from planner.model.outcome import Outcome
from planner.model.plan import Plan
from planner.model.reference import Reference
from planner.model.words import counted

if TYPE_CHECKING:
    from planner.registries.oci import Registries
    from planner.rewriting.result import Repository, Rewriting
    from planner.scan import Place


@dataclass(frozen=True, slots=True)
class Trust:
    """Which conditions of a rewrite are waived, or proved otherwise."""

    dirty: bool  # repositories may have uncommitted changes
    unverified: bool  # destinations need not be there
    outcomes: Path | None  # the record that says which are there; None: they are asked


@dataclass(frozen=True, slots=True)
class Todo:
    """A rewrite: of which trees, by which plan, with which settings."""

    name: str  # of the plan
    paths: Sequence[Path]
    settings: Settings
    trust: Trust
    central: bool = False  # one setting for many images is edited, where there is one

    def document(self) -> Plan:
        """Read the plan. Raises NoInput or ConfigError, also for one without a project."""
        found = _inputs.plan_document(self.name)
        _inputs.check_project(found, self.name)
        return found

    def places(self, plan: Plan) -> "list[Place]":
        """Return the trees, called as the plan calls them. Raises NoInput for what is no folder or file."""
        from planner.checkouts import called
        from planner.model.plan import Rewrite
        from planner.scan import places
        from planner.sources.revision import Revision

        found = places(self.paths)
        if bare := next((each.name for each in found if isinstance(each.tree, Revision)), ""):
            raise errors.NoInput(f"{bare!r} has no files to edit", hint="check it out: `git worktree add`")
        paths = frozenset(each.path for each in plan.actions if isinstance(each, Rewrite))
        return [called(each, paths) for each in found]


def _proposed(todo: Todo, plan: Plan) -> "Rewriting":
    from planner.rewrite import rewrite

    with _scanning.means(todo.settings.scan) as means:
        return rewrite(plan, todo.places(plan), todo.settings.scan, means, central=todo.central)


def diff(todo: Todo) -> int:
    """Print a patch with all changes."""
    from planner.rewriting.patches import patch_of

    result = _proposed(todo, todo.document())
    several = sum(bool(each.pending) for each in result.repositories) > 1
    for each in result.repositories:
        for part in patch_of(each.pending, Path.cwd() if several else each.top):
            click.echo(part, nl=False)
    return _told(result, None)


def check(todo: Todo) -> int:
    """Print what would change; the exit code is 10 where anything would."""
    result = _proposed(todo, todo.document())
    _text.say(_rewrite_text.pending(result))
    code = _told(result, "to rewrite")
    pending = any(each.pending for each in result.repositories)
    return code or (errors.PENDING if pending else 0)


def patches(todo: Todo, folder: Path, *, by_owner: bool) -> int:
    """Write a patch for each repository, or for each owner."""
    from planner.rewriting.patches import named

    plan = todo.document()
    result = _trusted(todo, plan, _proposed(todo, plan), writes=False)
    _whole.make_folder(folder)
    for name, content in named(result.repositories, by_owner=by_owner):
        _whole.write(content, str(folder / name))
        _text.say([str(folder / name)])
    return _told(result, "to rewrite")


def in_place(todo: Todo) -> int:
    """Edit files, one repository after another."""
    from planner.rewriting.writing import Content, distinct, replace_all

    plan = todo.document()
    with _alone(todo.paths) as journal:
        result = _trusted(todo, plan, _proposed(todo, plan), writes=True)

        def write(each: "Repository") -> None:
            contents = (Content(one.file.file, one.file.now, one.after) for one in each.pending)
            replace_all(distinct(contents), journal)
            _text.say(_rewrite_text.done(each))

        result = _each(result, write)
    return _told(result, "rewritten")


def branches(todo: Todo, name: str) -> int:
    """Commit on a branch of each repository."""
    from planner.rewriting.branch import commit

    plan = todo.document()
    result = _trusted(todo, plan, _proposed(todo, plan), writes=False)

    def write(each: "Repository") -> None:
        made = commit(each, name, todo.name)
        _text.say([f"{_text.counted(len(each.rewrites), 'place')} on {name} of {each.top}: {made}"])

    return _told(_each(result, write), "committed")


def _each(result: "Rewriting", write: "Callable[[Repository], None]") -> "Rewriting":
    """Write what is pending of each repository; one that cannot be written is refused, the next tried."""
    repositories = []
    for each in result.repositories:
        try:
            if each.pending:
                write(each)
            repositories.append(each)
        except errors.PlannerError as error:
            repositories.append(replace(each, files=(), refused=error.in_a_line))
    return replace(result, repositories=tuple(repositories))


def revert(todo: Todo) -> int:
    """Put back what the files held before the plan was carried out."""
    from planner.rewriting.reverting import revert as reverted
    from planner.rewriting.writing import Content, distinct, replace_all

    plan = _inputs.plan_document(todo.name)
    with _alone(todo.paths) as journal:
        found = reverted(plan, todo.places(plan), todo.settings.scan.max_file_size)
        count = 0
        for each in found:
            contents = distinct(Content(one.file.file, one.file.now, one.after) for one in each.pending)
            replace_all(contents, journal)
            count += len(contents)
    _lines.remark([f"{_text.counted(count, 'file')} put back"])
    return _refusals(found)


def _locked(path: Path) -> BinaryIO:
    """Open the file that a run locks. Raises ConfigError."""
    hint = "name another place with HUB2AR_STATE_DIR: a run that is stopped is finished from there"
    _whole.make_folder(path.parent, hint, mode=0o700)
    try:
        return path.open("wb")
    except OSError as error:
        said = errors.reason(error)
        raise errors.ConfigError(f"{str(path)!r} cannot be written: {said}", hint=hint) from error


@contextmanager
def _alone(paths: Sequence[Path]) -> Iterator[Path]:
    """Lock trees against other runs, finish what a killed run left, and yield the path of the journal."""
    from planner.history import directory
    from planner.rewriting.writing import recover
    from planner.sources.locking import exclusive

    roots = "\0".join(sorted(os.path.realpath(path) for path in paths))
    name = hashlib.sha256(roots.encode("utf-8", "surrogateescape")).hexdigest()[:32]
    folder = directory() / "rewrites"
    with _locked(folder / f"{name}.lock") as lock:
        if not exclusive(lock.fileno()):
            raise errors.SourceError("another run is rewriting here", hint="wait for its end")
        journal = folder / f"{name}.journal"
        if finished := recover(journal):
            said = _text.counted(finished, "file")
            _lines.remark([f"note: {said} of a run that was stopped replaced now"])
        yield journal


def _trusted(todo: Todo, plan: Plan, result: "Rewriting", *, writes: bool) -> "Rewriting":
    """Return the result, in which repositories that may not be written are refused."""
    there, answered = _known(todo, plan, result)
    repositories = []
    for each in result.repositories:
        reason = ""
        if each.pending and writes and not todo.trust.dirty:
            reason = _unclean(each)
        if each.pending and not reason and not todo.trust.unverified:
            reason = _unconfirmed(plan, each, there, answered)
        repositories.append(replace(each, files=(), refused=reason) if reason else each)
    return replace(result, repositories=tuple(repositories))


def _unclean(repository: "Repository") -> str:
    from planner.rewriting.cleanness import unclean

    paths = {str(each.file.file.relative_to(each.file.top)) for each in repository.pending}
    said = unclean(repository.top, paths)
    return f"{said} (commit it, or give --allow-dirty)" if said else ""


def _unconfirmed(
    plan: Plan, repository: "Repository", there: frozenset[Reference], answered: frozenset[Reference]
) -> str:
    from planner.rewriting.confirmed import doubtful

    found = doubtful(plan, repository.rewrites, there, answered)
    if not found:
        return ""
    first = found[0]
    more = f", nor for {counted(len(found) - 1, 'more place')}" if len(found) > 1 else ""
    return (
        f"nothing confirms that {first.destination} is there, for {first.path}:{first.line}{more}"
        " (run `hub2ar apply` first, or give --unverified)"
    )


def _known(todo: Todo, plan: Plan, result: "Rewriting") -> tuple[frozenset[Reference], frozenset[Reference]]:
    """Return which upstream images have arrived, and which destinations have answered that they are there."""
    from planner.rewriting.confirmed import arrived, asked, doubtful

    if todo.trust.unverified:
        return frozenset(), frozenset()
    if todo.trust.outcomes is not None:
        name = str(todo.trust.outcomes)
        content = _inputs.contents(name, "`hub2ar apply --outcomes FILE` writes it")
        return arrived(plan, decode_lines(content, Outcome, name)), frozenset()
    rewrites = [one for each in result.repositories if each.pending for one in each.rewrites]
    return frozenset(), _answers(todo.settings, asked(doubtful(plan, rewrites, frozenset())))


def _answers(settings: Settings, references: Sequence[Reference]) -> frozenset[Reference]:
    if not references:
        return frozenset()
    from planner.cli import _network
    from planner.model.availability import Probe, Status
    from planner.verify import present

    async def question(registries: "Registries") -> list[Probe]:
        return await present(references, registries)

    probes = _network.ask(_inputs.endpoints(settings), question)
    return frozenset(each.reference for each in probes if each.status is Status.PRESENT)


def _told(result: "Rewriting", verb: str | None) -> int:
    """Say what is left, refused, and has to be done besides; return the exit code: 1 where any is refused.

    `verb` says what became of the places; None leaves their sum out.
    """
    from planner.rewriting import access, coupled, told

    _lines.remark(_rewrite_text.left(result))
    code = _refusals(result.repositories)
    if verb is not None:
        _lines.remark([_rewrite_text.summary(result, verb)])
        if any(each.pending for each in result.repositories):
            lines = [
                *(line for each in result.repositories if each.pending for line in told.unseen(each)),
                *result.notes,
                *coupled.notes(result.before, result.moved),
                *access.notes(result.before, result.moved),
            ]
            _lines.remark(line for note in lines for line in f"note: {note}".split("\n"))
    return code


def _refusals(repositories: "Sequence[Repository]") -> int:
    """Say which repositories are refused and why; return the exit code: 1 where there are any."""
    found = [each for each in repositories if each.refused]
    for each in found:
        _lines.remark([f"error: nothing is changed in {each.top}: {each.refused}"])
    return errors.FAILED if found else 0
