"""Charts: what they depend on, which images they list, what their templates are given."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats._base import NOTHING, Binding, Candidate, Given
from planner.formats._patterns import matcher
from planner.formats.helm_chart import FORMAT, extract
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text
from planner.scan import scan

HUB = "registry-1.docker.io/bitnamicharts"


def candidates(text: str, path: str = "Chart.yaml", given: Given = NOTHING) -> list[Candidate]:
    return [item for item in extract(SourceFile(path, text), given) if isinstance(item, Candidate)]


def bindings(text: str, path: str) -> list[Binding]:
    return [item for item in extract(SourceFile(path, text), NOTHING) if isinstance(item, Binding)]


def texts(binding: Binding) -> dict[str, str]:
    return {name: str(value) for name, value in binding.variables.items()}


def dependency(version: str = "19.1.0", repository: str = f"oci://{HUB}") -> str:
    return f"dependencies:\n- name: redis\n  version: {version}\n  repository: {repository}\n"


# Dependencies


@pytest.mark.parametrize(
    ("version", "reference"),
    [
        ("19.1.0", f"{HUB}/redis:19.1.0"),
        ("19.x.x", f"{HUB}/redis:19.x.x"),
        ("'1.2.3+build.4'", f"{HUB}/redis:1.2.3_build.4"),
        ("''", f"{HUB}/redis"),
    ],
)
def test_chart_of_an_oci_registry(version, reference):
    [candidate] = candidates(dependency(version))
    assert (str(candidate.value), candidate.role, candidate.problem) == (reference, Role.CHART, "")


def test_every_part_of_a_chart_stands_where_it_is_written():
    text = dependency("1.2.3+b")
    [candidate] = candidates(text)
    places = [(run.text, run.start) for run in candidate.value.runs if run.start >= 0]
    assert places == [(part, text.index(part)) for part in (HUB, "redis", "1.2.3")] + [
        ("b", text.index("+b") + 1)
    ]


@pytest.mark.parametrize("version", ["^1.2", "'>=1'", "'~1.2.3'", "'*'", "1.2 - 2"])
def test_a_range_is_told_and_what_pins_it(version):
    [candidate] = candidates(dependency(version))
    plain = version.strip("'")
    assert candidate.spelled == f"{HUB}/redis:{plain}"
    assert candidate.problem.startswith(f"version {plain!r} is a range: Chart.lock pins it")


@pytest.mark.parametrize("repository", ["https://charts.example.com", "file://../redis", "'@local'", "''"])
def test_charts_from_elsewhere_are_no_references(repository):
    assert candidates(dependency(repository=repository)) == []


def test_a_slash_at_the_end_of_a_repository_does_not_count():
    assert str(candidates(dependency(repository=f"oci://{HUB}/"))[0].value) == f"{HUB}/redis:19.1.0"


def test_a_lock_file_names_the_version_of_a_range():
    [binding] = bindings(dependency("19.6.1"), "shop/Chart.lock")
    assert (binding.target, binding.format, texts(binding)) == (
        "shop/Chart.yaml",
        "helm_chart",
        {f"locked {HUB}/redis": "19.6.1"},
    )


def test_a_range_has_the_version_that_a_lock_file_names():
    locked = {f"locked {HUB}/redis": Text.at(30, "19.6.1", "Chart.lock")}
    [candidate] = candidates(dependency("^19"), given=locked)
    assert (str(candidate.value), candidate.confidence, candidate.trail) == (
        f"{HUB}/redis:19.6.1",
        Confidence.RESOLVED,
        ("version=19.6.1 (Chart.lock)",),
    )


def test_a_chart_that_is_locked_twice_is_left_out():
    twice = dependency("1.0.0") + dependency("2.0.0").partition("\n")[2]
    assert texts(bindings(twice, "Chart.lock")[0]) == {}


def test_requirements_of_helm_2_are_read():
    assert [str(item.value) for item in candidates(dependency(), "requirements.yaml")] == [
        f"{HUB}/redis:19.1.0"
    ]


# Images in annotations


@pytest.mark.parametrize("name", ["artifacthub.io/images", "helm.sh/images", "images"])
def test_images_that_an_annotation_lists(name):
    text = f"name: c\nannotations:\n  {name}: |\n    - name: web\n      image: nginx:1.25\n"
    [candidate] = candidates(text)
    assert (str(candidate.value), candidate.role, candidate.start) == (
        "nginx:1.25",
        Role.WORKLOAD,
        text.index("nginx"),
    )


def test_other_annotations_list_no_images():
    assert candidates("annotations:\n  changes: |\n    - image: nginx:1\n") == []


# What templates are given


def test_fields_of_the_chart_are_given_to_its_templates():
    binding = bindings("name: shop\nversion: 0.1.0\nappVersion: '1.27'\n", "a/shop/Chart.yaml")[0]
    assert (binding.target, binding.format, binding.always, texts(binding)) == (
        "a/shop/templates/**",
        "helm_template",
        True,
        {".Chart.Name": "shop", ".Chart.Version": "0.1.0", ".Chart.AppVersion": "1.27"},
    )


def test_a_field_that_is_missing_is_empty():
    assert texts(bindings("name: shop\n", "Chart.yaml")[0])[".Chart.AppVersion"] == ""


HELPERS = """{{/* A comment with {{ "braces" }} */}}
{{- define "shop.fullname" -}}{{ .Release.Name }}-shop{{- end -}}
{{- define "shop.image" -}}
  {{- if .Values.image.digest -}}a{{- else -}}b{{- end -}}
{{- end -}}
{{ define "shop.web" }}{{ include "common.images.image" (dict "imageRoot" .Values.web) }}{{ end }}
{{- define "shop.imagePullSecrets" -}}x{{- end -}}
"""


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("templates/_helpers.tpl", "templates/**"),
        ("a/templates/_helpers.tpl", "a/templates/**"),
        ("a/templates/web/_x.tpl", "a/templates/**"),
    ],
)
def test_named_templates_are_given_to_the_templates_of_their_chart(path, target):
    assert [each.target for each in bindings(HELPERS, path) if each.format == "helm_template"] == [target]


def test_only_named_templates_about_images_are_given():
    assert texts(bindings(HELPERS, "templates/_helpers.tpl")[0]) == {
        'include "shop.image"': "{{- if .Values.image.digest -}}a{{- else -}}b{{- end -}}",
        'include "shop.web"': '{{ include "common.images.image" (dict "imageRoot" .Values.web) }}',
    }


def test_a_named_template_stands_where_it_is_written():
    binding, _ = bindings(HELPERS, "templates/_helpers.tpl")
    assert binding.variables['include "shop.image"'].start == HELPERS.index("{{- if")


@pytest.mark.parametrize(
    "path",
    [
        "Chart.yaml", "a/Chart.yml", "Chart.lock", "requirements.yaml", "c/templates/_helpers.tpl",
        "c/templates/web/_x.tpl",
    ],
)  # fmt: skip
def test_names_of_files(path):
    assert matcher(FORMAT.patterns).search(path)


# Laws

_CHART = "name: c\n" + dependency() + "annotations:\n  images: |\n    - name: web\n      image: nginx:1.25\n"


@given(
    st.sampled_from(["Chart.yaml", "Chart.lock", "templates/_helpers.tpl"]),
    st.lists(
        st.tuples(
            st.integers(0, 400),
            st.sampled_from(["", "\n", "{{", "}}", '"', ": ", "- ", "|", "+", "&a ", "*a", "end"]),
            st.integers(0, 4),
        ),
        max_size=5,
    ),
)  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_every_piece_of_a_mutated_file_stands_where_it_says(path, edits):
    text = HELPERS if path.endswith("tpl") else _CHART
    for start, inserted, removed in edits:
        text = text[:start] + inserted + text[start + removed :]
    found = list(extract(SourceFile(path, text), NOTHING))
    values = [item.value for item in found if isinstance(item, Candidate)]
    values += [value for item in found if isinstance(item, Binding) for value in item.variables.values()]
    for run in (run for value in values for run in value.runs if run.start >= 0):
        assert text[run.start : run.start + len(run.text)] == run.text


def written(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return scan([folder])


POD = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: {image}\n"
DEFINE = '{{- define "lib.image" -}}\n{{ .Values.image.name }}:{{ .Values.image.version }}\n{{- end -}}\n'
USER = {
    "app/values.yaml": "image: {name: acme/app, version: 1.0}\n",
    "app/templates/pod.yaml": POD.format(image='{{ include "lib.image" . }}'),
}


@pytest.mark.parametrize(
    "files",
    [
        {
            "app/Chart.yaml": "name: app\ndependencies:\n- {name: lib, repository: 'file://../lib'}\n",
            "lib/Chart.yaml": "name: lib\ntype: library\n",
            "lib/templates/_image.tpl": DEFINE,
        },
        {
            "app/Chart.yaml": "name: app\n",
            "app/requirements.yaml": "dependencies:\n- {name: lib, repository: 'file://../lib/'}\n",
            "lib/Chart.yaml": "name: lib\n",
            "lib/templates/_image.tpl": DEFINE,
        },
        {
            "app/Chart.yaml": "name: app\ndependencies:\n- {name: mid, repository: 'file://../mid'}\n",
            "mid/Chart.yaml": "name: mid\ndependencies:\n- {name: lib, repository: 'file://../lib'}\n",
            "lib/Chart.yaml": "name: lib\n",
            "lib/templates/_image.tpl": DEFINE,
        },
        {"app/Chart.yaml": "name: app\n", "app/charts/lib/templates/_image.tpl": DEFINE},
    ],
)
def test_named_templates_of_a_chart_in_the_tree_are_known_to_those_that_depend_on_it(tmp_path, files):
    inventory = written(tmp_path, USER | files)
    assert {str(each.reference) for each in inventory.occurrences} == {"docker.io/acme/app:1.0"}
    assert [each.path for each in inventory.occurrences if "pod" in each.path] == ["app/templates/pod.yaml"]
    assert not inventory.unresolved


def test_values_below_the_name_of_a_chart_in_the_tree_are_for_its_templates(tmp_path):
    inventory = written(
        tmp_path,
        {
            "all/Chart.yaml": (
                "name: all\ndependencies:\n- {name: web, alias: www, repository: 'file://../web'}\n"
            ),
            "all/values.yaml": "www: {image: {tag: '2'}}\nimage: {repository: acme/other}\n",
            "web/Chart.yaml": "name: web\n",
            "web/values.yaml": "image: {repository: acme/web, tag: '1'}\n",
            "web/templates/pod.yaml": POD.format(
                image='"{{ .Values.image.repository }}:{{ .Values.image.tag }}"'
            ),
        },
    )
    found = sorted(str(each.reference) for each in inventory.occurrences if "templates" in each.path)
    assert found == ["docker.io/acme/web:1", "docker.io/acme/web:2"]


def test_templates_of_a_library_have_the_values_of_the_chart_that_uses_it(tmp_path):
    inventory = written(
        tmp_path,
        {
            "app/Chart.yaml": "name: app\ndependencies:\n- {name: lib, repository: 'file://../lib'}\n",
            "app/values.yaml": "job: {image: acme/job, version: 7}\n",
            "lib/Chart.yaml": "name: lib\ntype: library\n",
            "lib/templates/_job.yaml": POD.format(image="{{ .Values.job.image }}:{{ .Values.job.version }}"),
        },
    )
    assert [str(each.reference) for each in inventory.occurrences] == ["docker.io/acme/job:7"]
    assert not inventory.unresolved


@pytest.mark.parametrize("path", ["file:///srv/lib", "file://../../lib", "https://example.com/lib"])
def test_charts_that_are_not_in_the_tree_give_nothing(path):
    text = f"name: app\ndependencies:\n- {{name: lib, repository: '{path}'}}\n"
    items = list(extract(SourceFile("app/Chart.yaml", text), NOTHING))
    assert not any(isinstance(each, Binding) and each.format == "helm_chart" for each in items)


OF_ALL = (
    '{{- define "lib.image" -}}\n{{- if .Values.global }}\n{{- if .Values.global.imageRegistry }}\n'
    '{{- printf "%s/a:1" .Values.global.imageRegistry -}}\n{{- else -}}acme/b:2{{- end -}}\n'
    "{{- else -}}\nacme/c:{{ .Values.image.version }}\n{{- end -}}\n{{- end -}}\n"
)


@pytest.mark.parametrize(
    ("values", "reference"),
    [
        ("", "docker.io/acme/c:1.0"),
        ("global: {storage: x, imageRegistry: ''}\n", "docker.io/acme/b:2"),
        ("global: {imageRegistry: quay.io}\n", "quay.io/a:1"),
    ],
)
def test_what_is_set_for_all_charts_is_empty_where_nothing_is_set_in_it(tmp_path, values, reference):
    inventory = written(
        tmp_path,
        USER
        | {
            "app/Chart.yaml": "name: app\n",
            "app/templates/_image.tpl": OF_ALL,
            "app/values.yaml": USER["app/values.yaml"] + values,
        },
    )
    found = [str(each.reference) for each in inventory.occurrences if "templates" in each.path]
    assert (found, inventory.unresolved) == ([reference], ())
