"""`global.imageRegistry`: one edit for all images of a chart that take it."""

import pytest
from rewritten import TARGET, centrally

IMAGES = (
    "web: {image: {registry: docker.io, repository: acme/web, tag: '1'}}\n"
    "api: {image: {registry: docker.io, repository: acme/api, tag: '1'}}\n"
)


@pytest.mark.parametrize(
    ("unset", "is_set"),
    [
        ('imageRegistry: ""', f'imageRegistry: "{TARGET}"'),
        ("imageRegistry: ''  # none", f"imageRegistry: '{TARGET}'  # none"),
        ("imageRegistry: null", f"imageRegistry: {TARGET}"),
        ("imageRegistry: # none", f"imageRegistry: {TARGET} # none"),
        ("imageRegistry:", f"imageRegistry: {TARGET}"),
    ],
)
def test_registry_of_all_images_is_set_where_it_is_there_and_empty(tmp_path, unset, is_set):
    text = f"global:\r\n  {unset}\r\n{IMAGES}"
    found, used = centrally(tmp_path, {"values.yaml": text})
    assert found == {"values.yaml": text.replace(unset, is_set)}
    assert used == [("chart_registry", 2)]


def test_images_are_edited_where_no_such_setting_is_there(tmp_path):
    found, used = centrally(tmp_path, {"values.yaml": f"global: {{a: 1}}\n{IMAGES}"})
    assert (found["values.yaml"].count(f"registry: {TARGET}"), used) == (2, [])


def test_image_of_another_registry_keeps_all_to_themselves(tmp_path):
    text = f"global: {{imageRegistry: ''}}\n{IMAGES}x: {{image: {{registry: ghcr.io, repository: a/b}}}}\n"
    found, used = centrally(tmp_path, {"values.yaml": text})
    assert (found["values.yaml"].count(f"registry: {TARGET}"), used) == (2, [])


def test_library_that_is_not_spelled_keeps_all_to_themselves(tmp_path):
    text = (
        f"global: {{imageRegistry: ''}}\n{IMAGES}x: {{image: {{registry: docker.io, repository: nginx}}}}\n"
    )
    found, used = centrally(tmp_path, {"values.yaml": text})
    assert used == []
    assert f"{{registry: {TARGET}, repository: library/nginx}}" in found["values.yaml"]


def test_templates_that_take_the_registry_are_served_with_the_values(tmp_path):
    template = (
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: web\n      image:"
        ' "{{ .Values.global.imageRegistry | default .Values.web.image.registry }}/'
        '{{ .Values.web.image.repository }}:{{ .Values.web.image.tag }}"\n'
    )
    values = f"global: {{imageRegistry: ''}}\n{IMAGES}"
    files = {
        "chart/Chart.yaml": "name: a\n",
        "chart/values.yaml": values,
        "chart/templates/pod.yaml": template,
    }
    found, used = centrally(tmp_path, files)
    assert found == {"chart/values.yaml": values.replace("''", f"'{TARGET}'")}
    assert used == [("chart_registry", 3)]


def test_template_that_does_not_take_it_is_edited_in_the_values(tmp_path):
    template = (
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: web\n      image:"
        ' "{{ .Values.web.image.registry }}/{{ .Values.web.image.repository }}:{{ .Values.web.image.tag }}"\n'
    )
    values = f"global: {{imageRegistry: ''}}\n{IMAGES}"
    files = {
        "chart/Chart.yaml": "name: a\n",
        "chart/values.yaml": values,
        "chart/templates/pod.yaml": template,
    }
    found, used = centrally(tmp_path, files)
    assert (found["chart/values.yaml"].count(f"registry: {TARGET}"), used) == (2, [("shared", 2)])


BITNAMI = "image: {registry: docker.io, repository: bitnami/redis, tag: '7'}\n"


@pytest.mark.parametrize("registry", ["", "  imageRegistry: ''\n"])
def test_charts_of_bitnami_are_told_that_images_come_from_elsewhere(tmp_path, registry):
    text = f"global:\n{registry}  security:\n    allowInsecureImages: false # no\n{BITNAMI}"
    found, _ = centrally(tmp_path, {"values.yaml": text})
    assert "    allowInsecureImages: true # no\n" in found["values.yaml"]


def test_setting_goes_into_the_block_that_lacks_it(tmp_path):
    text = f"global:\r\n  security:\r\n    # c\r\n    a: b\r\n{BITNAMI}"
    found, _ = centrally(tmp_path, {"values.yaml": text})
    assert "    # c\r\n    allowInsecureImages: true\r\n    a: b\r\n" in found["values.yaml"]
