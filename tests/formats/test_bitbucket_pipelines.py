"""Bitbucket Pipelines: images, services, pipes and scripts."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats._base import Candidate

PATH = "bitbucket-pipelines.yml"


def read(text, path=PATH, **variables):
    return extracted("bitbucket_pipelines", text, path, **variables)


def step(text):
    return f"pipelines: {{default: [{{step: {{{text}}}}}]}}"


@pytest.mark.parametrize(
    "text",
    [
        "image: x:1",
        "image: {name: x:1, username: $USER, password: $PASSWORD}",
        step("image: x:1"),
        step("image: {name: x:1, run-as-user: 1000}"),
        "pipelines: {default: [{parallel: [{step: {image: x:1}}]}]}",
        "pipelines: {default: [{parallel: {fail-fast: true, steps: [{step: {image: x:1}}]}}]}",
        "pipelines: {branches: {main: [{stage: {steps: [{step: {image: x:1}}]}}]}}",
        "pipelines: {pull-requests: {'**': [{step: {image: x:1}}]}}",
        "definitions: {steps: [{step: &s {image: x:1}}]}\npipelines: {default: [{step: *s}]}",
        "definitions: {base: &b {image: x:1}}\npipelines: {default: [{step: {<<: *b}}]}",
        step("script: [{pipe: 'docker://x:1'}]"),
    ],
)
def test_image(text):
    assert read(text).roles == [("docker.io/library/x:1", "step")]


def test_service():
    text = "definitions: {services: {db: {image: x:1}, docker: {memory: 3072}, y: {image: {name: y:1}}}}"
    assert read(text).roles == [("docker.io/library/x:1", "service"), ("docker.io/library/y:1", "service")]


@pytest.mark.parametrize(
    "text",
    [
        step("script: [{pipe: atlassian/aws-s3-deploy:1.6.0, variables: {S3_BUCKET: a/b}}]"),
        step("services: [docker], caches: [docker]"),
        "definitions: {caches: {image: x/y}}",
        "clone: {depth: full}",
        step("script: [{pipe: acme/scan:1, variables: {IMAGE_NAME: app}}]"),
    ],
)
def test_no_image(text):
    assert read(text).found == []


@pytest.mark.parametrize(
    ("pipe", "variable", "role"),
    [
        ("snyk/snyk-scan:1.0.0", "IMAGE_NAME", "script"),
        ("acme/run:1", "DOCKER_IMAGE", "script"),
        ("atlassian/aws-ecr-push-image:2.0.0", "IMAGE_NAME", "output"),
    ],
)
def test_image_that_a_pipe_is_given(pipe, variable, role):
    text = step(f"script: [{{pipe: {pipe}, variables: {{{variable}: acme/app:1}}}}]")
    assert read(text).roles == [("docker.io/acme/app:1", role)]


@pytest.mark.parametrize("key", ["script", "after-script"])
def test_script(key):
    assert read(step(f"{key}: [export I=x:1, docker pull $I]")).roles == [("docker.io/library/x:1", "script")]


def test_variable_that_is_chosen_has_its_default_and_what_is_allowed():
    text = (
        "pipelines: {custom: {c: [{variables: [{name: V, default: '1', allowed-values: ['1', '2']}]}, "
        "{step: {image: 'x:$V'}}]}}"
    )
    assert read(text).pulled == ["docker.io/library/x:1", "docker.io/library/x:2"]


def test_variable_of_the_repository_is_not_known():
    ((text, reason),) = read(step("image: $REGISTRY/x:1")).unresolved
    assert text == "$REGISTRY/x:1"
    assert reason.startswith("REGISTRY is not set in bitbucket-pipelines.yml")


def test_file_of_another_service_is_left_alone():
    assert read("image: x:1\njobs: [{job: a}]", "azure-pipelines.yml").found == []


def test_step_that_holds_itself_ends():
    assert read("pipelines: &p {default: [*p, {step: {image: x:1}}]}").pulled == ["docker.io/library/x:1"]


_PARTS = st.sampled_from(
    ["image: ", "pipelines:\n", "  default:\n", "  - step:\n", "      script: [", "docker run ", "x:1",
     "$V", "${V:-", "}", "]", "definitions: ", "{services: ", "pipe: docker://", "\n", "&a ", "*a",
     "é", "\udc80"]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(_PARTS).map("".join) | st.text())
def test_any_text_is_read_and_pieces_stand_where_they_say(text):
    for item in read(text).items:
        assert not isinstance(item, Candidate) or 0 <= item.start <= len(text)
