"""ko: base images."""

import pytest
from extracted import extracted
from hypothesis import given
from hypothesis import strategies as st


def test_base_images_of_the_configuration():
    text = "defaultBaseImage: alpine:3.20\nbaseImageOverrides:\n  x.org/a/cmd: debian:12\n"
    assert extracted("ko", text, ".ko.yaml").roles == [
        ("docker.io/library/alpine:3.20", "base"),
        ("docker.io/library/debian:12", "base"),
    ]


def test_other_files_may_have_fields_of_the_same_name():
    assert not extracted("ko", "defaultBaseImage: alpine:3.20\n", "values.yaml").items


def test_goreleaser_builds_with_ko():
    text = "kos:\n- base_image: alpine\n  repositories: [ghcr.io/a/b]\n- repository: '{{ .Env.REPO }}/b'\n"
    found = extracted("ko", text, ".goreleaser.yaml")
    assert (found.pulled, found.outputs) == (
        ["docker.io/library/alpine"],
        ["ghcr.io/a/b", "{{ .Env.REPO }}/b"],
    )


def test_goreleaser_pushes_what_its_templates_name():
    text = (
        "dockers:\n- image_templates: ['a/b:latest', 'a/b:{{ .Tag }}']\n"
        "docker_manifests:\n- name_template: a/b:{{ .Major }}\n"
        "dockers_v2:\n- images: [a/c]\n"
    )
    found = extracted("ko", text, ".goreleaser.yml")
    assert (found.pulled, sorted(found.outputs)) == (
        [],
        ["a/b:{{ .Major }}", "a/b:{{ .Tag }}", "docker.io/a/b:latest", "docker.io/a/c"],
    )


@pytest.mark.parametrize(
    "text",
    [
        "export KO_DEFAULTBASEIMAGE=a/b:1\n",
        "KO_DEFAULTBASEIMAGE=a/b:1 ko build ./cmd",
        'env KO_DEFAULTBASEIMAGE="a/b:1" ko build',
        "env:\n  KO_DEFAULTBASEIMAGE: a/b:1 # base\n",
        "env:\n- name: KO_DEFAULTBASEIMAGE\n  value: 'a/b:1'\n",
        "env: ['KO_DEFAULTBASEIMAGE=a/b:1', 'X=1']",
        '{"KO_DEFAULTBASEIMAGE": "a/b:1"}',
        "KO_DEFAULTBASEIMAGE ?= a/b:1\n",
        "KO_DEFAULTBASEIMAGE=${BASE:-a/b:1}\n",
    ],
)
def test_default_base_image_in_the_environment(text):
    assert extracted("ko", text, "x.yaml").pulled == ["docker.io/a/b:1"]


@pytest.mark.parametrize(
    "text",
    [
        "# KO_DEFAULTBASEIMAGE=a/b:1",
        "x # KO_DEFAULTBASEIMAGE=a/b:1",
        'if [ "$KO_DEFAULTBASEIMAGE" = "a/b:1" ]; then',
        "MY_KO_DEFAULTBASEIMAGE=a/b:1",
        "KO_DEFAULTBASEIMAGE=\n",
        "unset KO_DEFAULTBASEIMAGE\n",
    ],
)
def test_what_sets_no_base_image(text):
    assert not extracted("ko", text, "x.sh").items


def test_variable_as_base_image_is_not_known():
    found = extracted("ko", "KO_DEFAULTBASEIMAGE=${REGISTRY}/base:1\n", "x.sh")
    assert [text for text, _ in found.unresolved] == ["${REGISTRY}/base:1"]


PARTS = (
    "KO_DEFAULTBASEIMAGE",
    "=",
    ": ",
    "\n",
    "value: ",
    "a/b:1",
    '"',
    "'",
    "${",
    "}",
    "#",
    " ",
    "kos:",
    "- ",
)


@given(st.lists(st.sampled_from(PARTS)), st.sampled_from([".ko.yaml", "goreleaser.yml", "x.sh"]))
def test_any_text_is_read(parts, path):
    text = "".join(parts)
    for item in extracted("ko", text, path).items:
        assert 0 <= item.start <= len(text)
