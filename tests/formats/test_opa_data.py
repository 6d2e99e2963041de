"""Data for policies: lists of registries and images."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st


def rules(text, path="policy/data.json"):
    return extracted("opa_data", text, path).rules


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            '{"allowed_registries": ["docker.io", "ghcr.io/acme/"]}',
            [("docker.io", "prefix"), ("ghcr.io/acme/", "prefix")],
        ),
        ("config:\n  trustedRepos:\n    - docker.io/library/*\n", [("docker.io/library/*", "glob")]),
        ("denied_images: ['docker.io/library/nginx:1.0']\n", [("docker.io/library/nginx:1.0", "name")]),
        ("images_exempt: ['docker.io/istio/*']\n", [("docker.io/istio/*", "glob")]),
        ("registries: {blocked_registries: ['quay.io']}\n", [("quay.io", "prefix")]),
    ],
)
def test_list_of_what_is_let_through_or_refused(text, expected):
    assert rules(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "allowed_registries: docker.io\n",
        "registries: [docker.io]\n",
        "allowed_hosts: [docker.io]\n",
        "allowed_repos: ['https://example.com/x', 'a b/c', '{{ .x }}/y']\n",
        "allowed_image_formats: [image/png, image/jpeg]\n",
        "allow_images_from_users: [acme/web]\n",
        "base_images: [docker.io/acme/web]\n",
        "denied_images: [nginx, latest]\n",
    ],
)
def test_what_is_no_rule_for_images(text):
    assert rules(text) == []


@given(
    st.lists(
        st.sampled_from(
            ["allowed_images: ", "- ", "docker.io/a", "*", "\n", "  ", "[", "]", "{", "'", "&a ", "*a"]
        )
    )
)
@settings(max_examples=100, deadline=None)
def test_any_text_is_read(tokens):
    for item in extracted("opa_data", "".join(tokens), "data.yaml").items:
        assert item.start >= 0
