"""Bicep: containers, web apps, parameters, variables, modules."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats._base import Candidate
from planner.formats._patterns import matcher
from planner.formats.bicep import FORMAT, extract
from planner.model.source import SourceFile

TOKENS = (
    "param x string = 'a:1'\n", "var y = '${x}'\n", "var x = y\n", "image: ", "x", "y", "'a:1'", "'${", "}'",
    " ? ", " : ", "?? ", "(", ")", "{", "}", "\n", "module m './a.bicep' = {\n", "params: {\n",
    "linuxFxVersion: ", "'DOCKER|", "'", "format('{0}:{1}', ", ",", ".", "[", "]", "// c\n",
    "using './m.bicep'\n",
)  # fmt: skip


def found(text, path="infra/main.bicep", **given_):
    return extracted("bicep", text, path, **given_)


def field(expression, before="", **given_):
    text = f"{before}\nresource a 'Microsoft.App/containerApps@2024-03-01' = {{\n  image: {expression}\n}}\n"
    return found(text, **given_)


@pytest.mark.parametrize("path", ["main.bicep", "infra/app/web.bicep", "main.bicepparam"])
def test_path_that_is_read(path):
    assert matcher(FORMAT.patterns).search(path)


@pytest.mark.parametrize(
    ("expression", "before", "pulled"),
    [
        ("'nginx:1.27'", "", ["docker.io/library/nginx:1.27"]),
        ("'nginx:1.27' // the newest", "", ["docker.io/library/nginx:1.27"]),
        ("web", "param web string = 'nginx:1.27'", ["docker.io/library/nginx:1.27"]),
        ("web", "var web = 'nginx:${tag}'\nparam tag string = '1.27'", ["docker.io/library/nginx:1.27"]),
        ("format('{0}:{1}', 'nginx', tag)", "param tag string = '1.27'", ["docker.io/library/nginx:1.27"]),
        ("concat('nginx', ':1')", "", ["docker.io/library/nginx:1"]),
        ("toLower('nginx:1')", "", ["docker.io/library/nginx:1"]),
        ("x ? 'nginx:1' : 'caddy:2'", "", ["docker.io/library/nginx:1", "docker.io/library/caddy:2"]),
        ("!empty(x) ? 'nginx:1' : (y == 'z' ? 'caddy:2' : 'redis:7')", "",
         ["docker.io/library/nginx:1", "docker.io/library/caddy:2", "docker.io/library/redis:7"]),
        ("web ?? 'nginx:1'", "param web string", ["docker.io/library/nginx:1"]),
        ("empty(x) ? 'nginx:1' : '${acr.properties.loginServer}/x:1'", "", ["docker.io/library/nginx:1"]),
    ],
)  # fmt: skip
def test_image_of_a_container(expression, before, pulled):
    read = field(expression, before)
    assert (read.pulled, read.unresolved) == (pulled, [])


def test_objects_in_one_line():
    assert found(
        "containers: [ { name: 'a', image: 'nginx:1', x: 'y' }, { image: 'redis:7' } ]\n"
    ).pulled == [
        "docker.io/library/nginx:1",
        "docker.io/library/redis:7",
    ]


@pytest.mark.parametrize(
    "expression", ["web", "'${acr.properties.loginServer}/web:1'", "images['web']", "split(x, ',')[0]"]
)
def test_image_that_is_not_known_is_told(expression):
    (item,) = field(expression, "param web string").unresolved
    assert "known only when it is deployed" in item[1]


def test_parameter_that_is_given_wins():
    assert field("web", "param web string = 'nginx:1'", web="nginx:2").pulled == ["docker.io/library/nginx:2"]


@pytest.mark.parametrize(
    ("value", "pulled"),
    [
        ("'DOCKER|nginx:1.27'", ["docker.io/library/nginx:1.27"]),
        ("'DOCKER|${image}'", ["docker.io/acme/web:1"]),
        ("'NODE|22-lts'", []),
        ("stack", []),
    ],
)
def test_web_app(value, pulled):
    read = found(f"param image string = 'acme/web:1'\nsiteConfig: {{\n  linuxFxVersion: {value}\n}}\n")
    assert (read.pulled, read.unresolved) == (pulled, [])


def test_image_reference_of_a_machine_is_none():
    text = "imageReference: {\n  offer: 'ubuntu'\n}\nbootImage: 'ubuntu'\nosImage: osImage\n"
    assert (found(text).pulled, found(text).unresolved) == ([], [])


def test_modules_are_given_their_parameters():
    text = """
param tag string = '1'
module web './app/web.bicep' = {
  name: 'web'
  params: {
    image: 'acme/web:${tag}'
    env: [
      { name: 'A' }
    ]
    other: acr.id
  }
}
module none 'br/public:avm/res/web:1' = {
  params: {
    image: 'acme/none:1'
  }
}
"""
    assert found(text).bindings == [("infra/app/web.bicep", "bicep", {"image": "acme/web:1"})]


def test_file_of_parameters_is_for_the_file_it_uses():
    text = "using '../main.bicep'\nparam tag = '1.2'\nparam secret = getSecret('x')\n"
    assert found(text, "infra/env/main.bicepparam").bindings == [
        ("infra/main.bicep", "bicep", {"tag": "1.2"})
    ]


@given(st.lists(st.sampled_from(TOKENS), max_size=30))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_and_every_place_is_true(parts):
    source = SourceFile("main.bicep", "".join(parts))
    for item in extract(source, {}):
        if isinstance(item, Candidate):
            for run in item.value.runs:
                assert run.start < 0 or source.text[run.start : run.start + len(run.text)] == run.text
