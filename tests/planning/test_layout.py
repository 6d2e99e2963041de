import pytest

from planner.config import CleanupSettings, RepositorySettings, TargetSettings
from planner.errors import ConfigError
from planner.model.job import Copy, Warm
from planner.model.plan import Grant
from planner.model.reference import Reference
from planner.model.repository import SERVICE_AGENT, Cleanup, Credentials, Mode
from planner.model.rule import Route
from planner.planning.layout import READER, SECRET_ACCESSOR, grants, layouts, perimeters, repositories

A, B = f"sha256:{'a' * 64}", f"sha256:{'b' * 64}"
NGINX, REDIS = Reference.parse("nginx:1"), Reference.parse("redis:7")
VIRTUAL = TargetSettings("acme", "europe", mode=Mode.VIRTUAL)
SECRET = "projects/acme/secrets/hub/versions/3"


def made(settings=None, target=VIRTUAL, digest=A):
    places = layouts(target)
    own = places["docker.io"]
    jobs = [
        Copy(NGINX, NGINX, own.place(Route.COPY, NGINX)[0], digest, ""),
        Warm(REDIS, own.place(Route.REMOTE, REDIS)[0], B, ""),
    ]
    return {each.target.mode: each for each in repositories(places, jobs, settings or RepositorySettings())}


def test_what_is_in_front_of_others_comes_last_with_copies_asked_first():
    found = made()
    assert list(found) == [Mode.REMOTE, Mode.STANDARD, Mode.VIRTUAL]
    assert [each.mode for each in found[Mode.VIRTUAL].upstreams] == [Mode.STANDARD, Mode.REMOTE]


def test_cleanup_keeps_every_digest_that_is_copied():
    found = made(RepositorySettings(cleanup=CleanupSettings("30d", tagged=True)))
    assert found[Mode.STANDARD].setup.cleanup == Cleanup(30 * 86_400, tagged=True, keep=(A,))
    assert found[Mode.REMOTE].setup.cleanup is None


def test_copy_whose_digest_is_not_known_keeps_what_is_known():
    found = made(RepositorySettings(cleanup=CleanupSettings("12h")), digest=None)
    assert found[Mode.STANDARD].setup.cleanup == Cleanup(12 * 3_600)


def test_settings_go_where_they_belong():
    settings = RepositorySettings(
        labels={"team": "web"},
        immutable_tags=True,
        scanning=False,
        credentials={"docker.io": Credentials("bot", SECRET)},
    )
    found = made(settings)
    remote, standard, virtual = (found[mode].setup for mode in (Mode.REMOTE, Mode.STANDARD, Mode.VIRTUAL))
    assert (remote.immutable_tags, standard.immutable_tags, virtual.immutable_tags) == (False, True, False)
    assert (remote.scanning, standard.scanning, virtual.scanning) == (False, False, True)
    assert (remote.credentials, standard.credentials) == (Credentials("bot", SECRET), None)
    assert {setup.labels["team"] for setup in (remote, standard, virtual)} == {"web"}


def test_artifact_registry_itself_gets_to_read_the_password_before_others_get_to_pull():
    found = made(RepositorySettings(credentials={"docker.io": Credentials("bot", SECRET)}))
    given = list(grants(tuple(found.values()), ["group:dev@acme.example"]))
    assert given[0] == Grant(
        found[Mode.REMOTE].target,
        SECRET_ACCESSOR,
        SERVICE_AGENT,
        given[0].reason,
        "projects/acme/secrets/hub",
    )
    assert [(each.role, each.secret) for each in given[1:]] == [(READER, "")] * 3


def test_only_remote_repositories_have_to_be_let_out_of_a_perimeter():
    found = tuple(made().values())
    assert [(each.project, each.location) for each in perimeters(found, wanted=True)] == [("acme", "europe")]
    assert list(perimeters(found, wanted=False)) == []


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (
            {"repository": "hub", "copies": "hub"},
            "'hub' would be both the remote repository of docker.io",
        ),
        ({"repository": "ghcr-io", "upstreams": ("docker.io", "ghcr.io")}, "'ghcr-io' would be both"),
        ({"upstreams": ("quay.io", "quay-io")}, "'quay-io' would be both"),
        (
            {"upstreams": ("10.0.0.1:5000",)},
            "the remote repository of 10.0.0.1:5000: '10-0-0-1",
        ),
    ],
)
def test_repositories_that_would_be_one_are_an_error(settings, said):
    with pytest.raises(ConfigError) as error:
        layouts(TargetSettings("acme", "europe", **settings))
    assert error.value.message.startswith(said)


def test_project_of_a_domain_has_its_repositories():
    target = TargetSettings("example.com:acme", "europe")
    assert [each.target.prefix for each in made(target=target).values()] == [
        "europe-docker.pkg.dev/example.com/acme/docker-hub",
        "europe-docker.pkg.dev/example.com/acme/docker-hub-copies",
    ]
