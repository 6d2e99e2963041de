"""Batch files: variables, loops, conditions and lines that go on."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st


def found(text):
    return extracted("batch", text, "run.bat")


@pytest.mark.parametrize(
    "text",
    [
        "docker run x:1",
        "@docker.exe run --rm ^\r\n  -it ^\r\n  x:1 sh\r\n",
        "set I=x:1\ndocker pull %I%",
        'set "I=x:1"\ndocker pull "%i%"',
        "set V=1\nset I=x:%V%\ndocker pull !I!",
        "call docker pull x:1",
        'start "" docker run x:1',
        "cmd /c docker run x:1",
        "if exist a docker run x:1",
        'if not "%A%"=="b" docker run x:1',
        "if errorlevel 1 (\n  docker run x:1\n)",
        "ls && docker run x:1 || exit /b 1",
        "for %%i in (x:1) do docker pull %%i",
    ],
)
def test_image_of_a_command(text):
    assert found(text).pulled == ["docker.io/library/x:1"]


def test_line_that_cmd_does_not_run_is_told():
    line = "docker pull x:1" + " ^\n -v a:b" * 2000
    items = found(f"{line}\ndocker pull y:1").items
    assert [item.problem for item in items] == [
        "",
        "line of 16015 characters is not read: cmd runs none longer than 8191",
    ]


def test_places_of_a_line_that_goes_on_very_often():
    text = "docker pull ^\n" + "^\n" * 2000 + "x:1"
    assert found(text).pulled == ["docker.io/library/x:1"]


@pytest.mark.parametrize(
    "text",
    ["rem docker run x", ":: docker run x", "@REM docker run x", "echo docker run x", "docker exec x ls"],
)
def test_no_image(text):
    assert found(text).items == ()


@pytest.mark.parametrize(
    ("text", "word"), [("%I%", "I is not set in run.bat"), ("%1", "known only when the file runs")]
)
def test_what_is_not_known_says_why(text, word):
    ((spelled, reason),) = found(f"docker pull {text}").unresolved
    assert spelled == text
    assert word in reason


def test_every_branch_counts():
    text = "if a==b (\n set I=x:1\n) else (\n set I=x:2\n)\ndocker pull %I%"
    assert found(text).pulled == ["docker.io/library/x:1", "docker.io/library/x:2"]


_PARTS = st.sampled_from(
    ["%A%", "%", "!A!", "^", "^\n", "\n", '"', "(", ")", "set A=", "docker run ", "x:1",
     "&", "if a==b ", "for %%i in (", ") do ", "%%i"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(_PARTS, max_size=30).map("".join))
def test_any_text_is_read(text):
    assert all(item.line >= 1 for item in found("docker run x\n" + text).found)
