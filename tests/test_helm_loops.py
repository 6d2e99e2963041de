"""Loops in templates of charts: each item that the values give is an image of its own."""

from pathlib import Path

import pytest

from planner.model.inventory import Inventory, Occurrence
from planner.scan import scan

VALUES = """registry: ghcr.io
containers:
  - {name: web, image: nginx, tag: '1.27'}
  - {name: cache, image: redis, tag: '7.4'}
images: [alpine:3.20, busybox:1.36]
jobs:
  backup: {image: {repository: postgres, tag: '16'}}
  clean: {image: {repository: curlimages/curl, tag: '8'}}
teams:
  - jobs: [{image: a/one:1}, {image: a/two:2}]
  - jobs: [{image: b/three:3}]
"""


def scanned(root: Path, template: str, **others: str) -> Inventory:
    files = {"Chart.yaml": "apiVersion: v2\nname: shop\nversion: 0.1.0\n", "values.yaml": VALUES}
    files |= {"templates/pod.yaml": f"apiVersion: v1\nkind: Pod\nspec:\n  containers:\n{template}"}
    for name, text in (files | others).items():
        path = root / "shop" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return scan([root])


def in_templates(found: Inventory) -> list[Occurrence]:
    return [item for item in found.occurrences if "/templates/" in item.path]


def references(found: Inventory) -> list[str]:
    return sorted(str(item.reference).removeprefix("docker.io/") for item in in_templates(found))


@pytest.mark.parametrize(
    ("opening", "image", "expected"),
    [
        ("range .Values.containers", "{{ .image }}:{{ .tag }}", ["library/nginx:1.27", "library/redis:7.4"]),
        (
            "range $c := .Values.containers",
            "{{ $c.image }}:{{ $c.tag }}",
            ["library/nginx:1.27", "library/redis:7.4"],
        ),
        (
            "range $i, $c := .Values.containers",
            "{{ $.Values.registry }}/{{ $c.image }}:{{ $c.tag }}",
            ["ghcr.io/nginx:1.27", "ghcr.io/redis:7.4"],
        ),
        ("range .Values.images", "{{ . }}", ["library/alpine:3.20", "library/busybox:1.36"]),
        (
            "range $name, $job := .Values.jobs",
            "{{ $job.image.repository }}:{{ $job.image.tag }}",
            ["curlimages/curl:8", "library/postgres:16"],
        ),
        (
            "range $name, $_ := .Values.jobs",
            "acme/{{ $name }}:1",
            ["acme/backup:1", "acme/clean:1"],
        ),
    ],
)
def test_each_item_is_an_image(tmp_path, opening, image, expected):
    found = scanned(tmp_path, f"  {{{{- {opening} }}}}\n  - name: x\n    image: {image}\n  {{{{- end }}}}\n")
    assert (references(found), found.unresolved) == (expected, ())


def test_parts_of_an_item_stand_where_its_values_do(tmp_path):
    template = "  {{- range .Values.containers }}\n  - image: {{ .image }}:{{ .tag }}\n  {{- end }}\n"
    places = {
        str(item.reference): [(each.path, each.start) for each in item.fragments if each.path]
        for item in in_templates(scanned(tmp_path, template))
    }
    assert places["docker.io/library/redis:7.4"] == [
        ("shop/values.yaml", VALUES.index("redis")),
        ("shop/values.yaml", VALUES.index("7.4")),
    ]


def test_trail_names_the_item(tmp_path):
    template = "  {{- range .Values.containers }}\n  - image: {{ .image }}:1\n  {{- end }}\n"
    trails = {str(item.reference): item.trail for item in in_templates(scanned(tmp_path, template))}
    assert trails["docker.io/library/redis:1"] == (".Values.containers[1].image=redis (shop/values.yaml)",)


def test_loops_in_loops_go_through_the_items_of_each(tmp_path):
    template = (
        "  {{- range .Values.teams }}\n  {{- range .jobs }}\n  - image: {{ .image }}\n"
        "  {{- end }}\n  {{- end }}\n  - image: after:{{ .Values.registry }}\n"
    )
    expected = ["a/one:1", "a/two:2", "b/three:3", "library/after:ghcr.io"]
    assert references(scanned(tmp_path, template)) == expected


def test_condition_in_a_loop_is_asked_for_each_item(tmp_path):
    template = (
        '  {{- range .Values.containers }}\n  {{- if eq .image "nginx" }}\n  - image: {{ .image }}:1\n'
        "  {{- else }}\n  - image: {{ .image }}:2\n  {{- end }}\n  {{- end }}\n"
    )
    assert references(scanned(tmp_path, template)) == ["library/nginx:1", "library/redis:2"]


def test_list_of_another_file_takes_the_place_of_the_charts_own(tmp_path):
    template = "  {{- range .Values.containers }}\n  - image: {{ .image }}:{{ .tag }}\n  {{- end }}\n"
    prod = "containers:\n  - {name: web, image: httpd, tag: '2.4'}\n"
    found = scanned(tmp_path, template, **{"values-prod.yaml": prod})
    assert references(found) == ["library/httpd:2.4", "library/nginx:1.27", "library/redis:7.4"]


def test_loop_over_nothing_may_get_an_item(tmp_path):
    template = (
        "  {{- range .Values.extraImages }}\n  - image: {{ . }}\n  - image: some:{{ $.Values.registry }}\n"
        "  {{- else }}\n  - image: none:{{ .Values.registry }}\n  {{- end }}\n"
    )
    found = scanned(tmp_path, template, **{"values.yaml": "registry: '1'\nextraImages: []\n"})
    assert references(found) == ["library/none:1", "library/some:1"]
    assert [item.text for item in found.unresolved] == ["{{ . }}"]


def test_item_of_a_loop_over_what_is_not_known_stays_open(tmp_path):
    template = "  {{- range .Values.sidecars }}\n  - image: {{ .image }}\n  {{- end }}\n"
    assert [item.text for item in scanned(tmp_path, template).unresolved] == ["{{ .image }}"]


def test_variable_that_a_loop_changes_is_not_known_in_it(tmp_path):
    template = (
        '  {{- $tag := "1" }}\n  {{- range .Values.containers }}\n  - image: {{ .image }}:{{ $tag }}\n'
        "  {{- $tag = .tag }}\n  {{- end }}\n"
    )
    found = scanned(tmp_path, template)
    assert (references(found), len(found.unresolved)) == ([], 1)


def test_values_that_look_like_the_scanners_own_names_harm_nothing(tmp_path):
    template = "  {{- range .Values.images }}\n  - image: {{ . }}\n  {{- end }}\n"
    values = "'images[]': zz\n'images[00000000:0]': a/b:1\nimages: {}\n"
    assert references(scanned(tmp_path, template, **{"values.yaml": values})) == []


def test_loops_in_loops_in_loops_come_to_an_end(tmp_path):
    opening, closing = "  {{- range $.Values.images }}\n", "  {{- end }}\n"
    template = opening * 8 + "  - image: {{ . }}\n" + closing * 8
    values = "images: [" + ", ".join(f"a/b:{number}" for number in range(50)) + "]\n"
    found = scanned(tmp_path, template, **{"values.yaml": values})
    assert 0 < len(references(found)) <= 50
