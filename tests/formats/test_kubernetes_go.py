"""Kubernetes' API in Go: images in literals of its types."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats._code_file import CodeFile

HEAD = 'package a\n\nimport (\n\tcorev1 "k8s.io/api/core/v1"\n)\n\n'


def found(text, path="pkg/pod.go", head=HEAD):
    return extracted("kubernetes_go", head + text, path)


@pytest.mark.parametrize(
    "text",
    [
        'var c = corev1.Container{Name: "a", Image: "docker.io/a/b:1"}',
        'var c = &corev1.Container{\n\tImage: "docker.io/a/b:1",\n}',
        'var l = []corev1.Container{{Name: "a", Image: "docker.io/a/b:1"}}',
        "var s = corev1.PodSpec{Containers: []corev1.Container{\n\t{\n\t\tImage: `a/b:1`,\n\t},\n}}",
        'var e = corev1.EphemeralContainerCommon{Image: "a/b:1"}',
        'const image = "a/b:1"\n\nvar c = corev1.Container{Image: image}',
    ],
)
def test_image_of_a_container(text):
    assert found(text).roles == [("docker.io/a/b:1", "workload")]


def test_reference_of_an_image_volume():
    text = 'var v = corev1.VolumeSource{Image: &corev1.ImageVolumeSource{Reference: "a/b:1"}}'
    assert found(text).roles == [("docker.io/a/b:1", "mount")]


@pytest.mark.parametrize(
    "imported",
    [
        'import "k8s.io/api/core/v1"\n',
        'import (\n\tv1 "k8s.io/api/core/v1"\n)\n',
        'import v1 "k8s.io/kubernetes/pkg/apis/core/v1"\n',
    ],
)
def test_package_has_any_name(imported):
    assert found('var c = v1.Container{Image: "a/b:1"}', head=imported).pulled == ["docker.io/a/b:1"]


@pytest.mark.parametrize(
    "text",
    [
        'var c = other.Container{Image: "a/b:1"}',
        'var c = Container{Image: "a/b:1"}',
        'var c = corev1.ContainerStatus{Image: "a/b:1"}',
        'var c = corev1.Container{Name: "a/b:1"}',
        "func f(i string) { c := corev1.Container{Image: i} }",
        "var c = corev1.Container{Image: settings.Image}",
        'var m = map[string]string{"Image": "a/b:1"}',
        '// corev1.Container{Image: "a/b:1"}',
    ],
)
def test_what_is_no_image_or_is_given_by_others(text):
    assert found(text).found == []


def test_image_of_which_a_part_is_not_known_is_told():
    ((text, reason),) = found('var c = corev1.Container{Image: fmt.Sprintf("a/b:%s", tag)}').unresolved
    assert (text, reason) == ("a/b:%s", "tag is not set to a literal in this file")


@pytest.mark.parametrize("path", ["pkg/pod_test.go", "test/e2e/pods.go", "testing/fake.go"])
def test_tests_are_passed_over(path):
    assert found('var c = corev1.Container{Image: "a/b:1"}', path).items == ()


def test_file_without_the_package_is_passed_over():
    assert (
        found('var c = v1.Container{Image: "a/b:1"} // k8s.io/', head='import "a/api/core/v1"\n').items == ()
    )


def test_file_without_such_literals_is_not_parsed():
    before = CodeFile.read.cache_info().misses
    assert found("type Container struct {\n\tImage string\n}\nvar c = new(corev1.Container)").items == ()
    assert CodeFile.read.cache_info().misses == before


@given(
    st.lists(
        st.sampled_from(
            [
                "corev1.Container",
                "[]",
                "{",
                "}",
                "Image: ",
                '"a/b:1"',
                ",",
                "\n",
                "(",
                "`",
                "&",
                'fmt.Sprintf("%s", x)',
            ]
        )
    )
)
@settings(max_examples=100, deadline=None)
def test_any_text_is_read(tokens):
    for item in found("".join(tokens)).items:
        assert item.start >= 0
