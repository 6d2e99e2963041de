"""Drone: steps, services, plugins, and pipelines that are computed."""

import pytest
from extracted import extracted


def drone(text, path=".drone.yml"):
    return extracted("drone", text, path)


def plugin(image, **settings):
    pairs = ", ".join(f"{key}: {value}" for key, value in settings.items())
    return drone(f"kind: pipeline\nsteps: [{{name: a, image: {image}, settings: {{{pairs}}}}}]\n")


def test_image_of_a_service_is_a_service():
    text = "kind: pipeline\nsteps: [{image: 'golang:1'}]\nservices: [{image: 'redis:7'}]\n"
    assert drone(text).roles == [
        ("docker.io/library/golang:1", "step"),
        ("docker.io/library/redis:7", "service"),
    ]


@pytest.mark.parametrize("kind", ["secret", "signature", "template", "cron"])
def test_other_kinds_have_no_steps(kind):
    assert drone(f"kind: {kind}\nsteps: [{{image: a}}]\n").pulled == []


def test_every_document_is_a_pipeline():
    text = "steps: [{image: a}]\n---\nkind: pipeline\nsteps: [{image: b}]\n"
    assert drone(text).pulled == ["docker.io/library/a", "docker.io/library/b"]


def test_default_of_a_variable_counts():
    assert drone("steps: [{image: 'a:${TAG:-1}'}]\n").pulled == ["docker.io/library/a:1"]


def test_variable_without_a_default_is_not_known():
    assert drone("steps: [{image: 'a:${DRONE_TAG}'}]\n").unresolved == [
        ("a:${DRONE_TAG}", "DRONE_TAG is known only when the pipeline runs")
    ]


def test_doubled_dollar_is_left_to_the_shell():
    text = "steps: [{image: a, environment: {V: '3'}, commands: ['docker pull alpine:$${V}']}]\n"
    assert drone(text).pulled == ["docker.io/library/a", "docker.io/library/alpine:3"]


def test_pipeline_without_images_may_name_some_in_commands():
    text = "kind: pipeline\ntype: exec\nsteps: [{commands: [docker pull redis]}]\n"
    assert drone(text).pulled == ["docker.io/library/redis"]


@pytest.mark.parametrize(
    ("image", "settings", "output"),
    [
        ("plugins/docker", {"repo": "acme/app"}, "docker.io/acme/app"),
        ("plugins/docker", {"repo": "ghcr.io/acme/app", "registry": "ghcr.io"}, "ghcr.io/acme/app"),
        ("plugins/gcr", {"repo": "acme/app"}, "gcr.io/acme/app"),
        ("plugins/kaniko", {"repo": "acme/app", "registry": "hub.acme.example"}, "hub.acme.example/acme/app"),
        ("plugins/ecr:20", {"repo": "app"}, "app"),
    ],
)
def test_plugin_that_builds_pushes_to_its_repository(image, settings, output):
    assert plugin(image, **settings).outputs == [output]


@pytest.mark.parametrize("image", ["plugins/github-release", "docker.io/acme/notify", "plugins/slack"])
def test_repository_of_another_plugin_is_no_image(image):
    assert plugin(image, repo="acme/app").outputs == []


def test_cache_of_a_plugin_is_pulled():
    found = plugin("plugins/docker", cache_from="['acme/base:1,acme/base:2', 'type=registry,ref=acme/c']")
    assert found.roles[1:] == [
        ("docker.io/acme/base:1", "cache"),
        ("docker.io/acme/base:2", "cache"),
        ("docker.io/acme/c", "cache"),
    ]


def test_arguments_of_a_plugin_reach_the_dockerfile():
    found = plugin("plugins/docker", context="web", build_args="[A=1, B]")
    assert found.bindings == [("web/Dockerfile", "dockerfile", {"A": "1"})]


def test_matrix_of_old_files_gives_every_image():
    text = "pipeline: {a: {image: 'go:${V}'}}\nmatrix: {V: ['1.0', '2']}\n"
    assert drone(text).pulled == ["docker.io/library/go:1.0", "docker.io/library/go:2"]


def test_matrix_that_is_too_large_is_told():
    numbers = list(range(50))
    steps = "".join(f"- {{image: 'a{number}:${{V}}'}}\n" for number in range(60))
    found = drone(f"matrix: {{V: {numbers}}}\nsteps:\n{steps}")
    assert [text for text, _ in found.unresolved] == ["matrix"]


def test_jsonnet_names_images_in_its_objects():
    text = "local v = '1'; { steps: [{ image: 'go:' + v }], services: [{ image: 'redis:7' }] }"
    assert drone(text, ".drone.jsonnet").roles == [
        ("docker.io/library/go:1", "step"),
        ("docker.io/library/redis:7", "service"),
    ]


def test_starlark_names_images_in_its_dictionaries():
    text = 'def main(ctx):\n  return {"steps": [{"image": "a", "commands": ["docker pull b"]}]}\n'
    assert drone(text, ".drone.star").pulled == ["docker.io/library/a", "docker.io/library/b"]
