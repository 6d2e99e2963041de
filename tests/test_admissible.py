import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.admissible import check, faults
from planner.errors import ConfigError
from planner.model import limits
from planner.model.plan import Action, AllowUpstreams, CreateRepository, Grant, Keep
from planner.model.reference import Reference
from planner.model.repository import SERVICE_AGENT, Cleanup, Credentials, Mode, Setup, Target

REMOTE = Target("acme-prod", "europe-west1", "docker-hub", Mode.REMOTE)
STANDARD = Target("acme-prod", "us", "copies", Mode.STANDARD)
VIRTUAL = Target("example.com:acme", "us", "r", Mode.VIRTUAL)
LOGIN = Credentials("bot", "projects/vault/secrets/hub/versions/3")
KEY = "projects/p/locations/us/keyRings/r/cryptoKeys/k"
DIGEST = f"sha256:{'a' * 64}"
READER = "roles/artifactregistry.reader"


def standard(**setup: object) -> CreateRepository:
    return CreateRepository(STANDARD, "", setup=Setup(**setup))


def remote(**setup: object) -> CreateRepository:
    return CreateRepository(REMOTE, "", setup=Setup(**setup))


def named(**changed: str) -> CreateRepository:
    return CreateRepository(msgspec.structs.replace(STANDARD, **changed), "")


def grant(role: str = READER, member: str = "allUsers", secret: str = "") -> Grant:
    return Grant(REMOTE, role, member, "", secret)


GOOD = (
    remote(labels={"team": "web", "größe": "l-1_2"}, credentials=LOGIN, scanning=False, kms_key=KEY),
    remote(credentials=Credentials("bot", "projects/1/secrets/hub/versions/latest")),
    CreateRepository(REMOTE, "", registry="ghcr.io"),
    CreateRepository(REMOTE, "", registry="localhost:5000"),
    CreateRepository(REMOTE, "", registry="us-docker.pkg.dev/p/r"),
    standard(immutable_tags=True, cleanup=Cleanup(86400, keep=(DIGEST,))),
    standard(labels={f"l{number}": "" for number in range(limits.LABELS - 1)}),
    CreateRepository(VIRTUAL, "", (STANDARD, REMOTE)),
    AllowUpstreams("acme-prod", "us", ""),
    *(grant(member=member) for member in ("allUsers", SERVICE_AGENT, "group:a@b.c", "domain:b.c")),
    grant(member="principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/*"),
    grant(member="serviceAccount:p.svc.id.goog[ns/name]"),
    grant(role="projects/p/roles/puller"),
    grant("roles/secretmanager.secretAccessor", SERVICE_AGENT, LOGIN.resource),
)
BAD: dict[str, tuple[Action, str]] = {
    "name": (named(repository="Docker_Hub"), "target.repository: 'Docker_Hub' is no name of a repository"),
    "hyphen at the end": (named(repository="a-"), "target.repository: 'a-'"),
    "long name": (named(repository="a" * 64), "target.repository: 'aaa"),
    "path in a project": (named(project="a/b"), "target.project: 'a/b' is no ID of a project"),
    "path in a location": (named(location="us/.."), "target.location: 'us/..' is no location"),
    "registry": (
        CreateRepository(REMOTE, "", registry="https://ghcr.io"),
        "registry: 'https://ghcr.io' is no registry",
    ),
    "upstreams": (CreateRepository(STANDARD, "", (REMOTE,)), "upstreams: a standard repository has none"),
    "upstream": (
        CreateRepository(VIRTUAL, "", (STANDARD, msgspec.structs.replace(REMOTE, repository="X"))),
        "upstreams[1].repository: 'X' is no name of a repository",
    ),
    "many upstreams": (CreateRepository(VIRTUAL, "", (REMOTE,) * 31), "upstreams: 31, and a virtual"),
    "label": (standard(labels={"Team": "web"}), "setup.labels.Team: 'Team' is no name of a label"),
    "label of digits": (standard(labels={"1": ""}), "setup.labels.1: '1' is no name of a label"),
    "value of a label": (standard(labels={"team": "Web"}), "setup.labels.team: 'Web' is no value of a label"),
    "long value": (standard(labels={"team": "a" * 64}), "setup.labels.team: 'aaa"),
    "many labels": (
        standard(labels={f"l{number}": "" for number in range(64)}), "setup.labels: 64 and managed-by, and",
    ),
    "key": (standard(kms_key="k"), "setup.kms_key: 'k' is no name of a key (projects/P/locations/L/"),
    "immutable tags": (remote(immutable_tags=True), "setup.immutable_tags: a remote repository cannot"),
    "login of a copy": (standard(credentials=LOGIN), "setup.credentials: a standard repository"),
    "no user": (remote(credentials=Credentials(" ", LOGIN.secret)), "setup.credentials.username: is empty"),
    "secret without a version": (
        remote(credentials=Credentials("bot", LOGIN.resource)), "setup.credentials.secret: is no version",
    ),
    "cleanup of a proxy": (remote(cleanup=Cleanup(60)), "setup.cleanup: is for standard repositories"),
    "age": (standard(cleanup=Cleanup(0)), "setup.cleanup.older_than: 0 is no age in seconds"),
    "endless age": (standard(cleanup=Cleanup(10**18)), "setup.cleanup.older_than: 10000"),
    "digest": (standard(cleanup=Cleanup(60, keep=(DIGEST, "x"))), "setup.cleanup.keep[1]: 'x' is no digest"),
    "many digests": (
        standard(cleanup=Cleanup(60, keep=(DIGEST,) * (9 * limits.DIGESTS + 1))),
        "setup.cleanup.keep: 2,251 digests are in use, and cleanup policies can keep 2,250",
    ),
    "role": (grant(role="reader"), "role: 'reader' is no role"),
    "member": (grant(member="dev@acme.example"), "member: 'dev@acme.example' is no member"),
    "secret of a path": (grant(secret="projects/../secrets/s"), "secret: is no secret"),
    "secret": (grant(secret=LOGIN.secret), "secret: is no secret"),
    "perimeter": (AllowUpstreams("p", "", ""), "location: '' is no location"),
}  # fmt: skip


