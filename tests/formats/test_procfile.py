"""Procfiles: commands of processes."""

import pytest
from extracted import extracted


def found(text, **given):
    return extracted("procfile", text, "Procfile", **given)


@pytest.mark.parametrize("text", ["db: docker run x:1", "web: ls\ndb:  exec docker run -p 1:1 x:1\n"])
def test_image_of_a_process(text):
    assert found(text).pulled == ["docker.io/library/x:1"]


@pytest.mark.parametrize("text", ["# db: docker run x", "web: docker logs x"])
def test_no_image(text):
    assert found(text).items == ()


def test_variables_of_the_environment_file_are_known():
    assert found("db: docker run x:$V", **{".env\nV": "1"}).pulled == ["docker.io/library/x:1"]
