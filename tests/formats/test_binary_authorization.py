"""Binary Authorization: exported policies."""

import pytest
from extracted import extracted


@pytest.mark.parametrize(
    "text",
    [
        "admissionWhitelistPatterns: [{namePattern: 'docker.io/library/*'}, {namePattern: 'a/b'}]\n",
        "gkePolicy: {imageAllowlist: {allowPattern: ['docker.io/library/*', a/b]}}\n",
        "gkePolicy: {checkSets: [{imageAllowlist: {allowPattern: ['docker.io/library/*', a/b]}}]}\n",
    ],
)
def test_patterns_of_a_policy(text):
    found = extracted("binary_authorization", text, "policy.yaml")
    assert (found.rules, found.pulled) == (
        [("docker.io/library/*", "glob"), ("docker.io/a/b", "name")], [],
    )  # fmt: skip


def test_place_of_a_pattern():
    text = "admissionWhitelistPatterns:\n- namePattern: docker.io/library/*\n"
    (rule,) = extracted("binary_authorization", text, "policy.yaml").found
    assert (rule.line, rule.column, [each.text for each in rule.fragments]) == (
        2,
        16,
        ["docker.io/library/*"],
    )
