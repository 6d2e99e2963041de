"""Rego: what policies compare images with."""

import pytest
from extracted import extracted
from hypothesis import given
from hypothesis import strategies as st


def rego(text):
    return extracted("rego", text, "policy.rego")


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ('allow { startswith(input.image, "docker.io/") }', [("docker.io/", "prefix")]),
        ('allow if startswith(input.image, "docker.io/library/")', [("docker.io/library/", "prefix")]),
        ('allowed_registries := {"docker.io", "gcr.io/acme"}',
         [("docker.io", "prefix"), ("gcr.io/acme", "prefix")]),
        ('trusted_repos = [\n  "docker.io/library/",\n  "ghcr.io/acme/",\n]\n',
         [("docker.io/library/", "prefix"), ("ghcr.io/acme/", "prefix")]),
        ('deny[msg] {\n  not glob.match("docker.io/*", [], container.image)\n}', [("docker.io/*", "glob")]),
        ("x { regex.match(`^docker\\.io/`, image) }", [("^docker\\.io/", "regex")]),
    ],
)  # fmt: skip
def test_string_that_is_compared_with_an_image(text, rules):
    assert rego(f"package a\n{text}").rules == rules


@pytest.mark.parametrize(
    "text",
    [
        'import data.lib.images\nx := "docker.io/a"',
        'deny[msg] {\n  image := input.image\n  msg := sprintf("see https://x.io/a for %v", [1])\n}',
        'deny[msg] { not image\n  msg := "docker.io/a is not allowed" }',
        '# image == "docker.io/"\n',
        'image_names := {"nginx", "latest"}',
        'path := "/spec/containers/0/image"\nop := {"path": image_path, "value": "/spec/x"}',
    ],
)
def test_other_strings_are_none(text):
    assert rego(f"package a\n{text}").found == []


@given(
    st.lists(
        st.sampled_from(['"docker.io/a"', "image", "{", "}", "[", "]", "(", ")", ":=", "\n", "#", "`", '"'])
    )
)
def test_any_text_is_read(tokens):
    text = " ".join(tokens)
    for item in rego(text).items:
        assert text[item.start :].startswith(str(item.value))
