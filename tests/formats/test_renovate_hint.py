"""Renovate: images that only a comment names."""

import pytest
from extracted import extracted
from hypothesis import given
from hypothesis import strategies as st

TOKENS = (
    "# renovate: ",
    "datasource=docker ",
    "depName=",
    "a/b ",
    "X",
    "=",
    "1.27",
    "\n",
    '"',
    "registryUrl=",
    "https://",
)


def found(text, path="versions.sh"):
    return extracted("renovate_hint", text, path)


@pytest.mark.parametrize(
    "line",
    ["X=1.27", 'export X="1.27"', 'version: "1.27"', "X ?= 1.27", 'const x = "1.27"', "X := '1.27' # why"],
)
def test_version_under_a_comment(line):
    text = f"# renovate: datasource=docker depName=nginx\n{line}\n"
    assert found(text).roles == [("docker.io/library/nginx:1.27", "implicit")]


def test_version_beside_a_comment():
    assert found("X=1.27 # renovate: datasource=docker depName=nginx\n").pulled == [
        "docker.io/library/nginx:1.27"
    ]


@pytest.mark.parametrize("key", ["packageName", "lookupName"])
def test_name_of_the_package_wins(key):
    text = f"# renovate: datasource=docker depName=nginx {key}=ghcr.io/a/b\nX=1\n"
    assert found(text).pulled == ["ghcr.io/a/b:1"]


def test_registry_stands_before_the_name():
    text = "# renovate: datasource=docker depName=a/b registryUrl=https://quay.io/\nX=1\n"
    assert found(text).pulled == ["quay.io/a/b:1"]


@pytest.mark.parametrize(
    "use", ["docker run a/b:$X", 'image: "a/b"', "docker pull docker.io/a/b:$X", "FROM a/b:$X"]
)
def test_image_that_the_file_names_elsewhere_is_not_told_twice(use):
    assert found(f"# renovate: datasource=docker depName=a/b\nX=1\n{use}\n").items == ()


@pytest.mark.parametrize(
    "text",
    [
        "# renovate: datasource=github-tags depName=a/b\nX=1\n",
        "# renovate: datasource=docker\nX=1\n",
        "# renovate: datasource=docker depName=a/b\n",
    ],
)
def test_comment_that_names_no_image(text):
    assert found(text).items == ()


def test_place_is_that_of_the_version():
    text = "# renovate: datasource=docker depName=a/b\nX=1.27\n"
    (item,) = found(text).items
    assert text[item.start :] == "1.27\n"


@pytest.mark.parametrize(
    ("name", "use"),
    [("nginx", "FROM ${R}/nginx:$X"), ("ghcr.io/a/b", "FROM $R/a/b:$X"), ("ghcr.io/a/b", "repository: a/b")],
)
def test_registry_may_stand_elsewhere(name, use):
    assert found(f"# renovate: datasource=docker depName={name}\nX=1\n{use}\n").items == ()


def test_version_that_the_comment_does_not_allow_is_of_something_else():
    comment = "# renovate: datasource=docker depName=golang allowedVersions=/^1\\.26\\..+/"
    assert found(f"{comment}\nRUBY=4.0.6\n").pulled == []
    assert found(f"{comment}\nGO=1.26.5\n").pulled == ["docker.io/library/golang:1.26.5"]


@pytest.mark.parametrize("allowed", ["<2", "/(a+)+$/", "/[/", "!/rc/"])
def test_other_rules_for_versions_are_not_judged(allowed):
    comment = f"# renovate: datasource=docker depName=golang allowedVersions={allowed}"
    assert found(f"{comment}\nGO=1.26\n").pulled == ["docker.io/library/golang:1.26"]


@pytest.mark.parametrize("path", ["mise.toml", ".mise.toml", "a/mise.local.toml", ".tool-versions"])
def test_versions_of_tools_pull_no_image(path):
    assert found("# renovate: datasource=docker depName=golang\ngolang = '1.26'\n", path).pulled == []


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("a/plugin", "a/plugin:1.2"),
        ("a/plugin", "docker.io/a/plugin:1.2"),
        ("docker.io/a/plugin", "a/plugin:1.2"),
        ("ghcr.io/a/plugin", f"ghcr.io/a/plugin:1.2@sha256:{'0' * 64}"),
    ],
)
def test_image_that_is_spelled_below_the_comment(name, spelled):
    text = f'// renovate: datasource=docker depName={name}\nDefaultPlugin = "{spelled}"\n'
    (item,) = found(text, "constants.go").occurrences
    assert (item.text, item.role, item.confidence) == (spelled, "workload", "heuristic")


@given(st.lists(st.sampled_from(TOKENS), max_size=30))
def test_any_text_is_read(parts):
    text = "".join(parts)
    assert all(0 <= item.start <= len(text) for item in found(text).items)
