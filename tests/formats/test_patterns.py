"""Globs over paths: what they mean, and that no path makes one take long."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.formats._patterns import matcher

PARTS = ("a", "b", ".", "*", "**", "/", "**/", "?", "[ab]", "[!a]", "{a,b}")
GLOBS = st.lists(st.sampled_from(PARTS), min_size=1, max_size=7).map("".join)
NAMES = st.text("ab.", min_size=1, max_size=3)


def meant(glob, path):
    """Tell whether a glob means a path or the end of it, trying every way."""
    if choice := re.search(r"\{(.),(.)\}", glob):
        return any(
            meant(glob[: choice.start()] + one + glob[choice.end() :], path) for one in choice.groups()
        )
    ends = [path, *(path[index + 1 :] for index, sign in enumerate(path) if sign == "/")]
    return any(_fits(glob, end) for end in ends)


def _fits(glob, text, border=True):
    if not glob:
        return not text
    rests = (text[index:] for index in range(len(text) + 1))
    if glob.startswith("**/") and border:
        return _fits(glob[3:], text) or any(_fits(glob[3:], rest[1:]) for rest in rests if rest[:1] == "/")
    if glob.startswith("**"):
        return any(_fits(glob[2:], rest, border=False) for rest in rests)
    if glob.startswith("*"):
        return any(_fits(glob[1:], text[size:], border=False) for size in range(len(text.split("/")[0]) + 1))
    token = re.match(r"\[.*?\]|.", glob)[0]
    fits = text and (
        text[0] == token
        if len(token) == 1 and token != "?"
        else text[0] != "/" and re.match(_one(token), text)
    )
    return bool(fits) and _fits(glob[len(token) :], text[1:], border=token == "/")


def _one(token):
    return "." if token == "?" else token.replace("[!", "[^")


@given(glob=GLOBS, path=st.lists(NAMES, min_size=1, max_size=4).map("/".join))
def test_glob_means_the_end_of_a_path(glob, path):
    assert bool(matcher((glob,)).search(path)) == meant(glob, path)


@pytest.mark.parametrize(
    ("glob", "path"),
    [
        ("*a" * 30 + "b", "a" * 250),
        ("**/*a*/" * 30 + "b", "aaa/" * 1000),
        ("a**" * 12 + "b", "a/a" * 1000),
        ("**/x*/**/y*/**/x*y*x*z", "x/y/xyxyx/" * 400),
        ("**/" * 1000 + "b", "a/" * 2000),
    ],
)
def test_hostile_path_is_soon_told_from_what_a_glob_means(glob, path):
    assert not matcher((glob,)).search(path)  # with a way back at each `*`, this never ends
