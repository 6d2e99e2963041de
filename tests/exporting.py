"""Plans for exports: one that says everything a plan can say, and texts that try to leave their quotes."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from google.protobuf.json_format import MessageToDict
from hypothesis import strategies
from jsonschema import Draft202012Validator

from planner.exports._base import File, Options
from planner.exports._known import export
from planner.model.job import Copy, Warm
from planner.model.plan import AllowUpstreams, CreateRepository, Grant, Keep, Manual, Plan, Rewrite
from planner.model.reference import Reference
from planner.model.repository import SERVICE_AGENT, Cleanup, Credentials, Mode, Setup, Target
from planner.model.source import Fragment, Part
from planner.registries._repository import wanted

READER = "roles/artifactregistry.reader"
ACCESSOR = "roles/secretmanager.secretAccessor"
DIGESTS = ("sha256:" + "a" * 64, "sha256:" + "b" * 64)
KEY = "projects/keys/locations/europe/keyRings/main/cryptoKeys/images"
SECRET = "projects/vault/secrets/hub-password"

REMOTE = Target("acme", "europe", "docker-hub-remote", Mode.REMOTE)
COPIES = Target("acme", "europe", "docker-hub-copies", Mode.STANDARD)
FRONT = Target("acme", "europe", "docker-hub", Mode.VIRTUAL)
GITHUB = Target("acme", "europe", "ghcr-io", Mode.REMOTE)

HUB_LOGIN = Credentials("acme-bot", f"{SECRET}/versions/3")
SETUPS = {
    REMOTE: Setup({"team": "platform"}, KEY, scanning=False, credentials=HUB_LOGIN),
    COPIES: Setup(
        {"team": "platform"}, KEY, True, False, cleanup=Cleanup(30 * 86_400, True, DIGESTS, dry_run=True)
    ),
    FRONT: Setup({"team": "platform"}, KEY),
    GITHUB: Setup(),
}


def made(target: Target, **more: object) -> CreateRepository:
    return CreateRepository(target, f"holds what {target.repository} holds", setup=SETUPS[target], **more)  # type: ignore[arg-type]


def grant(target: Target, member: str, role: str = READER, secret: str = "") -> Grant:
    return Grant(target, role, member, "pulls from it", secret)


def rewrite(path: str, text: str, destination: str, *fragments: Fragment) -> Rewrite:
    reference = Reference.parse(text)
    return Rewrite(path, 3, 9, text, reference, Reference.parse(destination), fragments, "the code names it")


NGINX = rewrite(
    "deploy/web.yaml",
    "nginx:1.27",
    "europe-docker.pkg.dev/acme/docker-hub/library/nginx:1.27",
    Fragment(Part.NAME, 40, 45, "nginx"),
)
GRAFANA = rewrite(
    "deploy/web.yaml",
    "docker.io/grafana/grafana:11.0",
    "europe-docker.pkg.dev/acme/docker-hub/grafana/grafana:11.0",
    Fragment(Part.NAME, 60, 85, "docker.io/grafana/grafana"),
)
APP = rewrite("deploy/app.yaml", "ghcr.io/acme/app:2", "europe-docker.pkg.dev/acme/ghcr-io/acme/app:2")


def plan(*actions: object) -> Plan:
    targets = tuple(action.target for action in actions if isinstance(action, CreateRepository))
    return Plan(targets, actions, (), "0" * 64, datetime(2026, 11, 30, tzinfo=UTC))  # type: ignore[arg-type]


def reference(text: str) -> Reference:
    return Reference.parse(text)


EVERYTHING = plan(
    made(REMOTE),
    made(COPIES),
    made(FRONT, upstreams=(COPIES, REMOTE)),
    made(GITHUB, registry="ghcr.io"),
    AllowUpstreams("acme", "europe", "a service perimeter denies upstreams unless they are allowed"),
    grant(REMOTE, SERVICE_AGENT, ACCESSOR, SECRET),
    grant(FRONT, "serviceAccount:nodes@acme.iam.gserviceaccount.com"),
    grant(FRONT, "group:dev@acme.example"),
    Warm(
        reference("nginx:1.27"),
        reference("europe-docker.pkg.dev/acme/docker-hub-remote/library/nginx:1.27"),
        DIGESTS[0],
        "public",
    ),
    Copy(
        reference("grafana/grafana:11.0"),
        reference("mirror.gcr.io/grafana/grafana:11.0"),
        reference("europe-docker.pkg.dev/acme/docker-hub-copies/grafana/grafana:11.0"),
        DIGESTS[1],
        "runs in production",
    ),
    Warm(
        reference("ghcr.io/acme/app:2"),
        reference("europe-docker.pkg.dev/acme/ghcr-io/acme/app:2"),
        None,
        "public",
    ),
    NGINX,
    GRAFANA,
    APP,
    Keep(reference("postgres:16"), ("compose.yaml:4",), "rule 1 says so"),
    Keep(reference("quay.io/acme/tool:1"), ("compose.yaml:9",), "its registry is not moved"),
    Manual("$IMAGE", ("deploy.sh:2",), "IMAGE has no value"),
)

HOSTILE = (
    "${file(\"/etc/passwd\")}", "%{ for x in y }", "$${a}", '"', "'", "\\", "a\nb", "a\r\nb", "\t", "\x00",
    "\x1b[31m", "`id`", "$(id)", "; id #", "\n- evil: true", "{{ template }}", "*/", "]]>", "EOT", "\u2028",
    "--help", "é😀", "x: y", "# c", "!!python/object/apply:os.system [id]", "&a", "*a", "null", "1e3", "",
)  # fmt: skip
# python-hcl2 reads `"%%{"` only if a brace closes it, unlike Terraform. HOSTILE has some that are closed.
_plain = strategies.text(strategies.characters(exclude_categories=("Cs",)), max_size=20).filter(
    lambda text: "${" not in text and "%{" not in text
)
texts = strategies.one_of(
    strategies.sampled_from(HOSTILE),
    _plain,
    strategies.lists(strategies.sampled_from(HOSTILE), min_size=2, max_size=3).map("".join),
)
"""Texts that try to leave their quotes in one language or another."""

cleanups = strategies.builds(
    Cleanup,
    strategies.integers(1, 10**9),
    strategies.booleans(),
    strategies.lists(texts, max_size=3).map(tuple),
    strategies.booleans(),
)
setups = strategies.builds(
    Setup,
    strategies.dictionaries(texts, texts, max_size=3),
    texts,
    strategies.booleans(),
    strategies.booleans(),
    strategies.none() | strategies.builds(Credentials, texts.filter(bool), texts.filter(bool)),
    strategies.none() | cleanups,
)


MADE = tuple(action for action in EVERYTHING.actions if isinstance(action, CreateRepository))


def files(name: str, document: Plan = EVERYTHING, **options: object) -> tuple[File, ...]:
    return export(name).render(document, Options(**options))  # type: ignore[arg-type]


def text(name: str, document: Plan = EVERYTHING, **options: object) -> str:
    """The only file of an export."""
    (file,) = files(name, document, **options)
    return file.text


def api(action: CreateRepository) -> Any:
    """The JSON that the API is sent for a repository; its name stands in the path, defaults are left out."""
    sent = MessageToDict(type(wanted(action)).pb(wanted(action)))
    return {key: value for key, value in sent.items() if key != "name"}


def schema(name: str) -> Draft202012Validator:
    """A validator of what a tool takes, as tests/exports/schemas/ has it."""
    path = Path(__file__).parent / "exports" / "schemas" / f"{name}.json"
    return Draft202012Validator(json.loads(path.read_text(encoding="utf-8")))


def refusals(name: str, document: Any) -> list[str]:
    """What a schema refuses in a document."""
    return [f"{error.json_path}: {error.message}" for error in schema(name).iter_errors(document)]
