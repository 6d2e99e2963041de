"""Cirrus CI: containers, scripts, the matrix, and Dockerfiles as environments."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats._base import Candidate

PATH = ".cirrus.yml"


def read(text, path=PATH, **variables):
    return extracted("cirrus", text, path, **variables)


@pytest.mark.parametrize(
    "text",
    [
        "task: {container: {image: x:1}}",
        "test_task: {arm_container: {image: x:1}}",
        "task: {windows_container: {image: x:1}}",
        "task: {gke_container: {image: x:1, cluster_name: c}}",
        "task: {persistent_worker: {isolation: {container: {image: x:1}}}}",
        "container: {image: x:1}\ntask: {script: make}",
        "container: {image: x:1}",
        "pipe: {steps: [{image: x:1, script: make}]}",
        "env: {V: 1}\ntask: {container: {image: 'x:$V'}}",
        "task: {env: {V: 1}, container: {image: 'x:${V}'}}",
        "task: &t {container: {image: x:1}}\nb_task: {<<: *t}",
    ],
)
def test_image(text):
    assert read(text).roles == [("docker.io/library/x:1", "step")]


def test_additional_container_is_a_service():
    text = "task: {container: {image: x:1, additional_containers: [{name: a, image: y:1}]}}"
    assert read(text).roles == [("docker.io/library/x:1", "step"), ("docker.io/library/y:1", "service")]


@pytest.mark.parametrize(
    "text",
    [
        "task: {macos_instance: {image: 'ghcr.io/cirruslabs/macos-sonoma-base:latest'}}",
        "task: {gce_instance: {image_project: p, image: family/docker-builder}}",
        "task: {compute_engine_instance: {image: family/docker-builder}}",
        "task: {freebsd_instance: {image_family: freebsd-14-0}}",
        "container: {cpu: 4}",
    ],
)
def test_no_image(text):
    assert read(text).found == []


@pytest.mark.parametrize(
    "text",
    [
        "task: {container: {matrix: [{image: x:1}, {image: x:2}]}}",
        "task: {container: {matrix: {image: x:1, image: x:2}}}",
        "task: {container: {image: {matrix: [x:1, x:2]}}}",
        "task: {matrix: [{container: {image: x:1}}, {container: {image: x:2}}]}",
        "task: {env: {matrix: [{V: 1}, {V: 2}]}, container: {image: 'x:$V'}}",
        "task: {env: {matrix: {V: 1, V: 2}}, container: {image: 'x:$V'}}",
        "task: {matrix: [{env: {V: 1}}, {env: {V: 2}}], container: {image: 'x:$V'}}",
        "task: {container: {image: 'x:$V'}, matrix: [{name: a, env: {matrix: [{V: 1}, {V: 2}]}}]}",
    ],
)
def test_matrix(text):
    assert read(text).pulled == ["docker.io/library/x:1", "docker.io/library/x:2"]


def test_variables_of_one_item_of_a_matrix_belong_together():
    text = "task: {env: {matrix: [{I: a, V: 1}, {I: b, V: 2}]}, container: {image: '$I:$V'}}"
    assert read(text).pulled == ["docker.io/library/a:1", "docker.io/library/b:2"]


def test_image_of_the_file_is_not_for_a_task_in_a_machine():
    text = (
        "container: {image: 'x:$V'}\na_task: {env: {V: 1}}\nb_task: {env: {V: 2}, macos_instance: {image: m}}"
    )
    assert read(text).pulled == ["docker.io/library/x:1"]


@pytest.mark.parametrize(
    "text",
    [
        "task: {script: docker pull x:1}",
        "task: {build_script: [make, docker pull x:1]}",
        "docker_builder: {build_script: docker pull x:1}",
        "push_docker_builder: {script: docker pull x:1}",
        "task: {always: {clean_script: docker pull x:1}}",
        "task: {image_cache: {populate_script: docker pull x:1}}",
        "task: {env: {V: 1}, script: docker pull x:$V}",
    ],
)
def test_script(text):
    assert read(text).roles == [("docker.io/library/x:1", "script")]


def test_secret_is_not_known():
    text = "env: {R: 'ENCRYPTED[abc]'}\ntask: {container: {image: $R/x:1}}"
    assert [spelled for spelled, _ in read(text).unresolved] == ["$R/x:1"]


def test_dockerfile_is_given_its_arguments():
    container = "{dockerfile: ci/Dockerfile, docker_arguments: {V: $V}}"
    text = f"task: {{env: {{matrix: [{{V: 1}}, {{V: 2}}]}}, container: {container}}}"
    assert read(text).bindings == [("ci/Dockerfile", "dockerfile", {"V": tag}) for tag in "12"]


def test_section_that_holds_itself_ends():
    assert read("task: &t {always: *t, matrix: [*t], script: docker pull x:1}").pulled == [
        "docker.io/library/x:1"
    ]


_PARTS = st.sampled_from(
    ["task:\n", "  container: ", "{image: ", "x:1", "}", "  env: ", "matrix: ", "[", "]", "$V", "${V}",
     "  script: ", "docker run ", "\n", "&a ", "*a", "dockerfile: ", "é", "\udc80"]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(_PARTS).map("".join) | st.text())
def test_any_text_is_read_and_pieces_stand_where_they_say(text):
    for item in read(text).items:
        assert not isinstance(item, Candidate) or 0 <= item.start <= len(text)
