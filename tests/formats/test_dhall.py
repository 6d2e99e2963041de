"""Dhall: fields of records that hold images."""

import pytest
from extracted import extracted


def read(text):
    return extracted("dhall", text, "a.dhall")


@pytest.mark.parametrize(
    "text",
    [
        '{ image = "redis:7" }',
        '{ name = "a", image = Some "redis:7", pull = True }',
        'let tag = "7" in { image = "redis:${tag}" }',
        '{ image = Some ("redis:" ++ "7") }',
        'let image = "redis:7" in { name = "a" }',
        'let image = "redis:7" let name = "a" in { name = name }',
    ],
)
def test_image_of_a_field(text):
    assert read(text).roles == [("docker.io/library/redis:7", "workload")]


@pytest.mark.parametrize(
    "text",
    [
        '-- image = "redis:7"',
        '{- image = "redis:7" -}',
        "{ image : Text }",
        "{ x = ''\n  image = \"redis:7\"\n  '' }",
        '{ labels = { image = "redis:7" } }',
        "{ image = ./image.dhall }",
    ],
)
def test_what_is_no_image(text):
    found = read(text)
    assert (found.pulled, found.unresolved) == ([], [])
