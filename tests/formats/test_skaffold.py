"""Skaffold: artifacts, their builders, tests, releases of Helm, profiles and patches."""

import json

import pytest
from extracted import extracted
from hypothesis import given
from hypothesis import strategies as st

from planner.formats._base import Candidate
from planner.formats._patterns import matcher
from planner.formats.skaffold import FORMAT, extract
from planner.model.source import SourceFile

HEAD = {"apiVersion": "skaffold/v4beta11", "kind": "Config"}
TOKENS = (
    "apiVersion: skaffold/v3\n", "build:\n", "  artifacts:\n", "  - image: a\n", "\n", "]", "}", "  ",
    "    docker: {buildArgs: {A: b:1}}\n",
    "profiles:\n", "- patches: [{path: /build/artifacts/0/", "docker, value: ", "{{.X}}", "{{", "&a ", "*a",
    "deploy: {helm: {releases: [{setValues: {a.image: b}}]}}\n",
)  # fmt: skip


def found(**fields):
    return extracted("skaffold", json.dumps(HEAD | fields), "deploy/skaffold.yaml")


def built(**artifact):
    return found(build={"artifacts": [{"image": "acme/app", **artifact}]})


def released(**release):
    return found(deploy={"helm": {"releases": [{"name": "x", **release}]}})


def pulled(result):
    return [pair for pair in result.roles if pair[1] != "output"]


@pytest.mark.parametrize(
    "path", ["skaffold.yaml", "a/skaffold.yml", "skaffold-dev.yaml", "dev.skaffold.yaml"]
)
def test_path_that_is_read(path):
    assert matcher(FORMAT.patterns).search(path)


def test_file_of_another_kind_is_passed_over():
    assert (
        extracted("skaffold", "apiVersion: v1\nbuild: {artifacts: [{image: a}]}\n", "skaffold.yaml").found
        == []
    )


@pytest.mark.parametrize("name", ["acme/app", "{{.REPOSITORY}}/app"])
def test_artifact_is_an_output(name):
    assert found(build={"artifacts": [{"image": name}]}).outputs[0].endswith(name)


@pytest.mark.parametrize(
    ("artifact", "role"),
    [
        ({"jib": {"fromImage": "x/y:1"}}, "base"),
        ({"ko": {"fromImage": "x/y:1"}}, "base"),
        ({"buildpacks": {"builder": "x/y:1"}}, "step"),
        ({"buildpacks": {"runImage": "x/y:1"}}, "base"),
        (
            {"buildpacks": {"buildpacks": ["docker://x/y:1", "paketo/x@1.0", "urn:cnb:registry:x/y@1"]}},
            "step",
        ),
        ({"kaniko": {"image": "x/y:1"}}, "step"),
        ({"kaniko": {"initImage": "x/y:1"}}, "step"),
        ({"docker": {"cacheFrom": ["x/y:1", "type=gha"]}}, "cache"),
        ({"docker": {"buildArgs": {"BASE": "x/y:1", "VERSION": "1"}}}, "base"),
        ({"docker": {"cliFlags": ["--build-context=a=docker-image://x/y:1"]}}, "script"),
        ({"custom": {"buildCommand": "docker pull x/y:1"}}, "script"),
        ({"hooks": {"before": [{"command": ["sh", "-c", "docker pull x/y:1"]}]}}, "script"),
    ],
)
def test_builder_pulls(artifact, role):
    assert pulled(built(**artifact)) == [("docker.io/x/y:1", role)]


@pytest.mark.parametrize("fields", [
    {"verify": [{"name": "a", "container": {"image": "x/y:1"}}]},
    {"customActions": [{"name": "a", "containers": [{"image": "x/y:1"}]}]},
    {"test": [{"image": "acme/app", "custom": [{"command": "docker run x/y:1"}]}]},
    {"build": {"googleCloudBuild": {"dockerImage": "x/y:1"}}},
    {"deploy": {"kubectl": {"hooks": {"after": [{"host": {"command": ["docker", "pull", "x/y:1"]}}]}}}},
    {"profiles": [{"name": "p", "build": {"artifacts": [{"image": "a", "jib": {"fromImage": "x/y:1"}}]}}]},
])  # fmt: skip
def test_place_of_a_pipeline_that_pulls(fields):
    assert [name for name, _ in pulled(found(**fields))] == ["docker.io/x/y:1"]


@pytest.mark.parametrize(
    ("artifact", "targets"),
    [
        ({"docker": {"buildArgs": {"V": "1"}}}, ["deploy/Dockerfile"]),
        ({"context": "app", "docker": {"dockerfile": "D", "buildArgs": {"V": "1"}}}, ["deploy/app/D"]),
        (
            {"context": "app", "docker": {"dockerfile": "x/D", "buildArgs": {"V": "1"}}},
            ["deploy/app/x/D", "deploy/x/D"],
        ),
        ({"context": "app", "kaniko": {"buildArgs": {"V": "1"}}}, ["deploy/app/Dockerfile"]),
        ({"context": "../..", "docker": {"buildArgs": {"V": "1"}}}, []),
        ({"custom": {"dependencies": {"dockerfile": {"path": "D", "buildArgs": {"V": "1"}}}}}, ["deploy/D"]),
    ],
)
def test_arguments_go_to_the_dockerfile(artifact, targets):
    assert built(**artifact).bindings == [(target, "dockerfile", {"V": "1"}) for target in targets]


