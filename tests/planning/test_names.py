import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.config import TargetSettings
from planner.errors import ConfigError
from planner.model.reference import Reference
from planner.model.repository import Mode
from planner.model.rule import Route
from planner.planning.layout import layouts
from planner.planning.names import LONGEST, check_target, names, too_long

TARGET = TargetSettings(project="acme", location="europe", upstreams=("docker.io", "ghcr.io"))
PARTS = st.from_regex(r"\A[a-z0-9]{1,4}(?:[._-][a-z0-9]{1,3})?\Z")
REFERENCES = st.builds(
    lambda registry, parts: Reference.parse(f"{registry}/{'/'.join(parts)}"),
    st.sampled_from(["docker.io", "ghcr.io"]),
    st.lists(PARTS, min_size=1, max_size=3),
)


@given(REFERENCES, REFERENCES, st.sampled_from(Mode), st.sampled_from([Route.REMOTE, Route.COPY]))
def test_no_two_images_are_called_the_same(one, other, mode, route):
    places = layouts(TargetSettings("acme", "europe", mode=mode, upstreams=TARGET.upstreams))
    if one == other:
        return
    first, second = (places[each.registry].place(route, each) for each in (one, other))
    assert (first[0] != second[0], first[1] != second[1]) == (True, True)


@given(REFERENCES, st.sampled_from(Mode), st.sampled_from([Route.REMOTE, Route.COPY]))
def test_every_destination_has_project_repository_and_image(upstream, mode, route):
    places = layouts(TargetSettings("acme", "europe", mode=mode, upstreams=TARGET.upstreams))
    for place in places[upstream.registry].place(route, upstream):
        host, project, repository, image = str(place).split("/", 3)
        assert (host, project) == ("europe-docker.pkg.dev", "acme")
        assert repository in {target.repository for target in _targets(places)}
        assert image == upstream.repository


@given(REFERENCES, st.sampled_from([Route.REMOTE, Route.COPY]))
def test_every_destination_is_a_reference(upstream, route):
    for place in layouts(TARGET)[upstream.registry].place(route, upstream):
        assert Reference.parse(str(place)) == place


def _targets(places):
    for each in places.values():
        yield from (target for target in (each.front, each.remote, each.standard) if target)


def test_copy_is_called_what_the_user_says():
    called = names({"nginx": "web/server"}, TARGET.upstreams)
    place, _ = layouts(TARGET, called)["docker.io"].place(Route.COPY, Reference.parse("nginx:1.27"))
    assert str(place) == "europe-docker.pkg.dev/acme/docker-hub-copies/web/server:1.27"


def test_virtual_front_has_the_name_of_the_copy():
    called = names({"nginx": "web/server"}, TARGET.upstreams)
    virtual = TargetSettings("acme", "europe", mode=Mode.VIRTUAL)
    _, front = layouts(virtual, called)["docker.io"].place(Route.COPY, Reference.parse("nginx:1.27"))
    assert str(front) == "europe-docker.pkg.dev/acme/docker-hub/web/server:1.27"


NGINX, REDIS = Reference.parse("nginx:1"), Reference.parse("redis:7")
BOTH = [(NGINX, Route.COPY), (REDIS, Route.COPY)]


@pytest.mark.parametrize(
    ("chosen", "moved", "said"),
    [
        (
            {"nginx": "library/redis"},
            [(NGINX, Route.COPY), (REDIS, Route.COPY)],
            "would both be called library/redis",
        ),
        ({"nginx": "a", "redis": "a"}, [(NGINX, Route.COPY), (REDIS, Route.COPY)], "would both be called a"),
        ({"nginx": "web"}, [(NGINX, Route.REMOTE)], "comes through a remote repository"),
    ],
)
def test_name_that_cannot_be_given_is_an_error(chosen, moved, said):
    with pytest.raises(ConfigError) as error:
        names(chosen, TARGET.upstreams).check(moved)
    assert said in error.value.message


def test_one_image_in_many_versions_has_one_name():
    called = names({"nginx": "web"}, TARGET.upstreams)
    called.check([(NGINX, Route.COPY), (Reference.parse("nginx:2"), Route.COPY)])


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("nginx:1.27", "web", "has a version"),
        ("quay.io/x/y", "web", "is at quay.io, which is not moved"),
        ("NGINX", "web", "lower case"),
        ("nginx", "Web", "'Web' is no name for nginx"),
        ("nginx", "", "'' is no name"),
        ("nginx", "../web", "is no name"),
    ],
)
def test_wrong_name_is_told(text, name, said):
    with pytest.raises(ConfigError) as error:
        names({text: name}, TARGET.upstreams)
    assert said in error.value.message


def test_name_that_clients_refuse_is_told():
    long = Reference.parse(f"acme/{'a' * 240}")
    place, _ = layouts(TARGET)["docker.io"].place(Route.COPY, long)
    assert (f"{LONGEST} at most" in too_long(place), too_long(NGINX)) == (True, "")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *(("project", each) for each in ("", "Acme", "123456", "acme_prod", "-acme", "acme-")),
        *(("location", each) for each in ("", "mars", "europe-", "us central1", "EU")),
        *(("repository", each) for each in ("", "1hub", "Hub", "docker_hub", "hub-", "a" * 64)),
        ("copies", "Copies"),
    ],
)
def test_target_that_there_cannot_be_is_told_with_its_field(key, value):
    settings = {"project": "acme", "location": "europe", "repository": "hub", key: value}
    with pytest.raises(ConfigError) as error:
        check_target(TargetSettings(**settings))
    assert error.value.message.startswith(f"$.target.{key}: {value!r}")


@pytest.mark.parametrize("location", ["us", "asia", "us-central1", "northamerica-northeast2"])
def test_locations_that_there_are_pass(location):
    check_target(TargetSettings("example.com:acme", location))
