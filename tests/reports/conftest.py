"""What the tests of the reports share: a small document of each kind."""

from datetime import UTC, datetime

import msgspec
import pytest

from planner.model.availability import (
    Absence,
    Availabilities,
    Availability,
    PlatformAvailability,
    Probe,
    PullLimit,
    Status,
    Verdict,
)
from planner.model.inventory import (
    Confidence,
    Inventory,
    Occurrence,
    Output,
    Pattern,
    Role,
    Source,
    Syntax,
    Unresolved,
)
from planner.model.job import Copy, Warm
from planner.model.outcome import Outcome, Result
from planner.model.plan import CreateRepository, Grant, Keep, Manual, Plan, Rewrite, Wave, key
from planner.model.reference import Reference
from planner.model.repository import Mode, Target
from planner.model.stability import Stabilities, Stability
from reports.report import Document

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
DIGEST = "sha256:" + "a" * 64
TARGET = Target("shop", "us", "docker-hub", Mode.REMOTE)


def occurrence(text: str, path: str = "Dockerfile", line: int = 1, role: Role = Role.BASE) -> Occurrence:
    return Occurrence(path, line, 6, "dockerfile", role, Reference.parse(text), text, Confidence.CERTAIN)


@pytest.fixture
def inventory() -> Inventory:
    found = (
        occurrence("nginx:1.27", "cart/Dockerfile"),
        occurrence("nginx:1.27", "web/Dockerfile"),
        occurrence("ghcr.io/acme/tool:2", "web/Dockerfile", 2, Role.COPY_FROM),
        occurrence("acme/web:dev", "compose.yaml", 3, Role.OUTPUT),
        Unresolved("web/Dockerfile", 9, "dockerfile", "node:${V}", "V has no default; set it in an ARG"),
        Output("cloudbuild.yaml", 4, "cloud_build", "gcr.io/$PROJECT_ID/web"),
        occurrence("nginx", "renovate.json", 2, Role.RULE),
        Pattern("policy.yaml", 5, 16, "image_policy", Syntax.GLOB, "docker.io/library/*"),
    )
    return Inventory((Source("shop", 12, "0123456789abcdef"),), found, {"cart/Dockerfile": "0" * 64})


@pytest.fixture
def availabilities() -> Availabilities:
    nginx = Reference.parse("nginx:1.27")
    gone = Reference.parse("acme/gone:1")
    present = Probe(nginx, Status.PRESENT, NOON, DIGEST, platforms=("linux/amd64", "linux/arm64"), size=1_000)
    hub = msgspec.structs.replace(present, code=200, elapsed=20, host="registry-1.docker.io")
    denied = Probe(gone, Status.DENIED, NOON, detail="401 Unauthorized", code=401, absence=Absence.CLOSED)
    platforms = (PlatformAvailability("linux/arm64", Verdict.CACHED_FRESH, DIGEST, DIGEST, 500),)
    images = (
        Availability(gone, Verdict.MISSING_OR_PRIVATE, hub=denied),
        Availability(nginx, Verdict.CACHED_FRESH, hub=hub, mirror=present, platforms=platforms),
    )
    return Availabilities(
        images, PullLimit(100, 60, 21_600, "192.0.2.1"), ("acme/gone:1 was asked for once",)
    )


@pytest.fixture
def plan() -> Plan:
    nginx, redis = Reference.parse("nginx:1.27"), Reference.parse("redis:7")
    warm = Warm(nginx, TARGET.place(nginx), DIGEST, "it is on Docker Hub")
    copy = Copy(
        redis, Reference.parse("mirror.gcr.io/library/redis:7"), TARGET.place(redis), None, "it is pinned"
    )
    moves = (
        Rewrite("web/Dockerfile", 1, 6, "nginx:1.27", nginx, TARGET.place(nginx), (), "it moves"),
        Rewrite("cart/Dockerfile", 1, 6, "nginx:1.27", nginx, TARGET.place(nginx), (), "it moves"),
        Rewrite("compose.yaml", 8, 12, "redis:7", redis, TARGET.place(redis), (), "it moves"),
    )
    actions = (
        CreateRepository(TARGET, "nothing holds images yet"),
        Grant(TARGET, "roles/artifactregistry.reader", "group:dev@example.com", "it pulls"),
        *(warm, copy, *moves),
        Keep(Reference.parse("ghcr.io/acme/tool:2"), ("web/Dockerfile:2",), "it is not on Docker Hub"),
        Manual("node:${V}", ("web/Dockerfile:9",), "V has no default"),
    )
    waves = (Wave("cached by the mirror", (key(copy),)), Wave("the rest", (key(warm),)))
    return Plan((TARGET,), actions, waves, "0" * 64, NOON, ("made without a check",))


@pytest.fixture
def outcomes() -> list[Outcome]:
    return [
        Outcome(
            "1" * 16,
            "warm",
            "us-docker.pkg.dev/shop/docker-hub/library/nginx:1.27",
            Result.DONE,
            bytes=2_500_000,
        ),
        Outcome(
            "2" * 16,
            "copy",
            "us-docker.pkg.dev/shop/copies/library/redis:7",
            Result.FAILED,
            error="reset, 5 times",
        ),
        Outcome("3" * 16, "warm", "us-docker.pkg.dev/shop/docker-hub/library/node:22", Result.PRESENT),
    ]


@pytest.fixture
def stabilities() -> Stabilities:
    nginx, gone = Reference.parse("nginx:1.27"), Reference.parse("acme/gone:1")
    kept = Stability(
        nginx, NOON, NOON, 12, 9, (NOON,), held_since=NOON, compared=9, level=8, behind_hours=26.5
    )
    return Stabilities((kept, Stability(gone, NOON, NOON, 12, 0)))


@pytest.fixture(params=["inventory", "availabilities", "plan", "outcomes", "stabilities"])
def document(request: pytest.FixtureRequest) -> Document:
    value: Document = request.getfixturevalue(request.param)
    return value


@pytest.fixture(params=["inventory", "availabilities", "plan", "outcomes", "stabilities"])
def empty(request: pytest.FixtureRequest) -> Document:
    return {
        "inventory": Inventory((), (), {}),
        "availabilities": Availabilities(()),
        "plan": Plan((), (), (), "", NOON),
        "outcomes": [],
        "stabilities": Stabilities(()),
    }[request.param]
