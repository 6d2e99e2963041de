"""The inputs of commands: settings, trees, documents and references, distinguished and read."""

import os
import sys
from collections.abc import Collection, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from planner import config, errors
from planner.cli import _lines, _whole
from planner.model.availability import Availabilities
from planner.model.diagnosis import Diagnosis
from planner.model.document import decode, decode_lines, encoded, kind_of
from planner.model.inventory import Inventory
from planner.model.outcome import Outcome
from planner.model.plan import Plan
from planner.model.reference import Reference
from planner.model.stability import Stabilities

if TYPE_CHECKING:
    from planner.cli._options import To
    from planner.probing import Wanted
    from planner.registries.endpoints import Endpoints
    from planner.scanning.gather import Means

PLACEHOLDER = "unset"  # shorter than any project ID, so nothing planned for it can be applied
API = "artifactregistry.googleapis.com"
_SQLITE = b"SQLite format 3\0"  # how a database begins
_PLAN = "`hub2ar plan` writes a plan"
_DOCUMENT = "`hub2ar scan`, check and doctor write one with --output-format json, `hub2ar plan` its plan"
PROJECT_VARIABLES = ("GOOGLE_CLOUD_PROJECT", "CLOUDSDK_CORE_PROJECT")


class Inputs(msgspec.Struct, frozen=True):
    """What the arguments of a command turned out to be."""

    inventory: Inventory | None = None
    availabilities: Availabilities | None = None
    references: tuple[Reference, ...] = ()


def scanned(arguments: Sequence[str], settings: config.Settings, means: "Means | None" = None) -> Inventory:
    """Scan directories, files and standard input, or read inventories. Raises NoInput for anything else."""
    for argument in arguments:
        path = Path(argument)
        if not argument or (argument != "-" and not path.exists() and not path.is_symlink()):
            hint = "name a directory, a file, or - for standard input"
            raise errors.NoInput(f"{argument!r} does not exist", hint=hint)
    inventory = read(arguments, settings, means).inventory
    if inventory is None:
        raise errors.NoInput(
            "there is an answer of `check` and no tree", hint="name a directory or an inventory"
        )
    return inventory


def read(arguments: Sequence[str], settings: config.Settings, means: "Means | None" = None) -> Inputs:
    """Read documents, scan trees, parse references; with no argument, the working directory is the tree."""
    trees: list[Path] = []
    references: list[Reference] = []
    inventory: Inventory | None = None
    availabilities: Availabilities | None = None
    for argument in arguments or (".",):
        path = Path(argument)
        document = _document(path) if argument != "-" else _standard_input(settings)
        match document:
            case Inventory():
                inventory = _joined(inventory, document)
            case Availabilities():
                availabilities = document
            case _ if path.exists() or path.is_symlink():
                trees.append(path)
            case _:
                references.append(_reference(argument))
    if trees:
        from planner.cli import _scanning
        from planner.scan import scan

        with _scanning.means(settings.scan) if means is None else nullcontext(means) as how:
            inventory = _joined(inventory, scan(trees, settings.scan, how))
    return Inputs(inventory, availabilities, tuple(references))


def plan_document(name: str) -> Plan:
    """Read a plan; `-` is standard input. Raises NoInput or ConfigError."""
    return decode(filled(name, _PLAN), Plan, name)


def check_project(plan: Plan, name: str) -> None:
    """Raise ConfigError for a plan without a project, in which no image has a place to go."""
    if any(target.project == PLACEHOLDER for target in plan.targets):
        raise errors.ConfigError(
            f"{name} was made without a project", hint="run `hub2ar plan --project ID` again"
        )


def filled(name: str, hint: str) -> bytes:
    """Return the bytes of a document, as `contents` does. Raises NoInput also for an empty one."""
    content = contents(name, hint)
    if not content.strip():
        said = "standard input" if name == "-" else name
        raise errors.NoInput(f"{said} is empty", hint=hint)
    return content


def contents(name: str, hint: str) -> bytes:
    """Return the bytes of a file, a URL or standard input (`-`); of a database, the lines of its outcomes.

    Raises NoInput for what cannot be read; `hint` says what writes such a file.
    """
    if name == "-":
        return sys.stdin.buffer.read()
    if "://" in name:
        from planner.recording import objects

        return b"".join(content for _, content in objects.contents(name))
    try:
        content = Path(name).read_bytes()
    except OSError as error:
        absent = isinstance(error, FileNotFoundError | IsADirectoryError)
        said = hint if absent else "name a file that you may read"
        raise errors.NoInput(
            f"{errors.shortened(name)!r} cannot be read: {errors.reason(error)}", hint=said
        ) from error
    if content.startswith(_SQLITE):
        from planner.recording import database

        return b"\n".join(database.lines(name))
    return content


