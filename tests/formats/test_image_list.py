"""Lists of images: which files are one, and what their lines name."""

import pytest
from extracted import extracted

from planner.formats._patterns import matcher
from planner.formats.image_list import FORMAT


def found(text, path="images.txt"):
    return extracted("image_list", text, path).pulled


def test_each_line_names_an_image():
    assert found("a/b:1\nnginx:1.27\nquay.io/c/d@sha256:" + "a" * 64 + "\n") == [
        "docker.io/a/b:1",
        "docker.io/library/nginx:1.27",
        "quay.io/c/d@sha256:" + "a" * 64,
    ]


@pytest.mark.parametrize("line", ["# a/b:2", "", "   ", "\t# nothing"])
def test_remarks_and_blank_lines_name_none(line):
    assert found(f"a/b:1\n{line}\n") == ["docker.io/a/b:1"]


@pytest.mark.parametrize("line", ["a/b:1 other/name:1", "- a/b:1", "'a/b:1',", "a/b:1 # why", "  a/b:1\r"])
def test_first_word_of_a_line_is_the_image(line):
    assert found(f"{line}\n") == ["docker.io/a/b:1"]


def test_some_may_have_no_version():
    assert found("a/b:1\nc/d:2\ne/f:3\nbusybox\n")[-1] == "docker.io/library/busybox"


@pytest.mark.parametrize(
    "text",
    [
        "a/b\nc/d\n",  # folders
        "a/b:1\ntwo words of prose: here\n",
        "a/b:1\nImages/cat.png\n",
        "train/cat.png\nx:1\n",
        "pillow==10.0\nnumpy:1\n",
        "https://example.com/a.png\n",
        "key: value\n",
        "",
    ],
)
def test_other_texts_are_no_list(text):
    assert found(text) == []


def test_what_is_filled_in_is_told():
    assert extracted("image_list", "a/b:1\na/c:${V}\n", "images.txt").unresolved[0][0] == "a/c:${V}"


@pytest.mark.parametrize(
    "path", ["deploy/longhorn-images.txt", "images.list", "a/image-list", "rancher-images.txt"]
)
def test_names_of_files(path):
    assert matcher(FORMAT.patterns).search(path)
