"""What reports cost: CPU, memory and size of a page, by the number of occurrences.

    python benchmarks/report.py 5000 --page report.html    measures one page, and keeps it
    python benchmarks/report.py 5000 --documents FOLDER    writes the documents that it is made from
    python benchmarks/report.py 5000 --archive FOLDER      writes 200 inventories; again: measures their trend

The documents are made up, always alike: about one image for eight places, owners, a check, a history, a plan
and the outcomes of two thirds of it.
"""

import argparse
import hashlib
import json
import resource
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import figures
import msgspec
from figures import Figure

from planner.model.availability import Availabilities, Availability, Probe, PullLimit, Status, Verdict
from planner.model.document import encode
from planner.model.inventory import Confidence, Inventory, Occurrence, Role, Source, Unresolved
from planner.model.job import Copy, Warm
from planner.model.outcome import Outcome, Result
from planner.model.plan import (
    Action,
    Charge,
    CreateRepository,
    Effort,
    Keep,
    Manual,
    Plan,
    Rewrite,
    Wave,
    key,
    manual,
)
from planner.model.reference import Reference
from planner.model.repository import Mode, Target
from planner.model.stability import Stabilities, Stability

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
REMOTE = Target("acme-platform", "europe-west3", "docker-hub", Mode.REMOTE)
STANDARD = Target("acme-platform", "europe-west3", "docker-hub-copies", Mode.STANDARD)
NAMES = (
    *(
        "nginx",
        "redis",
        "postgres",
        "python",
        "node",
        "golang",
        "eclipse-temurin",
        "alpine",
        "debian",
        "busybox",
    ),
    *("grafana/grafana", "prom/prometheus", "bitnami/kafka", "hashicorp/vault", "confluentinc/cp-kafka"),
    *(
        "minio/minio",
        "traefik",
        "rabbitmq",
        "mongo",
        "mysql",
        "memcached",
        "openresty/openresty",
        "curlimages/curl",
    ),
    *(
        "ghcr.io/astral-sh/uv",
        "quay.io/keycloak/keycloak",
        "registry.k8s.io/pause",
        "gcr.io/distroless/static",
    ),
)
FILES = (
    ("Dockerfile", "dockerfile", Role.BASE),
    ("compose.yaml", "compose", Role.SERVICE),
    ("deploy/values.yaml", "helm_values", Role.WORKLOAD),
    ("deploy/deployment.yaml", "kubernetes", Role.WORKLOAD),
    (".github/workflows/ci.yaml", "github_actions", Role.STEP),
    ("README.md", "markdown", Role.DOCUMENTATION),
)
TEAMS = ("@acme/payments", "@acme/search", "@acme/platform", "@acme/data", "@acme/mobile", "@acme/storefront")
VERDICTS = (*[Verdict.CACHED_FRESH] * 11, *[Verdict.CACHED_STALE] * 3, *[Verdict.NOT_CACHED] * 4)
RARE = {7: Verdict.RESCUE, 23: Verdict.MISSING_OR_PRIVATE, 41: Verdict.UNKNOWN}
PRICES = "https://cloud.google.com/artifact-registry/pricing"


def digest(text: str) -> str:
    """Return a digest that is made up."""
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def references(count: int) -> list[Reference]:
    """Return distinct images."""
    return [
        Reference.parse(
            f"{NAMES[number % len(NAMES)]}:{number // len(NAMES) // 7 + 1}.{number // len(NAMES) % 7}"
        )
        for number in range(count)
    ]


