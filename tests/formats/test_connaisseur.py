"""Connaisseur: the policy in the values of its chart."""

import pytest
from extracted import extracted

POLICY = (
    "[{pattern: '*:*', validator: deny}, {pattern: 'docker.io/library/*:*', validator: d}, "
    "{pattern: a/b, validator: d}]"
)


@pytest.mark.parametrize(
    "text", [f"policy: {POLICY}", f"application: {{policy: {POLICY}}}", f"connaisseur: {{policy: {POLICY}}}"]
)
def test_patterns_of_the_policy(text):
    assert extracted("connaisseur", text, "values.yaml").rules == [
        ("*:*", "glob"),
        ("docker.io/library/*:*", "glob"),
        ("docker.io/a/b", "name"),
    ]


def test_policy_without_validators_is_another():
    assert extracted("connaisseur", "policy: [{pattern: a/b, with: validator}]", "values.yaml").found == []