def test_required_artifact_is_an_argument():
    result = built(requires=[{"image": "acme/base", "alias": "BASE"}])
    assert result.bindings == [("deploy/Dockerfile", "dockerfile", {"BASE": "acme/base"})]


def test_argument_from_the_environment_is_not_bound():
    assert built(docker={"buildArgs": {"V": "{{.V}}"}}).bindings == [("deploy/Dockerfile", "dockerfile", {})]


@pytest.mark.parametrize("action", ['{{default "x/y:1" .B}}', '{{ .B | default "x/y:1" }}'])
def test_default_of_a_template_counts(action):
    text = f"apiVersion: skaffold/v3\nverify: [{{container: {{image: '{action}'}}}}]\n"
    assert extracted("skaffold", text, "skaffold.yaml").pulled == ["docker.io/x/y:1"]


def test_variable_of_the_environment_is_told():
    assert [text for text, _ in built(buildpacks={"builder": "x:{{.B}}"}).unresolved] == ["x:{{.B}}"]


@pytest.mark.parametrize(
    ("release", "expected"),
    [
        ({"remoteChart": "oci://ghcr.io/a/b", "version": "1.2.3"}, [("ghcr.io/a/b:1.2.3", "chart")]),
        ({"remoteChart": "b", "repo": "https://charts.example"}, []),
        ({"setValues": {"a.image.repository": "x/y", "a.image.tag": "1"}}, [("docker.io/x/y:1", "workload")]),
        ({"setValues": {"image": {"repository": "x/y", "tag": "1"}}}, [("docker.io/x/y:1", "workload")]),
        ({"setValues": {"service.port": "80"}}, []),
        (
            {
                "setValueTemplates": {
                    "image.repository": "{{.IMAGE_REPO_app}}",
                    "image.tag": "{{.IMAGE_TAG_app}}",
                }
            },
            [],
        ),
        ({"overrides": {"web": {"image": "x/y:1"}}}, [("docker.io/x/y:1", "workload")]),
    ],
)
def test_release_of_helm(release, expected):
    result = released(**release)
    assert (pulled(result), result.unresolved) == (expected, [])


@pytest.mark.parametrize("key", ["artifactOverrides", "values"])
def test_value_that_stands_for_an_artifact_is_an_output(key):
    assert released(**{key: {"web": {"image": "acme/app"}}}).roles == [("docker.io/acme/app", "output")]


@pytest.mark.parametrize(
    "patch",
    [
        {"op": "replace", "path": "/build/artifacts/0/jib/fromImage", "value": "x/y:2"},
        {"op": "add", "path": "/build/artifacts/-", "value": {"image": "b", "jib": {"fromImage": "x/y:2"}}},
        {"path": "/build/artifacts/0", "value": {"image": "b", "jib": {"fromImage": "x/y:2"}}},
        {"op": "add", "path": "/verify", "value": [{"container": {"image": "x/y:2"}}]},
    ],
)
def test_patch_puts_a_value_in_its_place(patch):
    artifact = {"image": "acme/app", "jib": {"fromImage": "x/y:1"}}
    result = found(build={"artifacts": [artifact]}, profiles=[{"name": "p", "patches": [patch]}])
    assert [name for name, _ in pulled(result)] == ["docker.io/x/y:1", "docker.io/x/y:2"]


@pytest.mark.parametrize(
    "patch",
    [
        {"op": "remove", "path": "/build/artifacts/0"},
        {"op": "replace", "path": "", "value": "x"},
        {"op": "add", "path": "/" + "a/" * 100, "value": "x"},
        {"op": "replace", "path": "/build/artifacts/99999999999999999999", "value": "x"},
        "x",
    ],
)
def test_patch_that_gives_nothing_changes_nothing(patch):
    result = found(build={"artifacts": [{"image": "acme/app"}]}, profiles=[{"patches": [patch]}])
    assert result.roles == [("docker.io/acme/app", "output")]


def test_patched_argument_is_another_use_of_the_dockerfile():
    artifact = {"image": "acme/app", "docker": {"buildArgs": {"V": "1"}}}
    patch = {"op": "replace", "path": "/build/artifacts/0/docker/buildArgs/V", "value": "2"}
    result = found(build={"artifacts": [artifact]}, profiles=[{"patches": [patch]}])
    assert [variables["V"] for _, _, variables in result.bindings] == ["1", "2"]


@given(st.lists(st.sampled_from(TOKENS)).map("".join))
def test_any_text_is_read(text):
    for item in extract(SourceFile("skaffold.yaml", text), {}):
        assert not isinstance(item, Candidate) or 0 <= item.start <= len(text)


def test_file_of_any_name_is_told_by_its_version():
    text = "apiVersion: skaffold/v4beta6\nkind: Config\nverify: [{name: a, container: {image: x/y:1}}]\n"
    assert extracted("skaffold", text, "samples/verify.yaml").pulled == ["docker.io/x/y:1"]


def test_file_of_another_kind_tells_nothing():
    assert extracted("skaffold", "a: {b: 1\nfromImage: x/skaffold/v:1\n", "a.yaml").items == ()