@pytest.mark.parametrize("action", GOOD, ids=lambda action: type(action).__name__)
def test_what_can_be_is_let_through(action: Action):
    assert list(faults([action])) == []


@pytest.mark.parametrize("kind", BAD)
def test_what_cannot_be_is_told_with_its_path(kind: str):
    action, message = BAD[kind]
    keep = Keep(Reference.parse("nginx"), (), "")
    with pytest.raises(ConfigError) as caught:
        check([keep, action], "plan.json")
    assert caught.value.message.startswith(f"plan.json: $.actions[1].{message}")


def test_what_stands_where_a_secret_is_named_is_not_repeated():
    with pytest.raises(ConfigError) as caught:
        check([remote(credentials=Credentials("bot", "dckr_pat_hunter2"))])
    assert "hunter2" not in caught.value.message + caught.value.hint


def test_repository_is_made_once():
    with pytest.raises(
        ConfigError, match=r"\$\.actions\[2\]\.target: .* is made by \$\.actions\[0\] already"
    ):
        check([standard(), remote(), standard(immutable_tags=True)])


@given(
    st.builds(
        CreateRepository,
        st.builds(Target, st.text(), st.text(), st.text(), st.sampled_from(list(Mode))),
        st.just(""),
        st.just(()),
        st.text(),
        st.builds(Setup, st.dictionaries(st.text(), st.text()), st.text(), st.booleans(), st.booleans()),
    )
)
def test_no_text_in_a_plan_leaves_its_place_in_a_name(action: CreateRepository):
    if not list(faults([action])):
        assert action.target.resource.count("/") == 5
        assert not any(character.isspace() for character in action.target.resource)
