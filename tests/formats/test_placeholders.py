"""What is filled in later: known values are put in place, others are named."""

import pytest

from planner.formats._base import Candidate
from planner.formats._placeholders import settled
from planner.model.inventory import Confidence, Role
from planner.model.source import Text


def settle(value: str, **variables: str) -> Candidate:
    given = {name: Text.at(100, text, "other.yaml") for name, text in variables.items()}
    return settled(Candidate.of(Text.at(0, value), Role.WORKLOAD), given)


@pytest.mark.parametrize("value", ["nginx:1", "a@sha256:b", "x%y", "<name>"])
def test_a_literal_has_no_problem(value):
    assert settle(value).problem == ""


@pytest.mark.parametrize("value", ["nginx:${V}", "nginx:$V", "nginx:${V:-2}", "nginx:${{V}}"])
def test_a_known_variable_is_filled_in(value):
    assert str(settle(value, V="1").value) == "nginx:1"


def test_what_is_filled_in_stands_where_it_was_set():
    assert [(run.text, run.start, run.path) for run in settle("nginx:${V}", V="1").value.runs] == [
        ("nginx:", 0, ""),
        ("1", 100, "other.yaml"),
    ]


def test_what_is_filled_in_is_told():
    candidate = settle("nginx:${V}", V="1")
    assert (candidate.trail, candidate.confidence) == (("V=1",), Confidence.RESOLVED)


def test_a_default_counts_and_stands_in_the_text():
    candidate = settle("${IMAGE:-nginx:1}")
    assert ([(run.text, run.start) for run in candidate.value.runs], candidate.problem) == (
        [("nginx:1", 9)],
        "",
    )


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ("{{ .Values.image.tag }}", "image.tag is a value of the chart"),
        ("{{inputs.parameters.img}}", "parameter img"),
        ("$(params.img)", "parameter img"),
        ("nginx:${V}", "V is not set"),
        ("nginx:$V", "V is not set"),
        ("<%= image %>", "<%= image %> is filled in"),
        ("#@ data.values.x", "#@ data.values.x is filled in"),
        ("{{ image }}", "{{ image }} is filled in"),
    ],
)
def test_what_is_missing_is_named(value, named):
    assert named in settle(value).problem


def test_a_problem_leaves_the_spelling():
    assert settle("nginx:{{ .x }}").spelled == "nginx:{{ .x }}"