def any_document(
    name: str,
) -> Inventory | Availabilities | Plan | Stabilities | Diagnosis | Sequence[Outcome]:
    """Read a document of any kind, or outcomes as JSON lines; `-` is standard input."""
    content = filled(name, _DOCUMENT)
    first = content.split(b"\n", 1)[0]
    if b'"Outcome"' in first:
        return decode_lines(content, Outcome, name)
    match kind_of(content, name):
        case "Inventory":
            return decode(content, Inventory, name)
        case "Availabilities":
            return decode(content, Availabilities, name)
        case "Stabilities":
            return decode(content, Stabilities, name)
        case "Diagnosis":
            return decode(content, Diagnosis, name)
        case _:
            return decode(content, Plan, name)


def trees(arguments: Sequence[str]) -> list[Path]:
    """Return the arguments that are files and directories to scan, and no documents."""
    found = (Path(each) for each in arguments or (".",) if each != "-")
    return [path for path in found if _document(path) is None]


def _document(path: Path) -> Inventory | Availabilities | None:
    """Read a document of hub2ar, or return None for anything else that a tree may hold."""
    if path.suffix not in (".json", "") or not path.is_file():
        return None
    with path.open("rb") as file:
        head = file.read(200)
    if b'"kind"' not in head or not any(name in head for name in (b'"Inventory"', b'"Availabilities"')):
        return None
    return _decoded(path.read_bytes(), str(path))


def _decoded(content: bytes, name: str) -> Inventory | Availabilities:
    if kind_of(content, name) == "Inventory":
        return decode(content, Inventory, name)
    return decode(content, Availabilities, name)


def _standard_input(settings: config.Settings) -> Inventory | Availabilities:
    from planner.scan import scan_bytes

    limit = 16 * settings.scan.max_file_size  # a cluster's pods as JSON are larger than any file of a tree
    content = sys.stdin.buffer.read(limit + 1)
    if len(content) > limit:
        raise errors.NoInput(
            f"standard input is over {limit:,} bytes", hint="raise max-file-size in [scan], or split it"
        )
    head = content[:200]
    if b'"Inventory"' in head or b'"Availabilities"' in head:
        return _decoded(content, "standard input")
    return scan_bytes(content, settings.scan)


def _joined(first: Inventory | None, second: Inventory) -> Inventory:
    if first is None:
        return second
    return Inventory(
        first.sources + second.sources,
        first.found + second.found,
        first.files | second.files,
        first.owners | second.owners,
    )


def _reference(argument: str) -> Reference:
    try:
        return Reference.parse(argument)
    except errors.InvalidReference as error:
        raise errors.NoInput(
            f"{argument!r} is neither a file, a directory nor a reference", hint=error.in_a_line
        ) from error


def projected(chosen: config.TargetSettings) -> config.TargetSettings:
    """Return where images go; a project that is not set comes from the environment, else is PLACEHOLDER."""
    if chosen.project:
        return chosen
    project = next(filter(None, (os.environ.get(name) for name in PROJECT_VARIABLES)), PLACEHOLDER)
    return msgspec.structs.replace(chosen, project=project)


def target(settings: config.Settings, said: "To") -> config.TargetSettings:
    """Return where images go: flags win over settings, and settings over the environment."""
    chosen = projected(said.over(settings.target))
    if chosen.project == PLACEHOLDER:
        note = f"note: no project is set, so the plan says {PLACEHOLDER}; give --project before you apply it"
        _lines.remark([note])
    return chosen


def endpoints(settings: config.Settings) -> "Endpoints":
    """Return where registries really live, as [endpoints] says."""
    from planner.registries.endpoints import Endpoint, Endpoints

    return Endpoints(
        {
            name: Endpoint(value) if isinstance(value, str) else Endpoint(**msgspec.structs.asdict(value))
            for name, value in settings.endpoints.items()
        }
    )


def everything(given: Inputs) -> tuple[Reference, ...]:
    """Return the references that were given, or found, sorted."""
    return tuple(sorted({*given.references, *(given.inventory.references() if given.inventory else ())}))


def named(given: Inputs, upstreams: Collection[str]) -> tuple[Reference, ...]:
    """Return the references that were given, or found, whose content an upstream has; sorted."""
    return tuple(reference for reference in everything(given) if reference.origin(upstreams))


def availability(
    given: Inputs,
    settings: config.Settings,
    upstreams: Collection[str],
    *,
    offline: bool,
    kept_in: Path | None,
    wanted: "Wanted | None" = None,
    sizes: bool = False,
) -> Availabilities:
    """Return where images are available: as a document says, else by asking.

    Answers are kept in the history at `kept_in`, None for nowhere; `offline` asks nobody.
    """
    if given.availabilities:
        return given.availabilities
    references = everything(given)
    from planner import check

    if offline or not references:
        return check.offline(references, upstreams) if offline else Availabilities(())
    from planner.cli import _history, _network
    from planner.cli._asking_options import Asking

    more = wanted or Asking(sizes=sizes).wanted(settings)
    with _history.recording(kept_in) as recorder:
        return _network.ask(
            endpoints(settings),
            lambda registries: check.check(references, registries, upstreams, more, recorder.told),
        )


def write(name: str, document: Plan) -> None:
    """Write a document whole or not at all; `-` is standard output. Raises ConfigError."""
    _whole.write(encoded(document), name)
