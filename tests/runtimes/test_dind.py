import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from merging import OWN, added, asked, merged

from planner.errors import ConfigError

OPTION = "--registry-mirror=https://mirror.gcr.io"


def test_new_file_is_a_compose_file():
    assert yaml.safe_load(merged("dind"))["services"]["docker"]["command"] == [OPTION]


def test_compose_service_keeps_its_other_words():
    before = (
        "services:\n  docker:\n    image: docker:27-dind # engine\n    command:\n      - "
        "--mtu=1400\n  web:\n    image: nginx\n    command: [nginx]\n"
    )
    after = merged("dind", before)
    assert after == before.replace("1400\n", f"1400\n      - {OPTION}\n")


def test_short_form_of_gitlab_becomes_the_long_one():
    before = (
        "build:\n  image: docker:27\n  services:\n    - docker:27-dind\n    - redis:7\n  "
        "script: [docker build .]\n"
    )
    after = merged("dind", before)
    assert yaml.safe_load(after)["build"]["services"] == [
        {"name": "docker:27-dind", "command": [OPTION]},
        "redis:7",
    ]
    assert added(before, after)


def test_every_job_gets_it():
    before = (
        "a:\n  services: [{name: docker:dind, alias: docker}]\nb:\n  services:\n    - name: "
        "docker:dind\n      command: ['--mtu', '1400']\n"
    )
    tree = yaml.safe_load(merged("dind", before))
    assert [job["services"][0]["command"][-1] for job in tree.values()] == [OPTION, OPTION]


@pytest.mark.parametrize("words", ["--debug", '"--debug"', "'--debug'", "--debug # all"])
def test_command_that_is_one_text(words):
    after = merged("dind", f"services:\n  d:\n    image: docker:dind\n    command: {words}\n")
    assert yaml.safe_load(after)["services"]["d"]["command"] == f"--debug {OPTION}"


def test_order_is_kept_and_the_own_mirror_goes_before_the_cache():
    before = (
        "services:\n  d:\n    image: docker:dind\n    command: [--registry-mirror, "
        "https://a.example, --debug, --registry-mirror, https://mirror.gcr.io]\n"
    )
    after = merged("dind", before, "b.example")
    assert asked("dind", after) == ["https://a.example", "https://b.example", "https://mirror.gcr.io"]
    assert added(before, after)


@pytest.mark.parametrize(
    "image", ["docker:27", "docker", "docker:dindx", "mydocker:dind-like/x", "moby/buildkit"]
)
def test_other_images_are_none(image):
    with pytest.raises(ConfigError, match="starts no docker:dind"):
        merged("dind", f"services:\n  d:\n    image: {image}\n")


@pytest.mark.parametrize(
    "image",
    [
        "docker:dind",
        "docker:27.3.1-dind-rootless",
        "docker:dind-alpine3.20",
        "mirror.gcr.io/library/docker:24-dind",
    ],
)
def test_images_of_docker_in_docker(image):
    assert asked("dind", merged("dind", f"services:\n  d:\n    image: {image}\n")) == [
        "https://mirror.gcr.io"
    ]


def test_path_is_refused():
    with pytest.raises(ConfigError, match="refuses a mirror with a path"):
        merged("dind", "", OWN)


@given(st.text(alphabet="services: -[]{}#'\"\ncommandkerimage:&*|>", max_size=80))
def test_no_text_breaks_it_other_than_by_an_error(text):
    try:
        merged("dind", text + "\nx: {image: docker:dind}\n")
    except ConfigError:
        return


def test_short_form_on_one_line():
    after = merged("dind", "build:\n  services: [redis:7, docker:dind]\n")
    assert yaml.safe_load(after)["build"]["services"][1] == {"name": "docker:dind", "command": [OPTION]}


def test_short_form_that_is_an_alias_is_refused_with_the_place():
    with pytest.raises(ConfigError, match="FILE:1:4: this cannot be added to"):
        merged("dind", "x: &d docker:dind\nbuild:\n  services: [*d]\n")
