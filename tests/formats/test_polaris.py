"""Polaris: patterns of images in custom checks."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st

HEAD = "customChecks:\n  registry:\n    target: Container\n    schema:\n      properties:\n        image: "


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ("{type: string, pattern: '^docker.io/acme'}", [("^docker.io/acme", "regex")]),
        (r"{not: {pattern: '^docker\.io'}}", [(r"^docker\.io", "regex")]),
        ("{pattern: ':v[0-9.]+$'}", []),
        ("{enum: [docker.io/acme/web, busybox]}", [("docker.io/acme/web", "name")]),
        ("{type: string}", []),
    ],
)
def test_expression_that_says_where_images_come_from(schema, expected):
    assert extracted("polaris", HEAD + schema, "polaris.yaml").rules == expected


def test_pattern_of_another_property_is_none():
    text = HEAD.replace("image: ", "name: ") + "{pattern: '^docker.io/'}"
    assert extracted("polaris", text, "polaris.yaml").rules == []


@given(
    st.lists(
        st.sampled_from(
            ["customChecks: ", "schema: ", "image: ", "pattern: ", "^a.io/", "{", "}", "\n  ", "[", "'"]
        )
    )
)
@settings(max_examples=100, deadline=None)
def test_any_text_is_read(tokens):
    for item in extracted("polaris", "".join(tokens), "polaris.yaml").items:
        assert item.start >= 0