def inventory(count: int) -> Inventory:
    """Return an inventory of that many occurrences."""
    images = references(max(1, count // 8))
    found: list[Occurrence | Unresolved] = []
    owners: dict[str, tuple[str, ...]] = {}
    for number in range(count):
        name, format_, role = FILES[number % len(FILES)]
        service = number // 9
        path = f"services/{TEAMS[service % 6][6:]}/service-{service:05}/{name}"
        image = images[(number * number + number // 3) % len(images)]
        owners[path] = (
            (TEAMS[service % 6],) if service % 5 else (TEAMS[service % 6], TEAMS[(service + 1) % 6])
        )
        certain = Confidence.CERTAIN if number % 4 else Confidence.RESOLVED
        trail = () if number % 4 else (f"VERSION in services/versions.env:{number % 90 + 1}",)
        found.append(
            Occurrence(path, number % 60 + 1, 6, format_, role, image, str(image), certain, (), trail)
        )
        if number % 211 == 0:
            reason = (
                "VERSION has no default: give it one in ARG, or in the build args of whoever builds this file"
            )
            found.append(Unresolved(path, 90, format_, "acme/base:${VERSION}", reason))
    found.sort(key=lambda item: (item.path, item.line))
    source = Source("acme/platform", count // 2, hashlib.sha1(b"platform").hexdigest())
    files = {path: digest(path)[7:] for path in owners}
    return Inventory((source,), tuple(found), files, owners)


def verdict(number: int) -> Verdict:
    """Return the verdict for an image, by its number."""
    return RARE.get(number % 53, VERDICTS[number % len(VERDICTS)])


def availabilities(given: Inventory) -> Availabilities:
    """Return what a check says of the images of Docker Hub."""
    images = [reference for reference in given.references() if reference.upstream]
    return Availabilities(tuple(map(availability, images, range(len(images)))), PullLimit(100, 64, 21_600))


def availability(reference: Reference, number: int) -> Availability:
    """Return where one image can be had."""
    said, at = verdict(number), NOON + timedelta(seconds=number // 10)
    present = Probe(
        reference, Status.PRESENT, at, digest(str(reference)), size=7_000_000 + number * 991 % 9 * 10**7
    )
    missing = Probe(reference, Status.MISSING, at, code=404)
    mirror = Reference("mirror.gcr.io", reference.repository, reference.tag)
    cached = msgspec.structs.replace(present, reference=mirror)
    absent = msgspec.structs.replace(missing, reference=mirror)
    match said:
        case Verdict.RESCUE:
            return Availability(reference, said, missing, cached)
        case Verdict.MISSING_OR_PRIVATE:
            return Availability(reference, said, missing, absent)
        case Verdict.CACHED_STALE:
            old = msgspec.structs.replace(cached, digest=digest("old"))
            return Availability(reference, said, present, old)
        case Verdict.CACHED_FRESH:
            return Availability(reference, said, present, cached)
        case _:
            return Availability(reference, said, present, absent)


def stabilities(given: Availabilities) -> Stabilities:
    """Return what a history says of the same images."""
    return Stabilities(tuple(map(stability, given.images, range(len(given.images)))))


def stability(image: Availability, number: int) -> Stability:
    """Return how the mirror has kept one image."""
    there = bool(image.mirror and image.mirror.status is Status.PRESENT)
    first, last = NOON - timedelta(days=30), NOON
    dropped = (NOON - timedelta(days=number % 20 + 1),) if there and number % 9 == 0 else ()
    behind = 26.5 if image.verdict is Verdict.CACHED_STALE else 0.0
    seen = 60 - 4 * len(dropped) if there else 0
    return Stability(
        image.reference, first, last, 60, seen, dropped, 0, first if there else None, 60, 58, behind
    )


def plan(given: Inventory, checked: Availabilities) -> Plan:
    """Return a plan for the inventory."""
    verdicts = {image.reference: image for image in checked.images}
    jobs: dict[Reference, Warm | Copy] = {}
    for reference, image in verdicts.items():
        if image.verdict is not Verdict.MISSING_OR_PRIVATE:
            jobs[reference] = job(reference, image)
    left = [
        Manual(str(image.reference), ("services/README.md:1",), "no registry shows it: find out who has it")
        for image in checked.images
        if image.verdict is Verdict.MISSING_OR_PRIVATE
    ]
    places: dict[Reference, list[str]] = {}
    for item in given.pulled:
        if not item.reference.upstream:
            places.setdefault(item.reference, []).append(f"{item.path}:{item.line}")
    actions: list[Action] = [
        CreateRepository(REMOTE, "nothing holds images of Docker Hub yet"),
        CreateRepository(STANDARD, "what Docker Hub may lose has to be held for good"),
        *jobs.values(),
        *(rewrite(item, jobs, given) for item in given.pulled if item.reference in jobs),
        *(
            Keep(name, tuple(said), "its registry is not one of those that are moved")
            for name, said in places.items()
        ),
        *left,
        *(manual(item, given.owners[item.path]) for item in given.unresolved),
    ]
    direct = sum(3 for _ in jobs)
    effort = sum(each.pulls for each in jobs.values())
    return Plan(
        (REMOTE, STANDARD),
        tuple(actions),
        tuple(waves(list(jobs.values()))),
        digest("inventory")[7:],
        NOON,
        ("Docker Hub told a limit of 100 pulls in 6 hours; what costs no pull does not wait for it",),
        {},
        Effort(effort, 21_900 * (effort // 100) + 1_260),
        Effort(direct, 21_900 * (direct // 100) + 4_260),
        (
            Charge(
                "storage",
                12.4,
                15.9,
                "USD",
                "month",
                "124 GB in 2 repositories at 0.10 USD",
                PRICES,
                "2026-11-02",
            ),
            Charge(
                "scanning",
                0.0,
                88.4,
                "USD",
                "once",
                "340 platforms at 0.26 USD",
                PRICES,
                "2026-11-02",
                "scanning = false",
            ),
            Charge("transfer in", 0.0, 0.0, "USD", "once", "124 GiB at 0.00 USD", PRICES, "2026-11-02"),
        ),
    )


def job(reference: Reference, image: Availability) -> Warm | Copy:
    """Return how one image moves."""
    size = image.size
    if image.verdict is Verdict.RESCUE:
        mirror = Reference("mirror.gcr.io", reference.repository, reference.tag)
        reason = "Docker Hub no longer has it, so it is copied from the mirror before that drops it"
        return Copy(reference, mirror, STANDARD.place(reference), image.digest, reason, 0, size)
    pulls = 0 if image.verdict is Verdict.CACHED_FRESH else 3
    return Warm(reference, REMOTE.place(reference), image.digest, "it is on Docker Hub", pulls, size)


def rewrite(item: Occurrence, jobs: dict[Reference, Warm | Copy], given: Inventory) -> Rewrite:
    """Return how one place follows."""
    destination = jobs[item.reference].destination
    return Rewrite(
        *(item.path, item.line, item.column, item.text, item.reference, destination, ()),
        "it is moved",
        given.owners[item.path],
    )


def waves(jobs: list[Warm | Copy]) -> Iterator[Wave]:
    """Yield what is free first, then what a window of the limit allows."""
    free = [each for each in jobs if not each.pulls]
    yield Wave(
        "what the mirror has", tuple(map(key, free)), 0, 1_260, 0, sum(each.size or 0 for each in free)
    )
    rest = [each for each in jobs if each.pulls]
    for number in range(0, len(rest), 33):
        part = rest[number : number + 33]
        begins = 1_260 + number // 33 * 21_900
        title = "most used first" if not number else f"next {3 * len(part)} pulls"
        size = sum(each.size or 0 for each in part)
        yield Wave(title, tuple(map(key, part)), begins, 640, 3 * len(part), size)


def outcomes(given: Plan) -> list[Outcome]:
    """Return what became of two thirds of the plan."""
    done = []
    for number, each in enumerate(given.transfers[: len(given.transfers) * 2 // 3]):
        failed = number % 37 == 5
        result = Result.FAILED if failed else Result.PRESENT if number % 6 == 0 else Result.DONE
        error = "connection reset by mirror.gcr.io, 5 times" if failed else ""
        kind = "copy" if isinstance(each, Copy) else "warm"
        moved = each.size or 0 if result is Result.DONE else 0
        done.append(
            Outcome(
                *(key(each), kind, str(each.destination), result, each.digest, moved, 4.2, 1, each.pulls),
                error=error,
            )
        )
    return done


def documents(count: int) -> tuple[Inventory, Availabilities, Stabilities, Plan, list[Outcome]]:
    """Return one document of each kind, for that many occurrences."""
    found = inventory(count)
    checked = availabilities(found)
    planned = plan(found, checked)
    return found, checked, stabilities(checked), planned, outcomes(planned)


def write(count: int, folder: Path) -> None:
    """Write the documents as the commands would."""
    folder.mkdir(parents=True, exist_ok=True)
    *values, done = documents(count)
    for name, value in zip(("inventory", "availabilities", "stabilities", "plan"), values, strict=True):
        (folder / f"{name}.json").write_bytes(encode(value))
    lines = b"".join(msgspec.json.encode(item, enc_hook=str) + b"\n" for item in done)
    (folder / "outcomes.jsonl").write_bytes(lines)


def archive(count: int, days: int, folder: Path) -> None:
    """Write an inventory for each day; four fifths of what names Docker Hub go, and some comes new."""
    folder.mkdir(parents=True, exist_ok=True)
    given = inventory(count)
    for day in range(days):
        left = [
            item
            for number, item in enumerate(given.found)
            if number * 7_919 % days >= day * 4 // 5 and (number % 97 or day >= days // 2)
        ]
        at = NOON + timedelta(days=day)
        place = folder / f"inventory-{at:%Y-%m-%d}.json"
        place.write_bytes(encode(msgspec.structs.replace(given, found=tuple(left))))


def measure_trend(folder: Path) -> dict[str, object]:
    """Return what a page of a trend costs, reading of the documents included."""
    from planner.cli._earlier import trend
    from reports.report import render_all
    from reports.writers._base import Layout

    began = time.process_time()
    found = trend(folder, ())
    page = str(render_all((found,), "html", Layout())).encode()
    return {
        "documents": len(found.snapshots),
        "cpu_seconds": round(time.process_time() - began, 2),
        "megabytes_peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "page_bytes": len(page),
    }


def measure(count: int, kept: Path | None) -> dict[str, float]:
    """Return what one page costs, reading of the documents aside."""
    from reports.links import SourceUrl
    from reports.report import render_all
    from reports.writers._base import Layout

    given = documents(count)
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    url = SourceUrl.parse("https://github.com/acme/platform/blob/{revision}/{path}#L{line}")
    page = str(render_all(given, "html", Layout(source_url=url))).encode()
    spent = time.process_time() - began
    if kept:
        kept.write_bytes(page)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "occurrences": count,
        "cpu_seconds": round(spent, 2),
        "megabytes_before": before // 1024,
        "megabytes_peak": peak // 1024,
        "page_bytes": len(page),
    }


def figure(measured: dict[str, float]) -> Figure:
    """Return the same for the table of all benchmarks."""
    values = {
        "cpu": measured["cpu_seconds"],
        "memory": measured["megabytes_peak"],
        "bytes": measured["page_bytes"],
    }
    return Figure(f"a page of {measured['occurrences']:,} places", "hub2ar", values)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("occurrences", type=int)
    parser.add_argument("--page", type=Path, help="keep the page")
    parser.add_argument(
        "--documents", type=Path, help="write the documents into a folder, and measure nothing"
    )
    parser.add_argument("--archive", type=Path, help="write inventories into a folder, and measure a trend")
    parser.add_argument("--days", type=int, default=200, help="inventories of an archive")
    parser.add_argument("--json", type=Path, metavar="FILE", help="leave the figures of a page here")
    given = parser.parse_args()
    if given.archive and given.archive.exists():
        print(json.dumps(measure_trend(given.archive)))
    elif given.archive:
        archive(given.occurrences, given.days, given.archive)
        print(f"written to {given.archive}; run the same again to measure, in a process of its own")
    elif given.documents:
        write(given.occurrences, given.documents)
    else:
        measured = measure(given.occurrences, given.page)
        print(json.dumps(measured))
        figures.write(given.json, [figure(measured)])


if __name__ == "__main__":
    main()
