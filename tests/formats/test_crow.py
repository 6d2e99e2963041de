"""Crow CI: files of its own in the syntax of Woodpecker."""

import pytest
from extracted import extracted

from planner.formats._patterns import matcher
from planner.formats.crow import FORMAT


@pytest.mark.parametrize("path", [".crow.yml", ".crow.yaml", ".crow/build.yaml", "a/.crow/b/c.yml"])
def test_path_that_is_read(path):
    assert matcher(FORMAT.patterns).search(path)


def test_matrix_gives_every_image():
    text = "matrix: {V: ['1', '2']}\nsteps: {a: {image: 'php:${V}'}}\nservices: {b: {image: redis}}\n"
    assert extracted("crow", text, ".crow.yml").pulled == [
        "docker.io/library/php:1",
        "docker.io/library/php:2",
        "docker.io/library/redis",
    ]
