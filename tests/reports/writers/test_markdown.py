import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from planner.model.plan import Plan
from reports.columns import TEXT
from reports.report import Document, render
from reports.section import Report, Section
from reports.tables import frame
from reports.writers._base import Layout, visible
from reports.writers.markdown import LONGEST, LONGEST_CELL, OPEN_ROWS, WRITER


def written(*rows: tuple[str, ...], sections: int = 1) -> str:
    columns = dict.fromkeys("abcdefgh"[: len(rows[0])], TEXT)
    section = Section("s", "Section", "Lead.", frame(columns, rows))
    return WRITER.write(Report("Title", (section,) * sections, ()), Layout())


def shown(markdown: str) -> list[list[str]]:
    """Return the texts of the cells as a reader of the page sees them, raw HTML as it is."""
    rows: list[list[str]] = []
    for token in MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(markdown):
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline" and rows and token.level > 3:
            parts = [child.content for child in token.children or [] if child.content != "<!-- -->"]
            rows[-1].append("".join(parts))
    return rows[1:]


HOSTILE = [
    "a|b",
    "a\\|b",
    "`code`",
    "``a|`",
    "<script>alert(1)</script>",
    "</td></tr></table><img src=x onerror=alert(1)>",
    "<!-- comment",
    "&lt;b&gt;",
    "[click](https://example.com)",
    "![pixel](https://example.com/x.png)",
    "**bold** _it_ ~~gone~~",
    "ends with \\",
    "$PROJECT_ID and $TAG",
    "<details><summary>",
    "see https://evil.example/login now",
    "see www.evil.example now",
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_reader_sees_the_text_that_was_meant(hostile: str):
    assert shown(written((hostile, "end"))) == [[hostile, "end"]]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_tag_and_no_link_comes_from_a_text(hostile: str):
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(written((hostile, "end")))
    tags = set(re.findall(r"<(\w+)", html))
    assert tags <= {"h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "code"}


@settings(max_examples=150, deadline=None)
@given(st.text(min_size=1, max_size=30).filter(str.strip))
def test_any_text_stays_in_its_cell(text: str):
    assert shown(written((text, "end"))) == [[visible(text).strip(), "end"]]


def test_name_is_code():
    assert "| `docker.io/library/nginx:1.27@sha256:" in written(
        ("docker.io/library/nginx:1.27@sha256:" + "a" * 64,)
    )


@pytest.mark.parametrize("text", ["ask @octocat", "see #12"])
def test_nobody_is_told_and_nothing_linked(text: str):
    assert not re.search(r"[@#]\w", written((text,)))


def test_escape_sequence_and_newline_are_shown_as_they_would_be_written():
    assert "\\x1b" in shown(written(("\x1b[31m a\nb",)))[0][0]


def test_reference_of_300_characters_is_whole():
    name = "ghcr.io/" + "a" * 280 + ":1.27-alpine"
    assert f"`{name}`" in written((name,))


def test_long_prose_is_cut():
    assert len(shown(written(("a " * 2_000,)))[0][0]) <= LONGEST_CELL


def test_short_table_is_open():
    assert "<details>" not in written(*[("x",)] * OPEN_ROWS)


def test_long_table_is_folded():
    assert f"<details><summary>{OPEN_ROWS + 1} rows</summary>\n\n| a |" in written(
        *[("x",)] * (OPEN_ROWS + 1)
    )


def test_large_report_is_short_enough_and_says_what_is_left_out():
    output = written(*[(f"ghcr.io/acme/{number:05}:1",) for number in range(10_000)])
    rows = output.count("| `ghcr.io/")
    assert len(output) <= LONGEST
    assert (
        f"\n{10_000 - rows:,} of 10,000 rows left out: `--output-format csv --table s` writes all.\n"
        in output
    )


def test_large_report_uses_the_room_it_has():
    assert len(written(*[("x" * 50,)] * 5_000, sections=3)) > LONGEST * 0.95


def test_small_table_is_whole_beside_large_ones(plan: Plan):
    rows = frame({"a": TEXT}, [("x" * 50,)] * 5_000)
    large, small = (
        Section("l", "Large", "", rows),
        Section("s", "Small", "", frame({"a": TEXT}, [("kept",)] * 9)),
    )
    output = WRITER.write(Report("Title", (large, large, small, large), ()), Layout())
    assert output.count("| kept |") == 9
    assert len(output) <= LONGEST


@pytest.mark.parametrize(
    "text", ["see https://evil.example/login", "at www.evil.example, or WWW.evil.example"]
)
def test_no_text_becomes_a_link_by_itself(text: str):
    linked = re.compile(r"(?i)https?://|www\.")  # https://github.github.com/gfm/#autolinks-extension-
    assert linked.search(text)
    assert not linked.search(written((text,)))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(1, 300)), min_size=1, max_size=12),
    st.sampled_from("<@a|"),
    st.integers(1, 5_000),
)
def test_report_is_never_too_long(sizes: list[tuple[int, int]], character: str, prose: int):
    tables = [frame({"a": TEXT}, [(character * width,)] * count) for count, width in sizes]
    remarks = (character * prose,) * 40
    sections = tuple(Section("s", "S", character * prose, table, remarks=remarks) for table in tables)
    assert len(WRITER.write(Report(character * prose, sections, ()), Layout())) <= LONGEST


def test_nothing_is_left_out_of_small_documents(document: Document):
    assert "left out" not in render(document, "markdown")


def test_one_table_can_be_asked_for(plan: Plan):
    assert "### Transfers" in render(plan, "markdown", table="transfers")


def test_remarks_follow_their_table():
    section = Section("s", "S", "Lead.", frame({"a": TEXT}, [("x",)]), remarks=("a <b> was passed over",))
    assert WRITER.write(Report("T", (section,), ()), Layout()).endswith(
        "| x |\n\n- a &lt;b&gt; was passed over\n"
    )
