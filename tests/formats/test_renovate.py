"""Renovate: rules for images."""

import json

import pytest
from extracted import extracted


def renovate(rules, path="renovate.json", **rest):
    return extracted("renovate", json.dumps({"packageRules": rules, **rest}), path)


@pytest.mark.parametrize(
    "scope", [{"matchDatasources": ["docker"]}, {"matchManagers": ["dockerfile", "npm"]}]
)
@pytest.mark.parametrize(
    ("rule", "rules"),
    [
        ({"matchPackageNames": ["nginx"]}, [("docker.io/library/nginx", "name")]),
        ({"matchPackageNames": ["!redis"]}, [("docker.io/library/redis", "name")]),
        ({"matchPackageNames": ["grafana/**"]}, [("grafana/**", "glob")]),
        ({"matchPackageNames": ["/^node/"]}, [("^node", "regex")]),
        ({"matchPackageNames": ["*"]}, []),
        ({"matchPackagePrefixes": ["grafana/"]}, [("grafana/", "prefix")]),
        ({"matchPackagePatterns": ["^node"]}, [("^node", "regex")]),
        ({"excludePackageNames": ["a/b"]}, [("docker.io/a/b", "name")]),
        ({"matchDepNames": ["a/b"]}, [("docker.io/a/b", "name")]),
    ],
)
def test_rule_for_images(scope, rule, rules):
    assert renovate([scope | rule]).rules == rules


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("docker.io/library/node", [("docker.io/library/node", "name")]),
        ("ghcr.io/acme/**", [("ghcr.io/acme/**", "glob")]),
        ("/^docker\\.io/", [("^docker\\.io", "regex")]),
        ("@types/**", []),
        ("golang.org/x/**", []),
        ("/^eslint/", []),
    ],
)
def test_rule_for_everything_is_about_images_where_it_names_a_registry(name, rules):
    assert renovate([{"matchPackageNames": [name]}]).rules == rules


def test_name_in_a_rule_for_everything_is_doubtful():
    (found,) = renovate([{"matchPackageNames": ["node"]}]).occurrences
    assert (str(found.reference), found.confidence) == ("docker.io/library/node", "heuristic")


@pytest.mark.parametrize("scope", [{"matchDatasources": ["npm"]}, {"matchManagers": ["gomod"]}])
def test_rule_for_something_else_is_none(scope):
    assert renovate([scope | {"matchPackageNames": ["node", "docker.io/a/b"]}]).found == []


def test_rules_of_a_manager_are_about_images():
    text = '{"dockerfile": {"packageRules": [{"matchPackageNames": ["a/b"]}], "ignoreDeps": ["c/d"]}}'
    assert extracted("renovate", text, "renovate.json").rules == [
        ("docker.io/a/b", "name"),
        ("docker.io/c/d", "name"),
    ]


@pytest.mark.parametrize("path", [".renovaterc", "renovate.json5", ".github/renovate.json5"])
def test_comments_are_allowed(path):
    text = '{ // why\n"packageRules": [{"matchDatasources": ["docker"], "matchPackageNames": ["a/b"],}]}'
    assert extracted("renovate", text, path).rules == [("docker.io/a/b", "name")]


def test_section_of_package_json():
    text = '{"renovate": {"packageRules": [{"matchDatasources": ["docker"], "matchPackageNames": ["a/b"]}]}}'
    assert extracted("renovate", text, "package.json").rules == [("docker.io/a/b", "name")]
