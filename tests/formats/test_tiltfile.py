"""Tilt: what a Tiltfile builds, deploys and runs."""

import pytest
from extracted import extracted
from hypothesis import given
from hypothesis import strategies as st

TOKENS = (
    "docker_build(",
    "'a/b:1'", ", ", "cache_from=", "[", "]", "{", "}", ")", '"""', "k8s_yaml(blob(", "\nkind: Pod\n",
    "local(",
    "'docker pull a'", ".format(", " % ", "\n", "x = ", "dockerfile_contents=", "build_args=", "'A': 'b'",
    "def f(x):", "#", "\\", "helm_remote(", "'oci://a/b'",
)  # fmt: skip


def tiltfile(text):
    return extracted("tiltfile", text, "Tiltfile")


@pytest.mark.parametrize(
    "text",
    [
        "docker_build('a/b:1', '.')",
        "docker_build(ref='a/b:1', context='.')",
        "name = 'a/b:1'\ndocker_build(name, '.')",
        "docker_build_with_restart('a/b:1', '.', '/x')",
        "custom_build('a/b:1', 'make', deps=['.'])",
    ],
)
def test_what_is_built_is_an_output(text):
    assert tiltfile(text).roles == [("docker.io/a/b:1", "output")]


@pytest.mark.parametrize("value", ["'a/b:1'", "['a/b:1']"])
def test_cache(value):
    assert tiltfile(f"docker_build('x', '.', cache_from={value})").pulled == ["docker.io/a/b:1"]


@pytest.mark.parametrize(
    "text",
    [
        "local('docker pull a/b:1')",
        "local(['docker', 'pull', 'a/b:1'])",
        "local_resource('x', cmd='docker pull a/b:1')",
        "local_resource('x', 'make', serve_cmd='docker run a/b:1')",
        "tag = '1'\nlocal_resource('x', 'docker pull a/b:%s' % tag)",
        "k8s_custom_deploy('x', apply_cmd='docker pull a/b:1', delete_cmd='', deps=[])",
    ],
)
def test_commands_are_read(text):
    assert tiltfile(text).roles == [("docker.io/a/b:1", "script")]


@pytest.mark.parametrize("text", ["deployment_create('x', 'a/b:1')", "job_create('x', image='a/b:1')"])
def test_image_of_a_deployment(text):
    assert tiltfile(text).roles == [("docker.io/a/b:1", "workload")]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("k8s_yaml(blob('''\nkind: Pod\n'''))", "kubernetes"),
        ("docker_build('x', '.', dockerfile_contents='FROM a')", "dockerfile"),
        ("docker_compose(blob('services: {}'))", "compose"),
    ],
)
def test_files_in_strings_are_left_to_their_formats(text, name):
    assert [item.formats for item in tiltfile(text).embedded] == [(name,)]


@pytest.mark.parametrize("end", ["image: {}\n''' .format(x)", "image: %s\n''' % x", "image: %s\n''' % (x,)"])
def test_strings_are_filled_in(end):
    found = tiltfile(f"x = 'a/b:1'\nk8s_yaml(blob('''\nkind: Pod\n{end}))")
    assert "image: a/b:1" in str(found.embedded[0].text)


@pytest.mark.parametrize(
    ("text", "chart"),
    [
        ("helm_resource('x', 'oci://r.io/a/b')", "r.io/a/b"),
        ("helm_remote('b', repo_url='oci://r.io/a', version='1.2')", "r.io/a/b:1.2"),
    ],
)
def test_chart_of_a_registry(text, chart):
    assert tiltfile(text).roles == [(chart, "chart")]


def test_arguments_of_a_dockerfile_are_given_to_it():
    found = tiltfile("docker_build('x', 'a', dockerfile='a/b.Dockerfile', build_args={'V': '1'})")
    assert found.bindings == [("a/b.Dockerfile", "dockerfile", {"V": "1"})]


@pytest.mark.parametrize(
    "text",
    [
        "# docker_build('a/b:1', '.')",
        "def build(name):\n    docker_build(name, '.')",
        "helm_resource('x', 'repo/chart')",
        "k8s_yaml('a/b.yaml')",
        "docker_compose('./docker-compose.yml')",
    ],
)
def test_text_that_names_no_image(text):
    assert (tiltfile(text).found, tiltfile(text).embedded) == ([], [])


@given(st.lists(st.sampled_from(TOKENS), max_size=40).map("".join))
def test_any_text_can_be_read(text):
    assert all(0 <= item.start <= len(text) for item in tiltfile(text).items if hasattr(item, "start"))


@pytest.mark.parametrize(
    "opener",
    [
        "docker_build(",
        "local('",
        "local([",
        '"""\nkind:',
        "'''\nkind: a\n''' % ",
        "docker_compose(blob('a'))\n",
    ],
)
def test_reading_a_hostile_text_ends(opener):
    tiltfile(opener * (200_000 // len(opener)))  # a reading whose time grows with the square never ends here
