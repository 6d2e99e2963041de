"""Dev containers: images, features, builds, commands and variables."""

import json

import pytest
from extracted import extracted
from hypothesis import given
from hypothesis import strategies as st

from planner.formats._base import Candidate
from planner.formats._patterns import matcher
from planner.formats.devcontainer import FORMAT, extract
from planner.model.source import SourceFile

PATH = "web/.devcontainer/devcontainer.json"
DIGEST = "sha256:" + "a" * 64
TOKENS = (
    '"image"', '"build"', '"args"', '"features"', ":", ",", "{", "}", "[", "]", '"a:1"', "${localEnv:",
    "}", "/*", '"options"', '"default"', '"initializeCommand"', '"docker pull a"', "//", "\n", '"',
)  # fmt: skip


def found(path=PATH, /, variables=None, **fields):
    return extracted("devcontainer", json.dumps(fields), path, **(variables or {}))


@pytest.mark.parametrize(
    "path",
    [
        ".devcontainer.json",
        ".devcontainer/devcontainer.json",
        ".devcontainer/go/devcontainer.json",
        "web/.devcontainer/devcontainer.json",
        "src/x/devcontainer-feature.json",
        "src/x/devcontainer-template.json",
        ".devcontainer/devcontainer-lock.json",
        "test/x/scenarios.json",
    ],
)
def test_path_that_is_read(path):
    assert matcher(FORMAT.patterns).search(path)


@pytest.mark.parametrize("path", [".devcontainer/settings.json", "scenarios.json"])
def test_path_that_is_not_read(path):
    assert not matcher(FORMAT.patterns).search(path)


def test_image_stands_among_comments():
    text = '// "image": "a"\n{"image": /* b */ "python:3.12", }'
    item = extracted("devcontainer", text, PATH).occurrences[0]
    assert (str(item.reference), item.column, item.role) == ("docker.io/library/python:3.12", 20, "base")


@pytest.mark.parametrize(
    ("written", "image"),
    [
        ("go:${localEnv:V:1.23}", "docker.io/library/go:1.23"),
        ("${env:R:ghcr.io}/a/b", "ghcr.io/a/b"),
        ("go:${localEnv:V:1.23:ignored}", "docker.io/library/go:1.23"),
    ],
)
def test_default_of_a_variable_counts_up_to_the_next_colon(written, image):
    assert found(image=written).pulled == [image]


@pytest.mark.parametrize("variable", ["localEnv:V", "containerWorkspaceFolder", "templateOption:v"])
def test_variable_without_value_is_told(variable):
    ((text, reason),) = found(image=f"go:${{{variable}}}").unresolved
    assert text == f"go:${{{variable}}}"
    assert variable.rpartition(":")[2] in reason


def test_option_of_a_template_has_its_value_from_the_template():
    option = {"templateOption:v": "1.23"}
    assert found(variables=option, image="go:${templateOption:v}").pulled == ["docker.io/library/go:1.23"]


def test_template_gives_the_defaults_of_its_options():
    options = {"v": {"default": "1.23", "proposals": ["1.22"]}, "w": {"proposals": ["1"]}}
    assert found("src/go/devcontainer-template.json", options=options).bindings == [
        ("src/go/**", "devcontainer", {"templateOption:v": "1.23"})
    ]


@pytest.mark.parametrize(
    ("feature", "reference"),
    [
        ("ghcr.io/devcontainers/features/node:1", "ghcr.io/devcontainers/features/node:1"),
        ("ghcr.io/Acme/Features/x", "ghcr.io/acme/features/x"),
        (f"localhost:5000/x/y@{DIGEST}", f"localhost:5000/x/y@{DIGEST}"),
    ],
)
def test_feature_with_a_registry_is_an_artifact(feature, reference):
    assert found(features={feature: {}}).roles == [(reference, "chart")]


@pytest.mark.parametrize(
    "feature", ["./x", "../x", "node", "acme/features/x@v1", "https://a.example/x.tgz", "acme/features/x"]
)
def test_feature_without_a_registry_is_none(feature):
    assert found(features={feature: {"image": "x"}}).found == []


def test_feature_depends_on_features():
    fields = {"dependsOn": {"ghcr.io/a/b:1": {}}, "installsAfter": ["ghcr.io/a/c"]}
    assert found("src/x/devcontainer-feature.json", **fields).pulled == ["ghcr.io/a/b:1"]


def test_lock_file_tells_the_digest():
    features = {"ghcr.io/a/b:1": {"resolved": f"ghcr.io/a/b@{DIGEST}", "integrity": DIGEST}}
    assert found("devcontainer-lock.json", features=features).pulled == [f"ghcr.io/a/b@{DIGEST}"]


@pytest.mark.parametrize("cache", ["acme/dev:c", ["acme/dev:c", "type=gha"], "type=registry,ref=acme/dev:c"])
def test_build_takes_a_cache(cache):
    assert found(build={"cacheFrom": cache}).roles == [("docker.io/acme/dev:c", "cache")]


