"""What rewriting a tree gives, for tests: everything that is on Docker Hub is planned and rewritten."""

from datetime import UTC, datetime
from pathlib import Path

from planner.config import ScanSettings, Settings, TargetSettings
from planner.model.plan import Plan, Rewrite
from planner.plan import plan
from planner.planning.cases import Basis
from planner.rewrite import rewrite
from planner.rewriting.result import Rewriting
from planner.rewriting.reverting import revert
from planner.scan import places, scan
from planner.scanning.gather import Means

TARGET = "us-docker.pkg.dev/acme/hub"
SETTINGS = Settings(target=TargetSettings(project="acme", location="us", repository="hub"))
SCAN = ScanSettings()
MEANS = Means(SCAN.max_file_size)
NOW = datetime(2026, 11, 30, tzinfo=UTC)


def planned(root: Path, settings: Settings = SETTINGS) -> Plan:
    return plan(Basis(scan([root], settings.scan, MEANS), settings=settings), NOW)


def proposed(root: Path, settings: Settings = SETTINGS, *, central: bool = False) -> Rewriting:
    """Return what becomes of a tree; nothing is written."""
    return rewrite(planned(root, settings), places([root]), settings.scan, MEANS, central=central)


def used(result: Rewriting) -> list[tuple[str, int]]:
    """Return the central places that are edited, and how many places each serves."""
    return [(each.name, len(each.rewrites)) for one in result.repositories for each in one.central]


def centrally(root: Path, files: dict[str, str | bytes]) -> tuple[dict[str, str], list[tuple[str, int]]]:
    """Return what files become where central places are preferred, and which places were used.

    A second run has to change nothing, and a revert to give back the bytes.
    """
    write(root, files)
    document = planned(root)
    result = rewrite(document, places([root]), SCAN, MEANS, central=True)
    found, names = after(result), used(result)
    for repository in result.repositories:
        for each in repository.files:
            each.file.file.write_bytes(each.after)
    again = rewrite(document, places([root]), SCAN, MEANS, central=True)
    assert [each.refused or each.pending for each in again.repositories if each.refused or each.pending] == []
    for repository in revert(document, places([root]), SCAN.max_file_size):
        assert not repository.refused
        for each in repository.files:
            each.file.file.write_bytes(each.after)
    was = {name: text.encode() if isinstance(text, str) else text for name, text in files.items()}
    assert {name: (root / name).read_bytes() for name in files} == was
    return found, names


def write(root: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def after(result: Rewriting) -> dict[str, str]:
    """Return the texts of the files that change; nothing may be refused."""
    assert [each.refused for each in result.repositories if each.refused] == []
    return {
        each.file.path: each.after.decode("utf-8", "surrogateescape")
        for repository in result.repositories
        for each in repository.files
    }


def left(result: Rewriting) -> list[str]:
    return [each.reason for repository in result.repositories for each in repository.left]


def refused(result: Rewriting) -> list[str]:
    return [each.refused for each in result.repositories if each.refused]


def count(document: Plan) -> int:
    return sum(isinstance(each, Rewrite) for each in document.actions)
