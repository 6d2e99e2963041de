"""Whether a plan still matches the files it was made from, and the tags that a check has seen."""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from planner.cli import _inputs
from planner.errors import ConfigError, NoInput, StalePlan
from planner.model.availability import Availabilities
from planner.model.document import decode
from planner.model.plan import Plan, Rewrite
from planner.model.words import counted
from planner.planning import stale
from planner.sources.opening import READING


def told(plan: Plan, root: Path) -> StalePlan | None:
    """Return what has changed of a plan's files below a folder.

    None where nothing has, or no file is there.
    """
    digests = dict(_digests(plan.files, root))
    return stale.stale(stale.moved_files(plan, digests)) if any(digests.values()) else None


def fresh(plan: Plan, name: str, against: Sequence[str]) -> Iterator[str]:
    """Yield what still matches a plan: its files in the folders among `against`, its tags in the answers.

    `against` are folders and documents of `check`, by default the working directory. Raises StalePlan for
    what does not match, ConfigError for a plan without the digests of its files, NoInput for anything else.
    """
    answers, roots = _told_apart(against or (".",))
    files = stale.moved_files(plan, _of_all(plan, name, roots)) if roots else ()
    images = [moved for each in answers for moved in stale.moved_tags(plan, each)]
    if error := stale.stale(files, images):
        raise error
    if roots:
        yield f"{counted(len(plan.files), 'file')} unchanged"
    if answers:
        known, total = max(stale.known_tags(plan, each) for each in answers), len(stale.tags(plan))
        rest = f", {total - known:,} not known" if known < total else ""
        yield f"{known:,} of {counted(total, 'tag')} unchanged{rest}"


def _told_apart(against: Iterable[str]) -> tuple[list[Availabilities], list[Path]]:
    answers: list[Availabilities] = []
    roots: list[Path] = []
    for each in against:
        if each != "-" and Path(each).is_dir():
            roots.append(Path(each))
        else:
            content = _inputs.contents(
                each, "name a folder, or what `hub2ar check --output-format json` wrote"
            )
            answers.append(decode(content, Availabilities, each))
    return answers, roots


def _of_all(plan: Plan, name: str, roots: Sequence[Path]) -> dict[str, str | None]:
    """Return the digest of each file, in the first folder that has it."""
    if not plan.files and any(isinstance(action, Rewrite) for action in plan.actions):
        raise ConfigError(f"{name} does not say what its files held", hint="run `hub2ar plan` again")
    found: dict[str, str | None] = {}
    for root in roots:
        for path, digest in _digests(plan.files, root):
            found[path] = found.get(path) or digest
    if plan.files and not any(found.values()):
        where = ", ".join(map(str, roots))
        raise NoInput(f"no file of {name} is below {where!r}", hint="name the folder that it was made of")
    return found


def _digests(paths: Iterable[str], root: Path) -> Iterator[tuple[str, str | None]]:
    """Yield the sha256 sums of files below a folder, None for what is not there.

    Files outside of the folder, and files that cannot be read, are left out.
    """
    base = root.resolve()
    for path in paths:
        try:
            real = (base / path).resolve()
            if real.is_relative_to(base):
                yield path, _sha256(real)
        except (FileNotFoundError, NotADirectoryError):
            yield path, None
        except (OSError, RuntimeError, ValueError):
            continue  # no permission, a loop, a name that no file can have


def _sha256(path: Path) -> str | None:
    descriptor = os.open(path, READING)
    with os.fdopen(descriptor, "rb") as file:
        regular = stat.S_ISREG(os.fstat(descriptor).st_mode)
        return hashlib.file_digest(file, "sha256").hexdigest() if regular else None
