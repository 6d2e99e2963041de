"""KubeLinter: expressions for names of images."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st

CHECK = "customChecks:\n- name: registries\n  template: {}\n  params:\n    {}\n"


@pytest.mark.parametrize(
    ("template", "params", "expected"),
    [
        ("latest-tag", "allowList: ['^docker.io/acme/.*']", [("^docker.io/acme/.*", "regex")]),
        ("latest-tag", r"blockList: ['^quay\.io', '.*:(latest)$']", [(r"^quay\.io", "regex")]),
        ("latest-tag", "allowList: []", []),
        ("required-label", "allowList: ['^docker.io/']", []),
    ],
)
def test_expression_that_says_where_images_come_from(template, params, expected):
    text = CHECK.format(template, params)
    assert extracted("kube_linter", text, ".kube-linter.yaml").rules == expected


@given(
    st.lists(
        st.sampled_from(
            [
                "customChecks: ",
                "- ",
                "template: latest-tag",
                "params: ",
                "allowList: ",
                "a.io/",
                "\n  ",
                "{",
                "[",
            ]
        )
    )
)
@settings(max_examples=100, deadline=None)
def test_any_text_is_read(tokens):
    for item in extracted("kube_linter", "".join(tokens), ".kube-linter.yaml").items:
        assert item.start >= 0
