"""The files of docker and podman, in all their shapes."""

import asyncio
import base64
import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import ConfigError
from planner.registries._credential import Credential
from planner.registries.docker_credentials import VARIABLE, stores
from planner.registries.keychain import Keychain

SECRET = "pa:ss-w0rd"


def entry(user: str = "me", secret: str = SECRET) -> dict[str, str]:
    return {"auth": base64.b64encode(f"{user}:{secret}".encode()).decode()}


def find(environment: dict[str, str], host: str = "r.example", repository: str = "") -> Credential | None:
    return asyncio.run(Keychain(environment).find(host, repository))


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    return {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path / "run")}


def written(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))


PLACES = (".docker/config.json", "run/containers/auth.json", ".config/containers/auth.json", ".dockercfg")


@pytest.mark.parametrize("place", PLACES)
def test_place_is_looked_into(home, tmp_path, place):
    content = {"r.example": entry()}
    written(tmp_path / place, content if place == ".dockercfg" else {"auths": content})
    found = find(home)
    assert found == Credential("me", SECRET)
    assert found.place == str(tmp_path / place)


def test_earlier_place_wins(home, tmp_path):
    for place in PLACES:
        content = {"r.example": entry(user=place)}
        written(tmp_path / place, content if place == ".dockercfg" else {"auths": content})
    users = []
    for place in PLACES:
        users.append(find(home).user)
        (tmp_path / place).unlink()
    assert users == list(PLACES)


def test_place_without_the_host_leaves_the_next(home, tmp_path):
    written(tmp_path / PLACES[0], {"auths": {"other.example": entry()}})
    written(tmp_path / PLACES[1], {"auths": {"r.example": entry("podman")}})
    assert find(home).user == "podman"


def test_variables_name_other_places(home, tmp_path):
    written(tmp_path / "a" / "config.json", {"auths": {"r.example": entry("docker")}})
    written(tmp_path / "auth.json", {"auths": {"r.example": entry("podman")}})
    both = {**home, "DOCKER_CONFIG": str(tmp_path / "a"), "REGISTRY_AUTH_FILE": str(tmp_path / "auth.json")}
    assert find(both).user == "docker"
    del both["DOCKER_CONFIG"]
    assert find(both).user == "podman"


def test_variable_may_hold_the_content(home, tmp_path):
    written(tmp_path / PLACES[0], {"auths": {"r.example": entry("file")}})
    found = find({**home, VARIABLE: json.dumps({"auths": {"r.example": entry("variable")}})})
    assert (found.user, found.place) == ("variable", VARIABLE)


@pytest.mark.parametrize(
    "key",
    ["https://index.docker.io/v1/", "https://index.docker.io/v1", "index.docker.io/v1/", "index.docker.io",
     "https://docker.io", "docker.io", "registry-1.docker.io", "https://registry-1.docker.io/v2/",
     "http://registry.hub.docker.com", "docker.io/library", "docker.io/library/nginx"],
)  # fmt: skip
def test_docker_hub_is_found_under_all_keys_it_ever_had(home, tmp_path, key):
    written(tmp_path / PLACES[0], {"auths": {key: entry()}})
    assert find(home, "docker.io", "library/nginx")


def test_namespace_of_docker_hub_has_its_own_entry(home, tmp_path):
    auths = {"https://index.docker.io/v1/": entry("all"), "docker.io/team": entry("team")}
    written(tmp_path / PLACES[1], {"auths": auths})
    users = [find(home, "docker.io", name).user for name in ("team/a", "team2/a")]
    assert users == ["team", "all"]


@pytest.mark.parametrize(
    "content",
    [
        "[]",
        "{",
        '{"auths": []}',
        '{"auths": {"r.example": "x"}}',
        '{"credHelpers": {"r": 1}}',
        "\0",
        "[" * 9999,
    ],
)
def test_what_is_no_file_of_credentials_names_the_place(home, content):
    with pytest.raises(ConfigError, match=f"{VARIABLE}: the credentials cannot be read"):
        find({**home, VARIABLE: content})


def test_place_that_cannot_be_looked_into_is_named(home):
    with pytest.raises(ConfigError, match=r"config\.json: .* cannot be read \(file name too long"):
        find({**home, "DOCKER_CONFIG": "/" + "x" * 300})


@given(st.text(max_size=200) | st.builds(json.dumps, st.recursive(
    st.none() | st.booleans() | st.text(max_size=5),
    lambda deeper: st.lists(deeper, max_size=3)
    | st.dictionaries(st.sampled_from(["auths", "auth", "credHelpers", "credsStore", "r.example"]), deeper),
)))  # fmt: skip
def test_no_content_is_more_than_an_error(content):
    with suppress(ConfigError):
        for store in stores({"HOME": "/nonexistent", VARIABLE: content}):
            store.kept("r.example", "a/b")
            store.helper("r.example")