def test_build_gives_arguments_to_its_dockerfile():
    build = {
        "dockerfile": "../Dockerfile",
        "context": "..",
        "args": {"V": "${localEnv:V:1}", "W": "${localEnv:W}"},
    }
    assert found(build=build).bindings == [("web/Dockerfile", "dockerfile", {"V": "1"})]


def test_dockerfile_of_the_older_form_is_given_arguments():
    found_ = found(dockerFile="Dockerfile", build={"args": {"V": "1"}})
    assert found_.bindings == [("web/.devcontainer/Dockerfile", "dockerfile", {"V": "1"})]


@pytest.mark.parametrize("target", ["/x/Dockerfile", "../../../Dockerfile"])
def test_dockerfile_outside_of_the_tree_is_given_nothing(target):
    assert found(build={"dockerfile": target, "args": {"V": "1"}}).bindings == []


@pytest.mark.parametrize(("name", "value"), [("BASE", "debian:12"), ("BASE_IMAGE", "debian"), ("X", "a/b:1")])
def test_argument_that_names_an_image_is_one(name, value):
    assert len(found(build={"args": {name: value}}).pulled) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VARIANT", "3.12"), ("VARIANT", "3.12-bookworm"), ("USERNAME", "node:node"), ("UID", "1000:1000"),
        ("IDS", "1000:1000"), ("PROXY", "proxy.example:3128"), ("NODE", "lts/*"), ("TZ", "Europe/Berlin"),
        ("IMAGE", "${localEnv:IMAGE}"), ("APT_MIRROR", "mirror.example/debian:80"),
    ],
)  # fmt: skip
def test_argument_that_holds_something_else_is_none(name, value):
    assert found(build={"args": {name: value}}).found == []


def test_options_of_the_build_name_contexts():
    build = {"options": ["--build-context", "x=docker-image://alpine:3"]}
    assert found(build=build).pulled == ["docker.io/library/alpine:3"]


@pytest.mark.parametrize("key", ["runArgs", "mounts"])
def test_image_that_is_mounted(key):
    mount = "type=image,source=a/b:1,target=/x"
    fields = {"runArgs": ["--name", "x:1", "--mount", mount]} if key == "runArgs" else {"mounts": [mount]}
    assert found(**fields).roles == [("docker.io/a/b:1", "mount")]


@pytest.mark.parametrize(
    "command",
    [
        "docker pull redis:7",
        ["docker", "pull", "redis:7"],
        ["sh", "-c", "docker pull redis:7"],
        {"cache": "docker pull redis:7"},
        {"cache": ["docker", "pull", "redis:${localEnv:V:7}"]},
        "docker pull redis:${localEnv:V:7}",
    ],
)
@pytest.mark.parametrize("key", ["initializeCommand", "postCreateCommand"])
def test_command_pulls(key, command):
    assert found(**{key: command}).roles == [("docker.io/library/redis:7", "script")]


def test_command_runs_in_the_folder_that_is_opened():
    command = "docker build --build-arg V=1 -f docker/Dockerfile ."
    assert found(initializeCommand=command).bindings == [("web/docker/Dockerfile", "dockerfile", {"V": "1"})]


def test_scenarios_of_tests_are_containers():
    scenario = {"image": "debian:12", "features": {"kubectl": {}}}
    own = {"build": {"dockerfile": "Dockerfile", "args": {"V": "9"}}}
    found_ = extracted("devcontainer", json.dumps({"a": scenario, "b": own}), "test/kubectl/scenarios.json")
    assert found_.pulled == ["docker.io/library/debian:12"]
    assert found_.bindings == [("test/kubectl/b/Dockerfile", "dockerfile", {"V": "9"})]


def test_file_that_breaks_off_is_read_as_far_as_it_is():
    found_ = extracted("devcontainer", '{"image": "debian:12",\n"features": [{]\n', PATH)
    assert found_.pulled == ["docker.io/library/debian:12"]
    assert len(found_.unresolved) == 1


@given(
    st.sampled_from(
        ["devcontainer.json", "devcontainer-template.json", "devcontainer-lock.json", "scenarios.json"]
    ),
    st.lists(st.sampled_from(TOKENS)).map("".join),
)
def test_any_text_is_read(name, text):
    for item in extract(SourceFile(name, text), {}):
        assert not isinstance(item, Candidate) or 0 <= item.start <= len(text)


def test_options_of_the_build_are_for_its_dockerfile():
    options = ["--build-context", "x=./x", "--build-arg", "V=1"]
    text = json.dumps({"build": {"dockerfile": "D", "context": "..", "options": options}})
    given = extracted("devcontainer", text, ".devcontainer/devcontainer.json").bindings
    assert given == [
        (".devcontainer/D", "dockerfile", {}),
        (".devcontainer/D", "dockerfile", {"--build-context x": "./x"}),
        (".devcontainer/D", "dockerfile", {"--build-context x": "./x", "V": "1"}),
    ]
