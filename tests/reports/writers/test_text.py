import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.model.availability import Availabilities
from planner.model.plan import Plan
from reports.columns import TEXT
from reports.report import Document, render, render_all
from reports.section import Report, Section
from reports.tables import frame
from reports.writers._base import Layout
from reports.writers.text import SHOWN, WRITER


def written(*rows: tuple[str, ...], width: int = 80) -> str:
    columns = dict.fromkeys("abcdefgh"[: len(rows[0])], TEXT)
    return WRITER.write(
        Report("Title", (Section("s", "Section", "Lead.", frame(columns, rows)),), ()), Layout(width)
    )


def test_lines_fit_the_width(document: Document):
    assert max(map(len, render(document, "text", width=80).splitlines())) <= 80


def test_wider_terminal_shows_references_in_full(plan: Plan):
    assert "us-docker.pkg.dev/shop/docker-hub/library/nginx:1.27" in render(plan, "text", width=160)


def test_columns_start_where_their_header_does():
    lines = written(("x", "one"), ("longer", "two")).splitlines()
    assert [line[8:] for line in lines[-4:]] == ["b", "---", "one", "two"]


def test_numbers_end_where_their_header_does(plan: Plan):
    lines = render(plan, "text", table="waves").splitlines()
    assert {len(line) for line in lines if line} == {len(lines[0])}


def test_missing_number_is_empty(plan: Plan):
    assert "NA" not in render(plan, "text", table="actions")


def test_long_reference_loses_its_middle_and_keeps_its_tag():
    line = written(("registry.example.com/" + "a" * 300 + "/web:1.27-alpine",), width=40).splitlines()[-1]
    assert line.startswith("registry.…")
    assert line.endswith("/web:1.27-alpine")
    assert len(line) == 40


def test_long_digest_is_cut_before_a_name_is():
    line = written(("ghcr.io/acme/tool:2@sha256:" + "a" * 64,), width=45).splitlines()[-1]
    assert line == "ghcr.io/acme/tool:2@sha256:aaaaaaaaaaaa…"


def test_place_keeps_its_line():
    assert written(("a/" * 100 + "Dockerfile:123",), width=30).splitlines()[-1].endswith("Dockerfile:123")


def test_place_in_a_list_keeps_its_line():
    first, second = written(("a/" * 100 + "x:12, " + "b/" * 100 + "y:34",), width=30).splitlines()[-2:]
    assert (first[-5:], second[-4:]) == ("x:12,", "y:34")


def test_prose_is_wrapped_and_never_cut():
    text = "a variable has no default and can be set in an ARG before the first FROM"
    _, rule, *body = written((text, "x" * 200), width=40).splitlines()[4:]
    width = rule.index(" ")
    assert " ".join(line[:width].strip() for line in body) == text


@pytest.mark.parametrize(
    "hostile", ["\x1b[31mred", "a\nb", "a\rb", "\x07", "\x9b31m", "\u202egpj", "a\u2028b"]
)
def test_nothing_moves_the_cursor(hostile: str):
    lines = written((hostile, "end")).split("\n")
    assert len(lines) == 7 + 1
    assert hostile not in "\n".join(lines)


def test_escape_sequence_is_shown_as_it_would_be_written():
    assert "\\x1b[31mred" in written(("\x1b[31mred",))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.text(max_size=60), st.from_regex(r"[a-z/]{1,80}:[a-z0-9.]{1,20}", fullmatch=True)),
        min_size=1,
    ),
    st.integers(20, 120),
)
def test_every_tag_is_there_whatever_the_width(rows: list[tuple[str, str]], width: int):
    output = written(*rows, width=width)
    assert all(reference[reference.index(":") :] + "\n" in output for _, reference in rows)


def test_long_table_shows_its_first_rows_and_how_to_get_the_others():
    output = written(*[(f"row-{number}",) for number in range(SHOWN + 2)])
    assert f"row-{SHOWN - 1}\n" in output
    assert f"row-{SHOWN}\n" not in output
    assert output.endswith("\n2 more: --table s\n")


def test_table_that_is_asked_for_is_shown_whole():
    table = frame({"a": TEXT}, [(f"row-{number}",) for number in range(SHOWN + 2)])
    report = Report("Title", (Section("s", "Section", "Lead.", table),), ())
    assert f"row-{SHOWN + 1}\n" in WRITER.write(report, Layout(table="s"))


PAINT = re.compile(r"\x1b\[\d*m")


def test_colours_change_nothing_but_colours(document: Document):
    plain = render_all((document,), "text", Layout(80))
    assert PAINT.sub("", str(render_all((document,), "text", Layout(80, colour=True)))) == plain


def test_verdict_has_its_colour_and_keeps_its_word(availabilities: Availabilities):
    output = str(render_all((availabilities,), "text", Layout(80, colour=True)))
    assert "\x1b[32mcached-fresh\x1b[0m" in output
    assert "\x1b[1mVerdicts\x1b[0m: " in output


def test_colours_in_a_text_are_none_of_ours():
    table = frame({"a": TEXT}, [("\x1b[31mred",)])
    report = Report("T", (Section("s", "Section", "Lead.", table),), ())
    assert "\\x1b[31mred" in WRITER.write(report, Layout(colour=True))


def test_remarks_follow_their_table():
    section = Section("s", "S", "Lead.", frame({"a": TEXT}, [("x",)]), remarks=("\x1b was passed over",))
    assert WRITER.write(Report("T", (section,), ()), Layout()).endswith("\nx\n\n\\x1b was passed over\n")
