"""What tests of pages share: the documents that are shown, and a page with all that it asks for and says."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec
from playwright.sync_api import Page

from planner.model.availability import Availabilities, Availability, Probe, PullLimit, Status, Verdict
from planner.model.inventory import Confidence, Inventory, Occurrence, Role, Source, Unresolved
from planner.model.job import Warm
from planner.model.outcome import Outcome, Result
from planner.model.plan import Effort, Manual, Plan, Rewrite, Wave, key
from planner.model.reference import Reference
from planner.model.repository import Mode, Target
from reports.documents import Document

FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
SOURCE_URL = "https://github.com/acme/web/blob/{revision}/{path}#L{line}"
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
TARGET = Target("shop", "us", "docker-hub", Mode.REMOTE)
PLACES = 60  # more than two pages of rows


@dataclass
class Opened:
    """A page, and what it did."""

    page: Page
    requests: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)  # on the console, errors, dialogs


def reference(number: int) -> Reference:
    return Reference.parse(f"{('nginx', 'redis', 'acme/tool')[number % 3]}:{number // 3 % 4}")


def documents() -> tuple[Document, ...]:
    """Return a small migration: sixty places, twelve images, two owners, one thing to settle."""
    found = [
        Occurrence(
            *(f"{'cart' if number % 2 else 'web'}/app-{number:02}/Dockerfile", number + 1, 6),
            *(
                "dockerfile" if number % 4 else "helm_values",
                Role.BASE,
                reference(number),
                str(reference(number)),
            ),
            Confidence.CERTAIN,
        )
        for number in range(PLACES)
    ]
    missing = Unresolved("web/Dockerfile", 9, "dockerfile", "node:${V}", "V has no default: set it in an ARG")
    owners = {item.path: (f"@acme/{item.path.split('/')[0]}",) for item in found}
    inventory = Inventory((Source("shop", 12, "0123456789abcdef"),), (*found, missing), {}, owners)
    images = tuple(map(availability, inventory.references()))
    jobs = tuple(
        Warm(each.reference, TARGET.place(each.reference), None, "it is on Docker Hub", 3) for each in images
    )
    moves = [
        Rewrite(
            item.path, item.line, 6, item.text, item.reference, TARGET.place(item.reference), (), "it moves"
        )
        for item in found
    ]
    left = Manual("node:${V}", ("web/Dockerfile:9",), missing.reason)
    first, second = jobs[:6], jobs[6:]
    waves = (
        Wave("cached by the mirror", tuple(map(key, first)), 0, 600),
        Wave("the rest", tuple(map(key, second)), 3_600, 900, 18),
    )
    plan = Plan(
        *((TARGET,), (*jobs, *moves, left), waves, "0" * 64, NOON),
        effort=Effort(18, 4_500),
        direct=Effort(36, 9_000),
    )
    done = [
        Outcome(
            key(job), "warm", str(job.destination), Result.FAILED if number == 2 else Result.DONE, bytes=1_000
        )
        for number, job in enumerate(jobs[:8])
    ]
    return inventory, Availabilities(images, PullLimit(100, 60, 21_600)), plan, done


def availability(name: Reference) -> Availability:
    hub = Probe(
        name, Status.PRESENT, NOON, "sha256:" + "a" * 64, size=9_000_000 * (1 + 2 * int(name.tag or 0))
    )
    gone = Probe(name, Status.MISSING, NOON)
    if name.repository == "acme/tool":
        return Availability(name, Verdict.MISSING_OR_PRIVATE, gone, gone)
    same = msgspec.structs.replace(hub, reference=Reference("mirror.gcr.io", name.repository, name.tag))
    return Availability(name, Verdict.CACHED_FRESH, hub, same)


Open = Callable[..., Opened]


def watch(shown: Opened) -> None:
    """Keep what a page asks for and says."""
    page = shown.page
    page.on("request", lambda request: shown.requests.append(request.url))
    page.on("console", lambda message: shown.said.append(message.text))
    page.on("pageerror", lambda error: shown.said.append(str(error)))
    page.on("dialog", lambda dialog: (shown.said.append(dialog.message), dialog.dismiss()))
