"""werf: base images."""

import pytest
from extracted import extracted


def werf(text):
    return extracted("werf", text, "werf.yaml")


def test_base_of_an_image():
    assert werf("image: x\nfrom: 'a/b:1'\n").roles == [("docker.io/a/b:1", "base")]


def test_image_of_the_same_file_is_none():
    assert werf("image: [x, y]\nfrom: a\n---\nimage: z\nfrom: y\n").pulled == ["docker.io/library/a"]


@pytest.mark.parametrize(
    ("head", "written"),
    [
        ('{{ $v := "a/b:1" }}', "{{ $v }}"),
        ('{{- $_ := set . "V" "a/b:1" }}', "{{ .V }}"),
        ('{{ $_ := set $ "V" "a/b:1" -}}', "{{ $.V }}"),
        ("", '{{ env "X" "a/b:1" }}'),
    ],
)
def test_variable_of_the_template_is_filled_in(head, written):
    assert werf(f"{head}\nimage: x\nfrom: {written}\n").pulled == ["docker.io/a/b:1"]


def test_variable_from_outside_is_not_known():
    found = werf("image: x\nfrom: {{ .Values.base }}\n")
    assert [text for text, _ in found.unresolved] == ["{{ .Values.base }}"]


def test_arguments_reach_the_dockerfile():
    text = "image: x\ndockerfile: D\ncontext: app\nargs: {V: '1'}\n"
    assert werf(text).bindings == [("app/D", "dockerfile", {"V": "1"})]


def test_document_that_is_no_image_is_passed_over():
    assert werf("project: x\nfrom: a\n").pulled == []
