"""Templates of charts: read with the values of their chart."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats import _manifest
from planner.formats._base import NOTHING, Candidate, Given
from planner.formats._chart_branches import Places
from planner.formats._patterns import matcher
from planner.formats.helm_template import FORMAT, extract, settle
from planner.model.inventory import Confidence
from planner.model.source import SourceFile, Text

PATH = "shop/templates/x.yaml"
HELM = "{{- /* */}}{{ $x := .Values.y }}\n"  # makes a text one of Helm's


def candidates(text: str, given: Given = NOTHING) -> list[Candidate]:
    return list(extract(SourceFile(PATH, HELM + text), given))


def pod(container: str) -> str:
    return f"apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: x\n    {container}\n"


@pytest.mark.parametrize(
    "path", ["a/templates/x.yaml", "templates/b/x.yml", "a/templates/_x.tpl", "a/templates/NOTES.txt"]
)
def test_names_of_files(path):
    assert matcher(FORMAT.patterns).search(path)


def test_image_of_a_template():
    assert [str(item.value) for item in candidates(pod("image: nginx:1.27"))] == ["nginx:1.27"]


@pytest.mark.parametrize(("path", "text"), [("a/b/x.yaml", HELM), (PATH, ""), (PATH, "{{ jinja }}\n")])
def test_what_helm_does_not_render_is_left_to_kubernetes(path, text):
    text += pod("image: nginx:1.27")
    found = [extracted(name, text, path).pulled for name in ("helm_template", "kubernetes")]
    assert found == [[], ["docker.io/library/nginx:1.27"]]


def test_kubernetes_leaves_templates_alone():
    assert extracted("kubernetes", HELM + pod("image: nginx"), PATH).pulled == []


HELPERS = """{{- define "shop.pod" -}}
containers:
  - name: wait
    image: busybox:1.36
  - name: web
    image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
  - name: other
    image: {{ .image }}
{{- end }}
"""


def test_helper_files_hold_parts_of_objects():
    found = extracted("helm_template", HELPERS, "a/templates/_pod.tpl")
    assert (found.pulled, [text for text, _ in found.unresolved]) == (
        ["docker.io/library/busybox:1.36"],
        ["{{ .Values.image.repository }}:{{ .Values.image.tag }}"],
    )


def test_a_variable_of_a_helper_tells_what_its_image_is():
    text = '{{ $name := .Values.image.repository }}\n- image: "{{ $name }}:1"\n'
    found = list(extract(SourceFile("shop/templates/_pod.tpl", text), CHART_VALUES))
    assert [(str(item.value), item.problem) for item in found] == [("a/b:1", "")]


def test_remarks_of_helper_files_are_no_images():
    text = "{{/* Usage:\n  image: {{ .Values.image }}\n  image: redis:7\n*/}}\n" + HELPERS
    found = extracted("helm_template", text, "a/templates/_pod.tpl")
    assert found.pulled == ["docker.io/library/busybox:1.36"]


def test_registry_that_may_be_set_before_a_name():
    given = {
        ".Values.mirror": Text.at(8, "", "values.yaml"),
        ".Values.web.repository": Text.at(30, "acme/web", "values.yaml"),
        ".Values.web.tag": Text.at(50, "1", "values.yaml"),
    }
    image = (
        "image: {{ with .Values.mirror }}{{ . }}/{{ end }}{{ .Values.web.repository }}:{{ .Values.web.tag }}"
    )
    assert [str(item.value) for item in candidates(pod(image), given)] == ["acme/web:1"]


def test_commands_in_notes_are_documentation():
    text = "{{ .Release.Name }} is there, try\n\n  kubectl run x --image nginx:1 -- sh\n"
    assert extracted("helm_template", text, "a/templates/NOTES.txt").roles == [
        ("docker.io/library/nginx:1", "documentation")
    ]


# Templates of charts

CHART_VALUES = {
    ".Values.image.repository": Text.at(20, "a/b", "values.yaml"),
    ".Values.image.tag": Text.at(30, "1", "values.yaml"),
    ".Values.image.digest": Text(),
}


def test_values_of_a_chart_are_filled_in():
    [candidate] = candidates(
        pod('image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"'), CHART_VALUES
    )
    assert (str(candidate.value), candidate.confidence, candidate.problem) == (
        "a/b:1",
        Confidence.RESOLVED,
        "",
    )


def test_values_reach_an_object_in_a_string():
    inner = pod("image: a:{{ .Values.image.tag }}").replace("\n", "\n    ")
    [candidate] = candidates(f"apiVersion: v1\nkind: ConfigMap\ndata:\n  p: |\n    {inner}\n", CHART_VALUES)
    assert (str(candidate.value), candidate.problem) == ("a:1", "")


def test_what_a_ruled_out_branch_lacks_is_no_problem():
    text = pod("{{ if .Values.image.digest }}\n    image: a@{{ .Values.image.digest }}\n    {{ end }}")
    assert candidates(text, CHART_VALUES) == []


def test_name_without_the_tag_that_another_branch_gives_it_is_no_image():
    text = pod(
        "{{ if .Values.image.tag }}\n    image: a:{{ .Values.image.tag }}\n    {{ else }}\n"
        "    image: a/{{ .Values.image.repository }}\n    {{ end }}"
    )
    assert [str(item.value) for item in candidates(text, CHART_VALUES)] == ["a:1"]


@pytest.mark.parametrize("value", ["true", "{{ .Values.image.tag }}", '{{ ternary "a" "b" true }}'])
def test_a_variable_that_turns_out_to_name_no_image_is_none(value):
    assert candidates(pod(f"env: [{{name: SKIP_IMAGE, value: '{value}'}}]"), CHART_VALUES) == []


@pytest.mark.parametrize("value", ["{{ .Values.image.tag }}", "{{ .Values.web.tag }}", "nginx", "${V}"])
def test_settling_what_was_read_without_values_gives_what_reading_with_them_gives(value):
    source = SourceFile(PATH, HELM + pod(f"image: 'a:{value}'"))
    read = [item for item in extract(source, NOTHING) if isinstance(item, Candidate)]
    places = Places(source.text, CHART_VALUES)
    assert [each for item in read for each in settle(item, places)] == list(extract(source, CHART_VALUES))


@pytest.mark.parametrize("name", ["x.yaml", "_x.tpl"])
def test_a_template_that_names_images_only_in_its_actions_is_not_parsed(monkeypatch, name):
    text = HELM + 'apiVersion: v1\nkind: Service\nspec:\n  version: {{ include "shop.image.version" . }}\n'
    parsed = []
    monkeypatch.setattr(_manifest, "parse", parsed.append)
    monkeypatch.setattr(_manifest, "lines", lambda *found: parsed.append(found) or ())
    assert list(extract(SourceFile(f"shop/templates/{name}", text), CHART_VALUES)) == []
    assert parsed == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("a: {{ .image }}", False),
        ("{{ image", True),
        ("{{ a }}image: {{ b }}", True),
        ("{{ a }} RELATED_IMAGE_X", True),
        ("spec: {repository: {{ .image }}}", True),
        ("{{ .image }}", False),
        ("app.kubernetes.io/name: {{ .image }}", False),
        ("args: ['--reloader=quay.io/acme/reloader:1', {{ .image }}]", True),
        ("value: quay.io/acme/web@sha256:0 {{ .image }}", True),
    ],
)
def test_fields_are_looked_for_outside_of_actions(text, named):
    assert _manifest.has_fields(text) == named


_TOKENS = [
    "{{",
    "}}",
    "{{-",
    ".Values.x",
    "image: ",
    "|",
    "define ",
    '"a"',
    "\n",
    "  ",
    "end",
    "include ",
    "- ",
    ":",
    "$",
]


@given(st.lists(st.sampled_from(_TOKENS), max_size=40), st.sampled_from(["x.yaml", "_x.tpl", "NOTES.txt"]))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read(tokens, name):
    text = HELM + pod("image: nginx") + "".join(tokens)
    for item in extract(SourceFile(f"templates/{name}", text), CHART_VALUES):
        assert 0 <= item.start <= len(text)


def test_condition_and_key_on_one_line_leave_the_object_whole():
    text = pod("image: a/b:{{ .Values.image.tag }}").replace(
        "spec:\n", "metadata:\n  annotations:\n    {{ if .x }}a.b/c: {{ .x }}{{ end }}\n    d: e\nspec:\n"
    )
    assert [str(item.value) for item in candidates(text, CHART_VALUES)] == ["a/b:1"]
