import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.model.source import SourceFile
from planner.rewriting.edits import Edit, apply_edits
from planner.rewriting.patch import patch, quoted


def edit(start, text, new):
    return Edit("a", start, start + len(text), new, text)


def diff(text, *edits, path="a"):
    return b"".join(patch(SourceFile(path, text), edits)).decode("utf-8", "surrogateescape")


def test_hunk_has_three_lines_around():
    text = "".join(f"{number}\n" for number in range(10))
    assert diff(text, edit(10, "5", "five")) == (
        "diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -3,7 +3,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n"
    )


def test_inserted_line_leaves_the_one_before_it_alone():
    assert "-a\n" not in diff("a\nb\n", edit(1, "", "\nnew"))


def test_nothing_is_printed_where_nothing_changes():
    assert diff("a\n", edit(0, "a", "a")) == ""


def test_missing_end_of_the_last_line_is_told():
    assert diff("a", edit(0, "a", "b")).endswith(
        "-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n"
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (b"a/b c", b"a/b c"),
        (b'a/"', b'"a/\\""'),
        (b"a/\\", b'"a/\\\\"'),
        (b"a/\n\t\x01", b'"a/\\n\\t\\001"'),
        (b"a/\xe9", b'"a/\\351"'),
    ],
)
def test_path_is_written_as_git_writes_it(name, said):
    assert quoted(name) == said


PATHS = [
    "plain",
    "with space",
    "-rf",
    "--output=x",
    'quo"te',
    "new\nline",
    "tab\t",
    "caf\udce9",
    "é",
    "a/b c/d",
    "'",
    "\\",
    "$(x)",
]


@pytest.mark.parametrize("path", PATHS)
def test_git_applies_it_whatever_the_path(tmp_path, path):
    text = "FROM a\r\nFROM b"
    file = tmp_path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())
    made = edit(5, "a", "R/a"), edit(13, "b", "R/b")
    subprocess.run(
        ["git", "apply", "-"], input=b"".join(patch(SourceFile(path, text), made)), cwd=tmp_path, check=True
    )
    assert file.read_bytes() == apply_edits(text, made).encode()


def test_git_keeps_the_mode(tmp_path):
    (tmp_path / "a").write_text("x\n")
    (tmp_path / "a").chmod(0o755)
    subprocess.run(
        ["git", "apply", "-"],
        input=b"".join(patch(SourceFile("a", "x\n"), [edit(0, "x", "y")])),
        cwd=tmp_path,
        check=True,
    )
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o755


@st.composite
def edited(draw):
    lines = draw(st.lists(st.text("ab \r", max_size=3), min_size=1, max_size=40))
    text = draw(st.sampled_from(["\n", "\r\n"])).join(lines) + draw(st.sampled_from(["", "\n"]))
    places = sorted(draw(st.sets(st.integers(0, len(text)), max_size=5)))
    made = []
    for place, after in zip(places, [*places[1:], len(text)], strict=False):
        length = draw(st.integers(0, min(2, after - place)))
        made.append(edit(place, text[place : place + length], draw(st.text("xyz\n", max_size=4))))
    return text, made


@given(edited())
def test_git_makes_the_same_of_it(tmp_path_factory, given_):
    text, made = given_
    content = b"".join(patch(SourceFile("a", text), made))
    expected = apply_edits(text, made)
    assert bool(content) == (expected != text)
    if content:
        folder = tmp_path_factory.mktemp("patch")
        (folder / "a").write_bytes(text.encode())
        subprocess.run(["git", "apply", "--whitespace=nowarn", "-"], input=content, cwd=folder, check=True)
        there = (folder / "a").read_bytes() if (folder / "a").exists() else b""
        assert there == expected.encode()
