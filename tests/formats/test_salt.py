"""Salt: the images of states."""

import pytest
from extracted import extracted
from hypothesis import given
from hypothesis import strategies as st

TOKENS = (
    "a:\n",
    "  docker_container.running:\n",
    "    - image: ",
    "nginx:1\n",
    "{{ ",
    "x",
    " }}",
    "{% set x = '1' %}\n",
)


def found(text, path="a.sls"):
    return extracted("salt", text, path)


def running(image, before=""):
    return f"{before}web:\n  docker_container.running:\n    - image: {image}\n"


@pytest.mark.parametrize("module", ["docker_container.running", "docker_container.run", "docker.running"])
def test_container_is_a_workload(module):
    text = f"web:\n  {module}:\n    - image: a/b:1\n"
    assert found(text).roles == [("docker.io/a/b:1", "workload")]


def test_function_may_stand_among_the_arguments():
    text = "web:\n  docker_container:\n    - running\n    - image: a/b:1\n"
    assert found(text).pulled == ["docker.io/a/b:1"]


@pytest.mark.parametrize(
    ("arguments", "pulled"),
    [
        ("- name: a/b\n    - tag: '1'", ["docker.io/a/b:1"]),
        ("- tag: '1'", ["docker.io/library/nginx:1"]),
        ("- force: True", ["docker.io/library/nginx"]),
    ],
)
def test_image_is_named_by_its_state_or_its_name(arguments, pulled):
    assert found(f"nginx:\n  docker_image.present:\n    {arguments}\n").pulled == pulled


def test_built_image_is_an_output():
    text = "a/b:\n  docker_image.present:\n    - build: /x\n    - tag: '1'\n"
    assert found(text).outputs == ["docker.io/a/b:1"]


def test_absent_container_is_not_pulled():
    assert found("web:\n  docker_container.absent:\n    - image: a/b:1\n").items == ()


@pytest.mark.parametrize(
    ("image", "before"),
    [
        ("a/b:{{ tag }}", "{% set tag = '1' %}\n"),
        ("a/b:{{ salt['pillar.get']('b:tag', '1') }}", ""),
        ("a/b:{{ pillar.get('tag', '1') }}", ""),
    ],
)
def test_jinja_is_filled_in(image, before):
    assert found(running(image, before)).pulled == ["docker.io/a/b:1"]


def test_pillar_without_a_default_is_unresolved():
    assert len(found(running("a/b:{{ pillar['tag'] }}")).unresolved) == 1


def test_other_states_name_no_images():
    assert found("docker:\n  pkg.installed:\n    - image: a/b:1\n").items == ()


@pytest.mark.parametrize(
    "text", ["x:\n  cmd.run:\n    - name: docker pull a/b:1\n", "docker pull a/b:1:\n  cmd.run\n"]
)
def test_command_is_read(text):
    assert found(text).roles == [("docker.io/a/b:1", "script")]


def test_variable_has_the_default_of_its_pillar():
    before = "{% set tag = salt['pillar.get']('b:tag', '1') %}\n"
    assert found(running("a/b:{{ tag }}", before)).pulled == ["docker.io/a/b:1"]


@given(st.lists(st.sampled_from(TOKENS), max_size=30))
def test_any_text_is_read(parts):
    text = "".join(parts)
    assert all(0 <= item.start <= len(text) for item in found(text).items)
