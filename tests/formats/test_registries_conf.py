"""registries.conf, and policies for signatures."""

import pytest
from extracted import extracted


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ('[[registry]]\nprefix = "docker.io/a"\nlocation = "r.example/hub"\n', [("docker.io/a", "prefix")]),
        ('[[registry]]\nlocation = "docker.io"\n[[registry.mirror]]\nlocation = "mirror.gcr.io"\n',
         [("docker.io", "prefix")]),
        ('[[registry]]\nprefix = "*.docker.io"\nblocked = true\n', [("*.docker.io", "glob")]),
        ('[registries.block]\nregistries = ["docker.io"]\n', [("docker.io", "prefix")]),
        ('unqualified-search-registries = ["docker.io"]\n', []),
    ],
)  # fmt: skip
def test_registries(text, rules):
    assert extracted("registries_conf", text, "etc/containers/registries.conf").rules == rules


def test_each_registry_of_a_file_is_told_by_its_prefix_or_its_location():
    text = '[[registry]]\nlocation = "quay.io"\n[[registry]]\nlocation = "r.io/hub"\nprefix = "docker.io"\n'
    rules = extracted("registries_conf", text, "registries.conf").rules
    assert rules == [("quay.io", "prefix"), ("docker.io", "prefix")]


def test_scopes_of_a_policy_for_signatures():
    text = (
        '{"default": [], "transports": {"docker": {"docker.io/library/nginx": [{"type": "reject"}], "": []}}}'
    )
    assert extracted("registries_conf", text, "policy.json").rules == [("docker.io/library/nginx", "prefix")]


def test_scopes_of_notation():
    text = '{"version": "1.0", "trustPolicies": [{"registryScopes": ["docker.io/library/nginx", "*"]}]}'
    assert extracted("registries_conf", text, "trustpolicy.json").rules == [
        ("docker.io/library/nginx", "name")
    ]
