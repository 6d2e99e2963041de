"""Settings: hub2ar.toml or [tool.hub2ar] of pyproject.toml, at or above the working directory.

Settings are never read from a tree that is only scanned: `[endpoints]` decides where requests and credentials
go, and a repository under examination must not.
"""

import re
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import msgspec

from planner.errors import ConfigError, nearest, reason
from planner.model.availability import Verdict
from planner.model.document import where
from planner.model.inventory import Role
from planner.model.reference import DOCKER_HUB
from planner.model.repository import Credentials, Mode
from planner.model.rule import Route, Rule, Where

FILE = "hub2ar.toml"
MEBIBYTE = 1024 * 1024


def of_either_kind(globs: Iterable[str]) -> tuple[str, ...]:
    r"""Return globs, those with a `\` also as Windows means them; elsewhere it may be part of a name."""
    return tuple(dict.fromkeys(each for glob in globs for each in (glob, glob.replace("\\", "/"))))


class TargetSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """`[target]`: where images go."""

    project: str = ""  # empty: taken from the environment
    location: str = "us"
    repository: str = "docker-hub"
    mode: Mode = Mode.REMOTE
    copies: str = ""  # the standard repository beside a remote or virtual one; empty: REPOSITORY-copies
    readers: tuple[str, ...] = ()  # members that may pull: serviceAccount:…, group:…
    upstreams: tuple[str, ...] = (DOCKER_HUB,)  # registries that are moved; all others are kept


FIXTURES = (
    "testdata/**", "testfiles/**", "fixtures/**", "__fixtures__/**", "test-fixtures/**", "test_fixtures/**",
    "__snapshots__/**", "*.golden", "*.snap", "*.expected",
)  # fmt: skip


class ScanSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """`[scan]`: what is read."""

    max_file_size: int = 8 * MEBIBYTE  # bytes; a larger file is reported, not read
    select: tuple[str, ...] = ()  # formats; by default all
    ignore: tuple[str, ...] = ()  # formats
    include: tuple[str, ...] = ()  # globs over paths; by default every path
    exclude: tuple[str, ...] = ()  # globs over paths
    fixtures: tuple[str, ...] = FIXTURES  # globs over paths of what only tests read: listed, not planned
    plan_fixtures: bool = False  # take them for code

    def __post_init__(self) -> None:
        for name in ("include", "exclude", "fixtures"):
            msgspec.structs.force_setattr(self, name, of_either_kind(getattr(self, name)))


class CheckSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """`[check]`: what is asked about images, and whether answers are kept."""

    platforms: tuple[str, ...] = ()  # that are wanted: linux/amd64; a verdict is given for each
    history: bool = True  # whether answers are kept and plans look at them
    state_dir: str = ""  # where; empty: the place of the operating system


class EndpointSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """A value of `[endpoints]` in its long form."""

    url: str = ""  # empty: where the registry's name says
    insecure: bool = False  # plain http to a host that is not this machine
    token_hosts: tuple[str, ...] = ()  # of another owner than the registry's, that get its credentials
    at_once: Annotated[int, msgspec.Meta(ge=0)] = 0  # requests; 0: as for any registry
    per_second: Annotated[float, msgspec.Meta(ge=0)] = 0  # requests; 0: as for any registry


class CleanupSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """`[repositories.cleanup]`: what is deleted of copies; what the plan names never is."""

    older_than: Annotated[str, msgspec.Meta(pattern=r"^[1-9][0-9]{0,4}[dh]$")]  # 30d, 12h
    tagged: bool = False  # whether versions with a tag are deleted too
    dry_run: bool = False  # only log what would be


class RepositorySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """`[repositories]`: what repositories are made with."""

    labels: dict[str, str] = msgspec.field(default_factory=dict)
    kms_key: str = ""  # projects/…/locations/…/keyRings/…/cryptoKeys/…
    immutable_tags: bool = False  # of copies
    scanning: bool = True  # for vulnerabilities, which costs money for each image
    cleanup: CleanupSettings | None = None  # None: nothing is deleted
    credentials: dict[str, Credentials] = msgspec.field(default_factory=dict)  # by upstream
    allow_upstreams: bool = False  # inside a service perimeter, which else denies them


class PolicySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """`[policy]`: the defaults that `[[rule]]` does not decide."""

    keep_mirrored: tuple[Where, ...] = ()  # what gets an image from mirror.gcr.io anyway is left alone
    copy_running: bool = True  # digests that run in a cluster are copied


class BudgetSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """`[budget]`: how fast images can be moved."""

    limit: Annotated[int, msgspec.Meta(ge=0)] | None = None  # pulls in a window; None: as Docker Hub tells
    window: Annotated[int, msgspec.Meta(gt=0)] = 21600  # seconds
    keep: Annotated[int, msgspec.Meta(ge=0)] = 0  # pulls of each window that are left to others
    at_once: Annotated[int, msgspec.Meta(gt=0)] = 4  # images
    megabytes_per_second: Annotated[float, msgspec.Meta(gt=0)] = 50.0  # all images together


class CostSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """`[cost]`: which prices a plan uses."""

    prices: str = ""  # a file; empty: the prices that are known


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """All settings."""

    target: TargetSettings = TargetSettings()
    scan: ScanSettings = ScanSettings()
    check: CheckSettings = CheckSettings()
    repositories: RepositorySettings = RepositorySettings()
    policy: PolicySettings = PolicySettings()
    rule: tuple[Rule, ...] = ()  # the first one that holds decides
    names: dict[str, str] = msgspec.field(default_factory=dict)  # upstream's repository: what it is called
    budget: BudgetSettings = BudgetSettings()
    cost: CostSettings = CostSettings()
    endpoints: dict[str, Annotated[str, msgspec.Meta(min_length=1)] | EndpointSettings] = msgspec.field(
        default_factory=dict
    )  # registry: where it really lives


def load(file: Path | None = None, start: Path | None = None) -> Settings:
    """Read `file`, else the nearest settings at or above `start`, else the defaults. Raises ConfigError."""
    if file is not None:
        return _read(file, _parse(file))
    folder = (start or Path.cwd()).resolve()
    for place in (folder, *folder.parents):
        if (place / FILE).is_file():
            return _read(place / FILE, _parse(place / FILE))
        project = place / "pyproject.toml"
        if project.is_file():
            table = _parse(project).get("tool", {}).get("hub2ar")
            if table is not None:
                return _read(project, table)
        if (place / ".git").exists():
            break  # settings of one repository are not those of what happens to lie above it
    return Settings()


def _parse(file: Path) -> dict[str, Any]:  # Any: TOML, checked in _read
    import tomllib  # most scans have no settings to read

    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(
            f"{file}: {reason(error)}",
            hint="name a file of settings that you may read",
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{file}: not TOML ({error})", hint="docs/settings.md shows how it is written"
        ) from error


def _read(file: Path, table: dict[str, Any]) -> Settings:
    try:
        found = msgspec.convert(table, Settings)
        prices = found.cost.prices and str(file.parent / found.cost.prices)  # as it is written in that file
        return msgspec.structs.replace(found, cost=CostSettings(prices))
    except msgspec.ValidationError as error:
        message = where(str(error))
        place, _, pattern = message.partition("expected str matching regex ")
        if pattern:
            raise ConfigError(f"{file}: {place}not a time", hint="write days or hours: 30d, 12h") from error
        raise ConfigError(f"{file}: {message}", hint=_nearest(message)) from error


def _nearest(message: str) -> str:
    """Name the known key, or value, that is nearest to an unknown one."""
    if value := _VALUE.search(message):
        known = sorted({str(each) for kind in _VALUES for each in kind})
        return nearest(value[1], known) or "see docs/settings.md for every value"
    if "unknown field" not in message:
        return "see docs/settings.md for every key"
    unknown = message.split("unknown field ")[1].split(" ")[0]
    known = sorted({name for kind in _KINDS for name in kind.__struct_encode_fields__})
    return nearest(unknown, known) or f"known keys: {', '.join(known)}"


_VALUE = re.compile(r"[Ii]nvalid enum value '([^']*)'")
_VALUES: tuple[type[StrEnum], ...] = (Mode, Route, Where, Role, Verdict)
_KINDS: tuple[type[msgspec.Struct], ...] = (
    *(Settings, TargetSettings, ScanSettings, CheckSettings, EndpointSettings),
    *(RepositorySettings, CleanupSettings, Credentials, PolicySettings, Rule, BudgetSettings, CostSettings),
)
