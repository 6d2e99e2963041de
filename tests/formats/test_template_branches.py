"""Branches and defaults of templates inside a value, one fact a test."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.formats._base import Candidate
from planner.formats._template_branches import MOST, alternatives
from planner.model.inventory import Confidence, Role
from planner.model.source import Text
from planner.scanning.catalog import chosen
from planner.scanning.reading import File, read


def candidate(value: str) -> Candidate:
    return Candidate(Text.at(7, value), Role.WORKLOAD, 7, value, problem="filled in when it is rendered")


def known(value: str) -> list[str]:
    return [str(each.value) for each in alternatives(candidate(value)) if not each.problem]


@pytest.mark.parametrize(
    "value",
    [
        "{{ if .Fips }}a/b:1{{ else }}c/d:2{{ end }}",
        "{{- if eq .Kind `x` -}}a/b:1{{- else -}}c/d:2{{- end -}}",
        "{% if fips %}a/b:1{% else %}c/d:2{% endif %}",
        "{%- if fips -%}a/b:1{%- else -%}c/d:2{%- endif -%}",
        "<% if @fips %>a/b:1<% else %>c/d:2<% end %>",
        '<%= @fips ? "a/b:1" : "c/d:2" %>',
        "{{ 'a/b:1' if fips else 'c/d:2' }}",
        "a/b:1{{ else }}c/d:2",  # a parser of YAML leaves what begins and ends a value
        "a/b:1{% else %}c/d:2{% endif %}",
    ],
)
def test_each_branch_of_a_condition_is_an_image(value):
    assert known(value) == ["a/b:1", "c/d:2"]


def test_a_branch_may_be_a_part_of_a_name():
    assert known("a/b:{{ if .New }}2{{ else }}1{{ end }}-x") == ["a/b:2-x", "a/b:1-x"]


def test_what_has_no_other_branch_may_be_nothing():
    assert known("a/b:1{{ if .Debug }}-debug{{ end }}") == ["a/b:1-debug", "a/b:1"]


def test_several_conditions_follow_each_other_or_lie_in_each_other():
    value = "{% if x %}a:1{% elif y %}b:{% if z %}2{% else %}3{% endif %}{% else %}c:4{% endif %}"
    assert known(value) == ["a:1", "b:2", "b:3", "c:4"]


@pytest.mark.parametrize(
    "value",
    [
        "{{ default `a/b:1` .Image }}",
        '{{ default "a/b:1" .Image | quote }}',
        '{{ .Image | default "a/b:1" }}',
        '{{ or .Image "a/b:1" }}',
        "{{ image | default('a/b:1') }}",
        "<%= @image || 'a/b:1' %>",
        '<%= ENV.fetch("IMAGE", "a/b:1") %>',
    ],
)
def test_the_default_of_an_expression_is_an_image(value):
    assert known(value) == ["a/b:1"]


def test_a_branch_that_is_not_known_hides_no_other():
    assert known("{{ if .Image }}{{ .Image }}{{ else }}a/b:1{{ end }}") == ["a/b:1"]


@pytest.mark.parametrize(
    "value",
    [
        "{{ .Image }}",
        "{{ image }}:{{ tag }}",
        "{{ if .Image }}{{ .Image }}{{ end }}:1",
        "a/b:{{ .Tag }}",
        "{{ image | default(other) }}",
        "{{ image | regex_replace('a', 'b') }}",
        '{{ eq .Image "a/b:1" }}',
        '<%= image == "a/b:1" %>',
        "{{ end }}",
        "{{ else }}",
    ],
)
def test_what_only_compares_or_asks_gives_no_image(value):
    assert [each for each in known(value) if each != ":1"] == []


def test_what_has_no_branches_stays_as_it_is():
    written = candidate("a/b:{{ .Tag }}")
    assert list(alternatives(written)) == [written]


def test_each_branch_says_where_it_stands_and_is_no_certainty():
    first, second = alternatives(candidate("{{ if .X }}a/b:1{{ else }}c/d:2{{ end }}"))
    assert (first.value.start, second.value.start) == (7 + 11, 7 + 26)
    assert first.start == second.start == 7
    assert first.confidence is Confidence.RESOLVED


def test_conditions_one_after_another_are_bounded():
    value = "{{ if .A }}a{{ else }}b{{ end }}" * 10
    assert len(list(alternatives(candidate(value)))) == MOST


@given(
    st.lists(
        st.sampled_from(["a:1", "{{ if .X }}", "{{ else }}", "{{ end }}", "{% else %}", '"', "<%", "{{"])
    )
)
def test_no_text_fails_and_every_piece_stands_where_it_says(pieces):
    text = "".join(pieces)
    for each in alternatives(Candidate(Text.at(0, text), Role.WORKLOAD, 0, text, problem="x")):
        for run in each.value.runs:
            assert run.start < 0 or text[run.start : run.start + len(run.text)] == run.text


def test_both_images_of_a_pod_are_found():
    image = "{{ if .X }}a/b:1{{ else }}c/d:2{{ end }}"
    text = f"apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: {image}\n"
    reading = read(File("pod.yaml", "pod.yaml"), text.encode(), ("kubernetes",), chosen())
    found = [each.found for each in reading.findings]
    assert [str(each.reference) for each in found] == ["docker.io/a/b:1", "docker.io/c/d:2"]
    for each in found:
        assert all(text[part.start : part.end] == part.text for part in each.fragments)
