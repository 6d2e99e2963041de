"""Chef: the images of resources in recipes."""

import pytest
from extracted import extracted
from hypothesis import given
from hypothesis import strategies as st

TOKENS = (
    "docker_image ",
    "docker_container ",
    "'a' ",
    "do\n",
    "repo ",
    "tag ",
    "'1'\n",
    "end\n",
    "action ",
    ":run\n",
)


def found(text, path="recipes/default.rb"):
    return extracted("chef", text, path)


def resource(kind, *lines, name="'nginx'"):
    return f"{kind} {name} do\n" + "".join(f"  {line}\n" for line in lines) + "end\n"


@pytest.mark.parametrize(("kind", "role"), [("docker_image", "script"), ("docker_container", "workload")])
def test_name_of_a_resource_is_its_repository(kind, role):
    assert found(resource(kind, "tag '1'")).roles == [("docker.io/library/nginx:1", role)]


def test_resource_may_have_no_block():
    assert found("docker_image 'nginx'\n").pulled == ["docker.io/library/nginx"]


def test_repo_wins_over_the_name():
    text = resource("docker_container", "repo 'ghcr.io/a/b'", "tag '1'", name="'web'")
    assert found(text).pulled == ["ghcr.io/a/b:1"]


def test_variable_is_filled_in():
    text = "version = '1'\n" + resource("docker_image", "tag version")
    assert found(text).pulled == ["docker.io/library/nginx:1"]


def test_attribute_of_a_node_is_unresolved():
    assert len(found(resource("docker_image", "tag node['tag']")).unresolved) == 1


@pytest.mark.parametrize("action", ["build", "build_if_missing", "push"])
def test_what_is_built_is_an_output(action):
    assert found(resource("docker_image", f"action :{action}")).outputs == ["docker.io/library/nginx"]


@pytest.mark.parametrize("action", [":remove", "[:stop, :delete]"])
def test_what_is_removed_is_not_pulled(action):
    assert found(resource("docker_container", f"action {action}")).items == ()


def test_comment_and_service_name_nothing():
    assert found("# docker_image 'a'\n" + resource("docker_service", "action :create")).items == ()


@pytest.mark.parametrize("name", ["node['web']", "name"])
def test_name_of_a_resource_may_be_an_expression(name):
    assert found(resource("docker_container", "repo 'a/b'", name=name)).pulled == ["docker.io/a/b"]


def test_service_of_a_swarm_is_a_workload():
    text = resource("docker_swarm_service", "image 'a/b:1'", name="'web'")
    assert found(text).roles == [("docker.io/a/b:1", "workload")]


@given(st.lists(st.sampled_from(TOKENS), max_size=30))
def test_any_text_is_read(parts):
    text = "".join(parts)
    assert all(0 <= item.start <= len(text) for item in found(text).items)
