"""Dependabot: rules for the updates of images."""

import pytest
from extracted import extracted


def updates(ecosystem, rest):
    return f"version: 2\nupdates: [{{package-ecosystem: {ecosystem}, directory: /, {rest}}}]\n"


@pytest.mark.parametrize(
    ("rest", "rules"),
    [
        ("ignore: [{dependency-name: node, versions: ['>=21']}]", [("docker.io/library/node", "name")]),
        ("allow: [{dependency-name: 'library/*'}]", [("library/*", "glob")]),
        ("groups: {a: {patterns: ['*', 'grafana/*'], exclude-patterns: [grafana/loki]}}",
         [("grafana/*", "glob"), ("docker.io/grafana/loki", "name")]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("ecosystem", ["docker", "docker-compose"])
def test_names_in_rules(ecosystem, rest, rules):
    assert extracted("dependabot", updates(ecosystem, rest), ".github/dependabot.yml").rules == rules


def test_other_ecosystems_have_no_images():
    text = updates("npm", "ignore: [{dependency-name: node}]")
    assert extracted("dependabot", text, ".github/dependabot.yml").found == []
