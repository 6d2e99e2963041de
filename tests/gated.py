"""What a gate finds in texts, for tests: trees that are scanned, planned for and looked at."""

from dataclasses import replace
from datetime import UTC, datetime

from planner.config import ScanSettings, Settings, TargetSettings
from planner.gate import Question, of_inventory
from planner.gating.fixes import fixes
from planner.gating.ground import File, Ground
from planner.model.finding import Criterion, Finding, Findings, Level, Region, Site, uri_of
from planner.model.source import SourceFile, printable
from planner.plan import plan
from planner.planning.cases import Basis
from planner.rewrite import rewrite
from planner.scan import places, scan
from planner.scanning.gather import Means
from reports.report import told, writer
from reports.writers._base import Layout

REGISTRY = "us-docker.pkg.dev/acme/hub"
SETTINGS = Settings(target=TargetSettings(project="acme", location="us", repository="hub"))
SCAN = ScanSettings()
MEANS = Means(SCAN.max_file_size)
NOW = datetime(2026, 11, 30, tzinfo=UTC)
HUB, NEW, UNRESOLVED = Criterion.DOCKER_HUB, Criterion.NEW, Criterion.UNRESOLVED


def written(root, files):
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def planned(root, settings=SETTINGS):
    return plan(Basis(scan([root], settings.scan, MEANS), settings=settings), NOW)


def asked(*criteria, **more):
    return Question(frozenset(criteria), **more)


def gate(root, *criteria, settings=SETTINGS, **more):
    """Return what a gate finds in a tree, with fixes where the criteria have any."""
    inventory = scan([root], settings.scan, MEANS)
    decided = planned(root, settings)
    question = asked(*criteria, upstreams=settings.target.upstreams, plan=decided)
    question = replace(question, **more)
    texts = {
        str(path.relative_to(root)): SourceFile(
            path.name, path.read_bytes().decode("utf-8", "surrogateescape")
        )
        for path in root.rglob("*")
        if path.is_file() and ".git" not in path.parts
    }
    ground = Ground({name: File(name, uri_of(name), source) for name, source in texts.items()})
    result = rewrite(decided, places([root]), settings.scan, MEANS)
    return of_inventory(inventory, question, ground, fixes(result, ground))


def subjects(findings):
    return [each.subject for each in findings.found]


def repaired(text, replacements):
    """Return a text with edits made as a reader of SARIF would make them, in units of UTF-16."""
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + _units(line) + 1)
    encoded = text.encode("utf-16-le", "surrogatepass")
    for region, new in sorted(replacements, key=lambda each: (each[0]["startLine"], each[0]["startColumn"]))[
        ::-1
    ]:
        start = starts[region["startLine"] - 1] + region["startColumn"] - 1
        end = starts[region["endLine"] - 1] + region["endColumn"] - 1
        encoded = encoded[: 2 * start] + new.encode("utf-16-le") + encoded[2 * end :]
    return encoded.decode("utf-16-le", "surrogatepass")


def _units(text):
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


SITE = Site("web/Dockerfile", "web/Dockerfile", Region(3, 6, 3, 11))


def finding(number=0, **more):
    """Return one of many findings, with some of it otherwise."""
    said = Finding(
        HUB, Level.ERROR, "docker.io/library/nginx:1", "it is wrong", "write X", SITE, f"{number:032x}"
    )
    return replace(said, **more)


def found(*each, criteria=(HUB,), **more):
    return Findings(each, criteria, **more)


def rendered(name, findings):
    """Return findings as a writer writes them."""
    return writer(name).write(told(findings), Layout())


def site(path, line=3):
    return Site(printable(path), uri_of(path), Region(line, 1, line, 2))
