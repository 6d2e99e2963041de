"""An empty `ARG` before the names of bases: given the prefix of all of them."""

import pytest
from rewritten import TARGET, centrally

BASES = "FROM ${R}acme/a:1 AS a\nFROM ${R}acme/b:1\n"


@pytest.mark.parametrize(
    ("empty", "filled"),
    [
        ("ARG R=", f"ARG R={TARGET}/"),
        ('ARG R=""  X=1', f'ARG R="{TARGET}/"  X=1'),
        ("ARG A=1 R=''", f"ARG A=1 R='{TARGET}/'"),
        ("ARG R", f"ARG R={TARGET}/"),
    ],
)
def test_prefix_goes_into_the_variable(tmp_path, empty, filled):
    found, used = centrally(tmp_path, {"Dockerfile": f"{empty}\r\n{BASES}"})
    assert (found, used) == ({"Dockerfile": f"{filled}\r\n{BASES}"}, [("empty_variable", 2)])


def test_official_images_have_a_prefix_of_their_own(tmp_path):
    text = "ARG R=\nFROM ${R}node:20 AS a\nFROM ${R}python:3\n"
    found, used = centrally(tmp_path, {"Dockerfile": text})
    assert (found["Dockerfile"], len(used)) == (text.replace("R=\n", f"R={TARGET}/library/\n"), 1)


@pytest.mark.parametrize("other", ["FROM ${R}node:20\n", "FROM ${R}ghcr.io/a/b:1\n"])
def test_bases_that_differ_are_edited_where_they_are(tmp_path, other):
    found, used = centrally(tmp_path, {"Dockerfile": f"ARG R=\n{BASES}{other}"})
    assert (found["Dockerfile"].splitlines()[0], used) == ("ARG R=", [])


def test_variable_that_a_build_sets_is_left(tmp_path):
    compose = "services: {a: {build: {context: ., args: {R: ''}}}}\n"
    found, used = centrally(tmp_path, {"Dockerfile": f"ARG R=\n{BASES}", "compose.yaml": compose})
    assert (found["Dockerfile"].splitlines()[0], used) == ("ARG R=", [])
