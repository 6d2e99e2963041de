"""Harness: steps, services, artifacts and builds."""

import pytest
from extracted import extracted


def harness(text):
    return extracted("harness", text, ".harness/pipeline.yaml")


@pytest.mark.parametrize(("kind", "role"), [("Run", "step"), ("Plugin", "step"), ("Background", "service")])
def test_image_of_a_step(kind, role):
    text = f"step: {{type: {kind}, spec: {{connectorRef: c, image: 'a/b:1'}}}}\n"
    assert harness(text).roles == [("docker.io/a/b:1", role)]


def test_variable_of_the_pipeline_is_filled_in():
    text = (
        "pipeline: {variables: [{name: V, value: '3'}], "
        "steps: [{type: Run, spec: {connectorRef: c, image: 'a:<+pipeline.variables.V>'}}]}\n"
    )
    assert harness(text).pulled == ["docker.io/library/a:3"]


def test_axis_of_a_matrix_has_every_value():
    text = "strategy: {matrix: {go: ['1', '2']}}\nstep: {spec: {connectorRef: c, image: 'go:<+matrix.go>'}}\n"
    assert harness(text).pulled == ["docker.io/library/go:1", "docker.io/library/go:2"]


def test_default_of_an_input_counts():
    text = "step: {spec: {connectorRef: c, image: 'a:<+input>.default(\"1\")'}}\n"
    assert harness(text).pulled == ["docker.io/library/a:1"]


def test_input_is_not_known():
    text = "step: {spec: {connectorRef: c, image: <+input>}}\n"
    assert harness(text).unresolved == [("<+input>", "<+input> is known only when the pipeline runs")]


def test_artifact_is_put_together():
    text = "primary: {spec: {connectorRef: c, imagePath: library/nginx, tag: '1.27'}}\n"
    assert harness(text).roles == [("docker.io/library/nginx:1.27", "workload")]


def test_build_pushes_and_gives_arguments():
    text = (
        "step: {type: BuildAndPushDockerRegistry, spec: {connectorRef: c, repo: a/b, tags: [x], "
        "dockerfile: d/Dockerfile, buildArgs: {V: '1'}}}\n"
    )
    assert harness(text).outputs == ["docker.io/a/b"]
    assert harness(text).bindings == [("d/Dockerfile", "dockerfile", {"V": "1"})]
