"""Annotations and the summary of a job, as GitHub's runner and page take them."""

import re

import pytest
from gated import UNRESOLVED, finding, found, rendered, site
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from planner.model.finding import Level, Region, Site
from reports.writers.github import LARGEST, MOST, command, job_summary

COMMAND = re.compile(r"::(?P<name>[a-z0-9-]+)(?: (?P<properties>.*?))?::(?P<data>.*)")
PROPERTY = {"%3A": ":", "%2C": ",", "%0D": "\r", "%0A": "\n", "%25": "%"}
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def obeyed(log):
    """Yield what a runner makes of a log: commands with their properties, and lines that are only shown.

    https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
    """
    stopped = ""
    for line in log.splitlines():
        match = COMMAND.match(line.lstrip())
        if stopped:
            if match and match["name"] == stopped:
                stopped = ""
            else:
                yield "", {}, line
        elif match and match["name"] == "stop-commands":
            stopped = match["data"]
        elif match:
            pairs = (pair.split("=", 1) for pair in (match["properties"] or "").split(",") if pair)
            yield match["name"], {key: _plain(value) for key, value in pairs}, _plain(match["data"])
        else:
            yield ("##[" if "##[" in line else ""), {}, line
    assert not stopped


def _plain(text):
    for code, char in PROPERTY.items():
        text = text.replace(code, char)
    return text


def log(*each, **more):
    return [*obeyed(rendered("github", found(*each, **more)))]


def test_annotation_is_at_the_place_of_a_finding():
    ((name, properties, data),) = log(finding())
    assert (name, data) == ("error", "it is wrong; write X")
    assert properties == {
        "file": "web/Dockerfile",
        "line": "3",
        "col": "6",
        "endLine": "3",
        "endColumn": "11",
        "title": "Image that is not moved",
    }


def test_doubt_is_a_warning():
    each = finding(criterion=UNRESOLVED, level=Level.WARNING, site=Site("a", "a", Region(4)))
    ((name, properties, _),) = log(each, criteria=(UNRESOLVED,))
    assert (name, properties["line"], "col" in properties) == ("warning", "4", False)


def test_as_many_as_github_takes_are_annotated_all():
    assert len(log(*map(finding, range(MOST)))) == MOST


def test_of_more_the_last_annotation_tells_how_many_and_the_log_has_them():
    lines = log(*map(finding, range(MOST + 5)))
    annotations = [each for each in lines if each[0] == "error"]
    assert len(annotations) == MOST
    assert annotations[-1][2] == "6 more are not shown here: see the log and the summary of the job"
    assert len([each for each in lines if not each[0]]) == 6


def test_errors_and_warnings_have_room_each():
    doubts = [finding(number, level=Level.WARNING) for number in range(3)]
    names = [name for name, _, _ in log(*map(finding, range(MOST)), *doubts)]
    assert (names.count("error"), names.count("warning")) == (MOST, 3)


@given(st.lists(st.tuples(st.text(), st.binary(min_size=1)), min_size=1, max_size=15))
def test_whatever_a_message_and_a_path_hold_the_runner_obeys_nothing_else(pairs):
    each = [
        finding(
            number, message=message, site=site(path.replace(b"\0", b"").decode("utf-8", "surrogateescape"))
        )
        for number, (message, path) in enumerate(pairs)
    ]
    lines = log(*each)
    assert {name for name, _, _ in lines} <= {"", "error"}
    assert len(lines) == len(pairs) + (len(pairs) > MOST)


@pytest.mark.parametrize(
    "path", ["::add-mask::x", "a\n::set-env name=A::b", "##[add-mask]x", "::stop-commands::x"]
)
def test_line_of_the_log_that_looks_like_a_command_is_not_obeyed(path):
    lines = log(*map(finding, range(MOST)), *(finding(n, site=site(path)) for n in range(3)))
    assert {name for name, _, _ in lines} == {"", "error"}


@given(st.dictionaries(st.sampled_from(["file", "title"]), st.text(max_size=20)), st.text())
def test_command_is_one_line_that_reads_back(properties, message):
    said = command("error", properties, message)
    assert len(said.splitlines()) == 1
    ((name, back, data),) = obeyed(said)
    assert name == "error"
    assert back.keys() == properties.keys()
    if not UNSEEN.search(message) and message.isascii() and message.strip() == message:
        assert data == message


def rows(markdown):
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(markdown)
    return sum(token.type == "tr_open" for token in tokens) - 1


def test_summary_of_a_job_is_a_table():
    text = job_summary(found(finding()))
    assert text.startswith("### hub2ar: 1 finding: 1 docker-hub\n")
    assert rows(text) == 1


def test_summary_of_nothing_says_so():
    assert job_summary(found(known=3, compared=True)) == (
        "### hub2ar: no findings (3 places in the baseline passed over)\n\n\n"
    )


def test_summary_is_no_larger_than_github_takes():
    many = found(*(finding(number, message="x" * 1000) for number in range(3000)))
    text = job_summary(many)
    assert len(text.encode()) <= LARGEST
    assert re.search(r"\n[\d,]+ of 3,000 rows left out\.\n$", text)


def test_summary_keeps_to_the_room_that_is_left():
    each = found(finding(1), finding(2))
    assert job_summary(each, 10) == ""
    assert "1 of 2 rows left out" in job_summary(each, 330)


@given(st.text())
def test_summary_has_a_row_for_each_finding_whatever_it_says(text):
    shown = job_summary(found(finding(message=text, subject=text)))
    assert rows(shown) == 1
    assert "<script" not in shown
