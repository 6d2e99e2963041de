"""Charts across files: values, the chart's fields and named templates reach the templates of the chart."""

from pathlib import Path

import pytest

from planner.model.inventory import Inventory, Occurrence
from planner.scan import scan

POD = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: x\n    image: %s\n"
CREATED = '"{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"'
CHART = "apiVersion: v2\nname: shop\nversion: 0.1.0\nappVersion: '1.27'\n"
VALUES = "image:\n  repository: nginx\n  tag: ''\n"


def inventory(root: Path, **files: str) -> Inventory:
    for name, text in files.items():
        path = root / FILES.get(name, f"shop/{name}.yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return scan([root])


FILES = {
    "pod": "shop/templates/pod.yaml", "nested": "shop/templates/web/pod.yaml", "chart": "shop/Chart.yaml",
    "prod": "shop/values-prod.yaml", "helpers": "shop/templates/_helpers.tpl", "lock": "shop/Chart.lock",
    "other": "other/templates/pod.yaml",
}  # fmt: skip


def in_templates(found: Inventory) -> list[Occurrence]:
    return [item for item in found.occurrences if "/templates/" in item.path]


def references(found: Inventory) -> list[str]:
    return sorted(str(item.reference) for item in in_templates(found))


def reasons(found: Inventory) -> list[str]:
    return [item.reason for item in found.unresolved]


@pytest.mark.parametrize("file", ["pod", "nested"])
def test_image_of_a_template_is_known(tmp_path, file):
    found = inventory(tmp_path, chart=CHART, values=VALUES, **{file: POD % CREATED})
    assert (references(found), reasons(found)) == (["docker.io/library/nginx:1.27"], [])


def test_fragments_lie_where_the_parts_are_written(tmp_path):
    [item] = in_templates(inventory(tmp_path, chart=CHART, values=VALUES, pod=POD % CREATED))
    assert [(part.path, part.start, part.text) for part in item.fragments] == [
        ("shop/values.yaml", VALUES.index("nginx"), "nginx"),
        ("shop/Chart.yaml", CHART.index("1.27"), "1.27"),
        ("", (POD % CREATED).index("{{ .Values.image.rep"), item.text),
    ]


def test_template_and_values_share_fragments(tmp_path):
    found = inventory(tmp_path, chart=CHART, values=VALUES.replace("''", "'1'"), pod=POD % CREATED)
    places = {
        (part.path or item.path, part.start, part.end)
        for item in found.occurrences
        for part in item.fragments
        if part.part != "whole"
    }
    assert (len(found.occurrences), len(places)) == (2, 2)


def test_trail_names_values_and_files(tmp_path):
    [item] = in_templates(inventory(tmp_path, chart=CHART, values=VALUES, pod=POD % CREATED))
    assert item.trail == (
        ".Values.image.repository=nginx (shop/values.yaml)",
        ".Chart.AppVersion=1.27 (shop/Chart.yaml)",
    )


def test_other_values_are_a_use_of_their_own_on_top_of_the_chart_s(tmp_path):
    found = inventory(tmp_path, chart=CHART, values=VALUES, prod="image:\n  tag: '2'\n", pod=POD % CREATED)
    assert references(found) == ["docker.io/library/nginx:1.27", "docker.io/library/nginx:2"]


def test_what_other_values_give_is_not_missing(tmp_path):
    pod = POD % "'{{ .Values.image.repository }}:{{ .Values.image.tag }}'"
    found = inventory(tmp_path, chart=CHART, values=VALUES, prod="image:\n  tag: '2'\n", pod=pod)
    assert (references(found), reasons(found)) == (["docker.io/library/nginx:2"], [])


def test_values_of_one_chart_do_not_reach_another(tmp_path):
    found = inventory(tmp_path, chart=CHART, values=VALUES, other=POD % CREATED)
    assert reasons(found) == ["image.repository is a value of the chart: set it in values.yaml"]


def test_without_values_the_missing_value_is_told(tmp_path):
    found = inventory(tmp_path, chart=CHART, pod=POD % CREATED)
    assert reasons(found) == ["image.repository is a value of the chart: set it in values.yaml"]


def test_a_value_that_values_yaml_lacks_is_told(tmp_path):
    found = inventory(tmp_path, chart=CHART, values=VALUES, pod=POD % "'nginx:{{ .Values.web.tag }}'")
    assert reasons(found) == [
        "web.tag is not in values.yaml, and the template gives no default: set it there"
    ]


def test_an_empty_value_without_default_is_told(tmp_path):
    found = inventory(tmp_path, chart=CHART, values=VALUES, pod=POD % "'nginx:{{ .Values.image.tag }}'")
    assert reasons(found) == [
        "image.tag is empty in values.yaml, and the template gives no default: set it there"
    ]


def test_a_branch_that_values_rule_out_lacks_nothing(tmp_path):
    values = "image: {repository: nginx, tag: '1', digest: ''}\n"
    pod = (
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: x\n    {{- if .Values.image.digest }}\n"
        '    image: "{{ .Values.image.repository }}@{{ .Values.image.digest }}"\n    {{- else }}\n'
        '    image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"\n    {{- end }}\n'
    )
    found = inventory(tmp_path, chart=CHART, values=values, pod=pod)
    assert (references(found), reasons(found)) == (["docker.io/library/nginx:1"], [])


@pytest.mark.parametrize("call", ["include", "template"])
def test_a_named_template_of_a_helper_file_is_put_in_place(tmp_path, call):
    helpers = (
        '{{- define "shop.image" -}}\n'
        '{{- include "common.images.image" (dict "imageRoot" .Values.image "global" .Values.global) -}}\n'
        "{{- end -}}\n"
    )
    found = inventory(
        tmp_path,
        chart=CHART,
        values="image: {registry: docker.io, repository: a/b, tag: '1', digest: ''}\n",
        helpers=helpers,
        pod=POD % f'{{{{ {call} "shop.image" . }}}}',
    )
    assert (references(found), reasons(found)) == (["docker.io/a/b:1"], [])


def test_a_pod_in_a_string_of_a_template_is_known(tmp_path):
    inner = "".join(f"    {line}\n" for line in (POD % CREATED).splitlines())
    found = inventory(
        tmp_path,
        chart=CHART,
        values=VALUES,
        pod=f"apiVersion: v1\nkind: ConfigMap\ndata:\n  p.yaml: |\n{inner}",
    )
    assert (references(found), reasons(found)) == (["docker.io/library/nginx:1.27"], [])


def test_the_lock_file_names_the_version_of_a_chart_in_a_range(tmp_path):
    depends = (
        "dependencies:\n- name: redis\n  repository: oci://registry-1.docker.io/bitnamicharts\n  version: "
    )
    found = inventory(tmp_path, chart=f"{CHART}{depends}^19\n", lock=f"{depends}19.6.1\n")
    assert (str(found.references()[0]), len(found.occurrences), reasons(found)) == (
        "docker.io/bitnamicharts/redis:19.6.1",
        2,
        [],
    )


def test_image_of_a_part_that_is_off_counts(tmp_path):
    values = "imageRenderer:\n  enabled: false\n  repository: a/b\n  tag: '1'\n"
    pod = "{{ if .Values.imageRenderer.enabled }}\n" + POD % (
        '"{{ .Values.imageRenderer.repository }}:{{ .Values.imageRenderer.tag }}"'
    )
    found = inventory(tmp_path, chart=CHART, values=values, pod=pod + "{{ end }}\n")
    assert references(found) == ["docker.io/a/b:1"]


def test_variable_of_a_template_is_known(tmp_path):
    pod = "{{- $registry := .Values.global.imageRegistry | default .Values.image.registry }}\n" + POD % (
        '"{{ $registry }}/{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"'
    )
    values = "global:\n  imageRegistry: ''\nimage:\n  registry: quay.io\n  repository: a/b\n  tag: ''\n"
    found = inventory(tmp_path, chart=CHART, values=values, pod=pod)
    assert (references(found), reasons(found)) == (["quay.io/a/b:1.27"], [])


def test_name_that_the_template_completes_is_not_the_latest(tmp_path):
    found = inventory(tmp_path, chart=CHART, values=VALUES, pod=POD % CREATED)
    assert [(item.path, str(item.reference)) for item in found.occurrences] == [
        ("shop/templates/pod.yaml", "docker.io/library/nginx:1.27")
    ]


def test_name_that_no_template_completes_stands_as_it_is(tmp_path):
    found = inventory(tmp_path, chart=CHART, values=VALUES, pod=POD % "a:1")
    assert ("shop/values.yaml", "docker.io/library/nginx") in {
        (item.path, str(item.reference)) for item in found.occurrences
    }


SHAPED = "image: {repository: a/b, tag: '1', ignoreTag: false}\nstore: {publicRepository: true}\n"


@pytest.mark.parametrize(
    ("switch", "expected"),
    [
        (".Values.image.ignoreTag", ["docker.io/a/b:1"]),
        (".Values.store.publicRepository", ["docker.io/a/b", "docker.io/a/b:1"]),
    ],
)
def test_switch_of_an_image_rules_out_what_another_switch_does_not(tmp_path, switch, expected):
    image = 'image: "{{ .Values.image.repository }}'
    branches = f"{{{{ if {switch} }}}}", f'{image}"', "{{ else }}", f'{image}:1"', "{{ end }}"
    text = "\n    ".join(branches)
    found = inventory(tmp_path, chart=CHART, values=SHAPED, pod=POD.replace("image: %s", text))
    assert references(found) == expected


def test_condition_that_ends_a_name_belongs_to_it(tmp_path):
    pod = POD % "{{ .Values.image.repository }}:1{{ if .Values.image.tag }}-{{ .Values.image.tag }}{{ end }}"
    found = inventory(tmp_path, chart=CHART, values="image:\n  repository: nginx\n  tag: slim\n", pod=pod)
    assert (references(found), reasons(found)) == (["docker.io/library/nginx:1-slim"], [])


def test_name_before_which_the_template_puts_a_registry_is_none_of_docker_hub(tmp_path):
    values = "hub: quay.io\nimage:\n  image: acme/web\n  tag: '1'\n"
    pod = POD % '"{{ .Values.hub }}/{{ .Values.image.image }}:{{ .Values.image.tag }}"'
    found = inventory(tmp_path, chart=CHART, values=values, pod=pod)
    assert [str(item.reference) for item in found.occurrences] == ["quay.io/acme/web:1"]
