"""Plans of copies for tests of what other tools are told."""

from exporting import COPIES as PLACE
from exporting import DIGESTS, made, plan

from planner.model.job import Copy, Warm
from planner.model.plan import Plan
from planner.model.reference import Reference

HOST = "europe-docker.pkg.dev"
COPIES, REMOTE = f"{HOST}/acme/copies", f"{HOST}/acme/hub"
PINNED, OTHER = DIGESTS


def copy(source: str, destination: str, digest: str | None = PINNED, origin: str = "") -> Copy:
    said = Reference.parse(source)
    return Copy(
        said, Reference.parse(origin) if origin else said, Reference.parse(destination), digest, "runs"
    )


def warm(source: str, destination: str, digest: str | None = None) -> Warm:
    return Warm(Reference.parse(source), Reference.parse(destination), digest, "public")


MIRRORED = copy("redis:7", f"{COPIES}/library/redis:7", origin="mirror.gcr.io/library/redis:7")
RENAMED = copy("grafana/grafana:11", f"{COPIES}/monitoring/dashboards:11", OTHER)
UNKNOWN = copy("acme/app", f"{COPIES}/acme/app", None)
BY_DIGEST = copy(f"acme/tool@{OTHER}", f"{COPIES}/acme/tool@{OTHER}", OTHER)
WARM = warm("nginx:1.27", f"{REMOTE}/library/nginx:1.27", OTHER)


def transferring(*actions: Copy | Warm) -> Plan:
    return plan(made(PLACE), *actions)


ALL = transferring(MIRRORED, RENAMED, UNKNOWN, BY_DIGEST, WARM)
