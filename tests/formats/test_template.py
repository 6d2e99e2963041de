"""Template actions are covered so that what is around them is plain YAML."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats._template import mask, without_tags


@pytest.mark.parametrize(
    "text", ["a: b\n", "${{ matrix.x }}", "a: ${X}", "{{", "{% x", "a }} b", "key: # @x"]
)
def test_text_without_actions_stays(text):
    assert mask(text) is text or mask(text) == text


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("image: {{ .x }}", "image: xxxxxxxx"),
        ('image: "nginx:{{ .x }}"', 'image: "nginx:xxxxxxxx"'),
        ("{a: {{ .x }}}", "{a: xxxxxxxx}"),
        ("a: <%= x %>", "a: xxxxxxxx"),
        ("a: {{ `{{ y }}` }}b", "a: xxxxxxxxxxxxxxxb"),
        ('a: {{ "}}" }}b', "a: xxxxxxxxxxb"),
        ("image: #@ data.x", "image: xxxxxxxxx"),
        ("a: b:1{{ if .x }}-c{{ end }}\nd: 1", "a: b:1           -cxxxxxxxxx\nd: 1"),
        ("a: {{ if .x }}{{ .x }}{{ else }}y{{ end }}", "a: " + "x" * 19 + " " * 10 + "y" + "x" * 9),
    ],
)
def test_an_action_that_gives_a_value_becomes_text(text, covered):
    assert mask(text) == covered


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("a: {{- if .x }}b{{ end }}", "a:             b         "),
        ("a: {{- toYaml .x | nindent 4 }}", "a:" + " " * 29),
        ("a: b {# c #}", "a: b        "),
        ("a: {{/* b }} */}}c", "a:               c"),
    ],
)
def test_an_action_that_only_controls_becomes_spaces(text, covered):
    assert mask(text) == covered


@pytest.mark.parametrize(
    "line", ["{{- if .x }}", "  {{ include 'x' . }}", "{% if x %} {% else %}", "\t<% x %>  "]
)
def test_actions_alone_on_a_line_leave_it_empty(line):
    assert mask(f"a: b\n{line}\nc: d\n") == "a: b\n" + "\n" * len(line) + "\nc: d\n"


@pytest.mark.parametrize(
    ("line", "covered"),
    [
        ("  {{ if .x }}a.b/c: d{{ end }}", "  &xxxxxxxxx a.b/c: d" + " " * 9),
        ("{{- if .x }} a:", "&xxxxxxxxxxx a:"),
        ("{% if x %}a: b{% endif %}", "&xxxxxxxx a: b" + " " * 11),
        ("{{ if .x }}- a: b{{ end }}", " " * 11 + "- a: b" + " " * 9),
        (
            "  {{ if .x }}http{{ else }}https{{ end }}://a",
            "  " + "x" * 11 + "http" + " " * 10 + "https" + " " * 9 + "://a",
        ),
        ("- a: {{ with .b }}{{ . }}/{{ end }}c", "- a: " + "x" * 13 + "x" * 7 + "/" + " " * 9 + "c"),
    ],
)
def test_key_behind_a_condition_stays_as_far_to_the_left_as_the_condition(line, covered):
    assert mask(line) == covered


@pytest.mark.parametrize("empty", ["[]", "{}"])
def test_branch_that_is_an_empty_collection_leaves_the_other_branch_whole(empty):
    text = f"a:\n{{{{- if .x }}}}\n  - b\n{{{{- else }}}}\n  {empty}\n{{{{- end }}}}\n"
    assert mask(text).split() == ["a:", "-", "b"]


def test_an_action_alone_is_kept_where_it_is_the_text_of_a_block():
    assert mask("a: >-\n  {{ .x }}\n") == "a: >-\n  xxxxxxxx\n"


def test_an_action_over_several_lines_becomes_one_line():
    assert mask('a: {{ b\n  "c" }}\n') == "a: xxxxxxxxxxxxx\n"


_PIECES = st.sampled_from(
    [
        "{{",
        "}}",
        "{%",
        "%}",
        "{#",
        "#}",
        "<%",
        "%>",
        "/*",
        "*/",
        "if",
        "`",
        '"',
        "\n",
        " ",
        "a",
        "#@ ",
        ":",
        "$",
    ]
)


@given(st.lists(_PIECES, max_size=30))
@settings(max_examples=200, deadline=None)
def test_a_mask_is_as_long_as_the_text(pieces):
    text = "".join(pieces)
    assert len(mask(text)) == len(text)


def test_an_action_that_is_no_further_to_the_right_than_its_key_is_moved_there_by_another():
    text = "a:\n  b: |\n{{ include .x | indent 4 }}\n  c: d\n"
    assert mask(text) == "a:\n  b: |\n" + "\n" * 27 + "\n  c: d\n"


@pytest.mark.parametrize(
    ("script", "covered"),
    [
        ("{% if x %}\nrun a\n{% endif %}\n", "          \nrun a\n           \n"),
        (
            "run \\\n{% if x %}\n -v y \\\n{% endif %}\n image",
            "run \\\n         \\\n -v y \\\n          \\\n image",
        ),
        ("run {% if x %}-v y{% endif %} image", "run           -v y            image"),
        ("run a:{% if x %}1{% else %}2{% endif %}-b", "run a:{% if x %}1{% else %}2{% endif %}-b"),
        ("run {{ image }} <%= image %>", "run {{ image }} <%= image %>"),
        ("run \\\n\nnext {# x #}", "run \\\n\nnext        "),
    ],
)
def test_tags_that_stand_by_themselves_are_white_space_to_a_script(script, covered):
    assert without_tags(script) == covered


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("%{ if x ~}\na: 1\n%{ else }\nb: 2\n%{ endif ~}\n", "a: 1\nb: 2\n"),
        ("%{~ for x in [1, 2] ~}\na: 1\n%{~ endfor ~}\n", "a: 1\n"),
        ("a: '%{http_code}'\n", "a: '%{http_code}'\n"),
    ],
)
def test_directives_of_terraform_are_no_part_of_yaml(text, covered):
    masked = mask(text)
    assert len(masked) == len(text)
    assert [line for line in masked.splitlines() if line] == covered.splitlines()
