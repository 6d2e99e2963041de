"""package.json and its like: which texts are scripts."""

import json

import pytest
from extracted import extracted


def found(content, path="package.json"):
    return extracted("package_json", json.dumps(content), path)


@pytest.mark.parametrize(
    "content",
    [
        {"scripts": {"a": "docker run x:1"}},
        {"scripts": {"a": ["ls", "docker run x:1"]}},
        {"scripts": {"a": 'docker run "x:1" && ls'}},
        {"config": {"i": "x:1"}, "scripts": {"a": "docker run $npm_package_config_i"}},
        {"version": "1", "scripts": {"a": "docker run x:$npm_package_version"}},
        {"scripts": {"a": 'concurrently "docker run x:1" "npm start"'}},
        {"husky": {"hooks": {"pre-push": "docker run x:1"}}},
        {"tasks": {"a": "docker run x:1"}},
        {"targets": {"a": {"options": {"command": "docker run x:1"}}}},
        {"targets": {"a": {"options": {"commands": ["ls", {"command": "docker run x:1"}]}}}},
    ],
)
def test_image_of_a_script(content):
    assert found(content).pulled == ["docker.io/library/x:1"]


@pytest.mark.parametrize(
    "content",
    [
        {"description": "docker run x"},
        {"dependencies": {"docker": "1"}},
        {"scripts": {"a": "docker rm -f x"}},
    ],
)
def test_no_image(content):
    assert found(content).items == ()


def test_places_are_true_behind_escapes():
    (occurrence,) = found({"scripts": {"a": 'docker run -e "A=\\"b" x:1'}}).occurrences
    assert [fragment.text for fragment in occurrence.fragments] == ["x", "1"]
