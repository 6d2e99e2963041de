"""Ignore rules outside git: what git says they are, and what no text of them can cost."""

import re
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.sources._ignore import MOST, MOST_WILD, Ignore, Said
from planner.sources.worktree import entries

PATHS = ("a", "b", "ab/a", "ab/b", "ab/c/a.b", "ab/c/abc", "abc/a/ab/b", "a.b/a", "b.a/ab/ab/ab", "aab/b/a")
SIGNS = (
    "a",
    "b",
    "c",
    "*",
    "**",
    "***",
    "/",
    "?",
    ".",
    "[ab]",
    "[!a]",
    "[]a]",
    "[a-b]",
    "!",
    "#",
    " ",
    "**/",
    "/**",
)
# Git compares what stands before the first wildcard by itself and so takes the asterisks of `a**/b` for those
# of a leading `**/`; its documentation calls them regular asterisks, as they are elsewhere.
ASTERISKS_OF_GIT_ALONE = re.compile(r"!?[^*?\[]*[^*?\[/]\*\*")
RULE = st.lists(st.sampled_from(SIGNS), min_size=1, max_size=5).map("".join)
RULES = st.lists(RULE.filter(lambda rule: not ASTERISKS_OF_GIT_ALONE.match(rule)), min_size=1, max_size=4)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Return two folders with the same files, the second a git work tree."""
    plain, work_tree = tmp_path_factory.mktemp("plain"), tmp_path_factory.mktemp("work_tree")
    subprocess.run(["git", "init", "--quiet", str(work_tree)], check=True)
    for root in (plain, work_tree):
        for path in PATHS:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).touch()
    return plain, work_tree


@settings(deadline=None, max_examples=60)
@given(rules=RULES, below=st.sampled_from(["", "ab", "abc/a"]), end=st.sampled_from(["\n", "\r\n", "/\n"]))
def test_rules_mean_what_git_takes_them_for(folders, rules, below, end):
    for root in folders:
        (root / below / ".gitignore").write_text(end.join([*rules, ""]), newline="")
    plain, work_tree = ([entry.path for entry in entries(root)] for root in folders)
    for root in folders:
        (root / below / ".gitignore").unlink()
    assert plain == work_tree


@pytest.mark.parametrize(
    ("text", "ignored"),
    [
        ("x", True),
        ("\\x", True),
        ("x  ", True),
        ("x\\ ", False),
        ("\ufeffx", True),
        ("x\n!x", False),
        ("x/", False),
        ("**/x", True),
        ("a/x", False),
        ("\\#x\nx\r\n", True),
        ("!", False),
        ("/", False),
    ],
)
def test_what_a_line_says_of_a_file(text, ignored):
    assert Ignore().told(Said.by(text)).excludes("x", folder=False) is ignored


@pytest.mark.parametrize(
    "text",
    [
        "*a" * 40 + "b",
        "/".join(["*a*a*a*b"] * 100),
        "**/a/" * 800 + "b",
        "**/*a*/" * 500 + "b",
        "[" * 1_000_000,
        "*" * 1_000_000,
        "\\" * 999_999,
        "*a*b\n" * 200_000,
    ],
)
def test_asking_hostile_rules_ends(text):
    rules = Ignore().told(Said.by(text))
    for _ in range(40):
        rules = rules.inside("a" * 100)
    assert not rules.excludes("a" * 250, folder=False)  # with a way back at each `*`, this never ends


def test_more_rules_than_anyone_writes_are_told_and_not_heeded():
    said = Said.by("".join(f"x{number}\n" for number in range(MOST + 1)))
    assert said.problem == "more than 5,000 rules: what follows is not heeded"
    rules = Ignore().told(said)
    assert rules.excludes(f"x{MOST - 1}", folder=False)
    assert not rules.excludes(f"x{MOST}", folder=False)


def test_rules_that_each_name_is_held_against_are_fewer():
    said = Said.by("".join(f"x*y*{number}\n" for number in range(MOST_WILD + 1)))
    assert said.problem == "more than 500 with several wildcards in a name: what follows is not heeded"


def test_a_scan_tells_which_rules_were_not_heeded(tmp_path):
    (tmp_path / ".gitignore").write_text("x\n" * (MOST + 1))
    assert [entry.problem for entry in entries(tmp_path) if entry.problem] == [
        "more than 5,000 rules: what follows is not heeded"
    ]
