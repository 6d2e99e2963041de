"""Images that are pulled although nothing spells them: what is told of each, and where a setting moves it."""

import pytest
from extracted import extracted

KIND = "docker.io/kindest/node is pulled, in a version that the installed kind decides"
K3S = "docker.io/rancher/k3s is pulled, in a version that the installed k3d decides"


def script(text):
    return extracted("shell", text, "up.sh")


@pytest.mark.parametrize(
    ("command", "place", "reason"),
    [
        ("kind create cluster", "cluster", KIND),
        ('sudo kind create cluster --name "$NAME" --wait 5m', "cluster", KIND),
        ("kind create cluster --name $NAME", "cluster", KIND),
        ("k3d cluster create dev -a 2", "create", K3S),
    ],
)
def test_nodes_of_a_cluster_without_an_image_are_of_the_installed_version(command, place, reason):
    found = script(f"#!/bin/sh\n{command}\n")
    ((text, told),) = found.unresolved
    assert (found.occurrences, text) == ([], place)
    assert told.startswith(f"{reason}: set --image")


def test_registry_that_k3d_makes_is_pulled():
    assert script("k3d registry create dev.localhost --port 5000\n").roles == [
        ("docker.io/library/registry:2", "implicit")
    ]


@pytest.mark.parametrize(
    "command",
    [
        "kind create cluster --config kind.yaml",
        "kind create cluster --config=- <<EOF\nkind: Cluster\nEOF",
        "kind create cluster $KIND_ARGS",
        'kind create cluster "$@"',
        'kind create cluster "${ARGS[@]}"',
        "kind create cluster --help",
        "kind get clusters",
        "kind load docker-image x:1",
        "echo kind create cluster",
        "k3d cluster create -c k3d.yaml",
        "k3d cluster create $OPTIONS",
        "k3d cluster delete dev",
        "k3d registry list",
        "# kind create cluster",
        "command -v kind",
    ],
)
def test_cluster_that_is_not_made_or_may_have_an_image_pulls_nothing_of_its_own(command):
    found = script(f"#!/bin/sh\n{command}\n")
    assert (found.pulled, found.unresolved) == ([], [])


@pytest.mark.parametrize("command", ["kind create cluster --image x:1", "k3d cluster create -i x:1"])
def test_image_of_nodes_that_is_set_is_what_is_pulled(command):
    found = script(f"#!/bin/sh\n{command}\n")
    assert (found.pulled, found.unresolved) == (["docker.io/library/x:1"], [])


def workflow(action, settings):
    text = f"jobs: {{a: {{steps: [{{uses: {action}@v1, with: {{{settings}}}}}]}}}}\n"
    return extracted("github_actions", text, ".github/workflows/a.yml")


@pytest.mark.parametrize(
    ("action", "settings"),
    [("helm/kind-action", "version: v0.20.0"), ("engineerd/setup-kind", "name: a")],
)
def test_action_of_kind_pulls_the_nodes_of_its_version(action, settings):
    found = workflow(action, settings)
    ((text, told),) = found.unresolved
    assert (found.pulled, text) == ([], f"{action}@v1")
    assert "docker.io/kindest/node" in told
    assert "set the input" in told


@pytest.mark.parametrize(
    ("action", "settings", "pulled"),
    [
        ("helm/kind-action", "node_image: 'x:1'", ["docker.io/library/x:1"]),
        ("helm/kind-action", "config: kind.yaml", []),
        ("helm/kind-action", "install_only: true", []),
        ("helm/kind-action", "config: a, registry: true", ["docker.io/library/registry:2"]),
        ("helm/kind-action", "config: a, registry: true, registry_image: 'x:1'", ["docker.io/library/x:1"]),
        ("engineerd/setup-kind", "image: 'x:1'", ["docker.io/library/x:1"]),
        ("engineerd/setup-kind", "skipClusterCreation: true", []),
        ("helm/chart-testing-action", "version: 1", []),
    ],
)
def test_action_of_kind_that_is_told_what_to_pull_pulls_that(action, settings, pulled):
    found = workflow(action, settings)
    assert (found.pulled, found.unresolved) == (pulled, [])
