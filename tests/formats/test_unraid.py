"""Unraid: templates of containers."""

import pytest
from extracted import extracted


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<Repository>a/b:1</Repository>", ["docker.io/a/b:1"]),
        ("<Repository>\n  a/b:1\n</Repository>", ["docker.io/a/b:1"]),
        ("<Repository><![CDATA[a/b:1]]></Repository>", ["docker.io/a/b:1"]),
        ("<Repository/><Registry>c/d</Registry>", []),
        ("<Repository></Repository>", []),
        ("<!-- <Repository>a/b:1</Repository> -->", []),
    ],
)
def test_repository_of_a_container(text, expected):
    assert extracted("unraid", f'<Container version="2">{text}</Container>', "x.xml").pulled == expected
