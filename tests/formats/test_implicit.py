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


@pytest.mark.parametrize("registry", ["registry-1.docker.io", "docker.io"])
def test_chart_of_bitnami_says_what_its_values_pull(registry):
    (item,) = script(f"helm install a oci://{registry}/bitnamicharts/redis --version 19.0.0\n").occurrences
    (line,) = item.trail
    assert (str(item.reference), item.role) == ("docker.io/bitnamicharts/redis:19.0.0", "chart")
    assert "docker.io/bitnami" in line
    assert "global.security.allowInsecureImages=true" in line


def test_chart_of_others_says_nothing_of_its_values():
    (item,) = script("helm install a oci://registry-1.docker.io/acme/redis --version 1.0.0\n").occurrences
    assert item.trail == ()


def code(text, path):
    return extracted("testcontainers", text, path)


JAVA = "import org.testcontainers.containers.{};\nclass T {{ Object a = {}; }}\n"


@pytest.mark.parametrize(
    ("made", "image"),
    [
        ("new PostgreSQLContainer<>()", "docker.io/library/postgres"),
        ("new KafkaContainer()", "docker.io/confluentinc/cp-kafka"),
        ('new MySQLContainer().withDatabaseName("a")', "docker.io/library/mysql"),
    ],
)
def test_container_of_java_without_an_image_is_of_the_installed_version(made, image):
    text = JAVA.format("*", made)
    found = code(text, "T.java")
    ((spelled, reason),) = found.unresolved
    assert (found.pulled, spelled) == ([], made[4:].partition("Container")[0] + "Container")
    assert reason.startswith(f"{image} is pulled")
    assert "hub.image.name.prefix" in reason


@pytest.mark.parametrize(
    "text",
    [
        "import org.acme.*;\nimport org.testcontainers.junit.jupiter.Testcontainers;\n"
        "class T { Object a = new PostgreSQLContainer(); }\n",
        JAVA.format("KafkaContainer", "new PostgreSQLContainer()"),
        JAVA.format("*", "PostgreSQLContainer()"),
        JAVA.format("*", "null; // new PostgreSQLContainer()"),
        JAVA.format("*", "new OwnContainer()"),
    ],
)
def test_container_of_java_that_is_not_of_testcontainers_has_no_default(text):
    found = code(text, "T.java")
    assert (found.pulled, found.unresolved) == ([], [])


def test_container_of_kotlin_without_an_image_is_of_the_installed_version():
    text = (
        "import org.testcontainers.containers.PostgreSQLContainer\nval a = PostgreSQLContainer<Nothing>()\n"
    )
    ((_, reason),) = code(text, "T.kt").unresolved
    assert reason.startswith("docker.io/library/postgres is pulled")


def test_class_of_kotlin_that_extends_a_container_is_no_container():
    text = "import org.testcontainers.containers.MySQLContainer\nclass A : MySQLContainer<A>(image)\n"
    assert code(text, "T.kt").unresolved == []


@pytest.mark.parametrize("made", ["RedisContainer()", "RedisContainer(password='a')"])
def test_container_of_python_without_an_image_is_the_latest(made):
    found = code(f"from testcontainers.redis import RedisContainer\nwith {made} as r: pass\n", "test_a.py")
    assert found.roles == [("docker.io/library/redis:latest", "implicit")]


@pytest.mark.parametrize(
    "text",
    [
        "from testcontainers.redis import RedisContainer\nRedisContainer(**options)\n",
        "from testcontainers.redis import RedisContainer\nclass RedisContainer(): pass\n",
        "import testcontainers\nRedisContainer()\n",
        "from acme import RedisContainer  # not testcontainers\nRedisContainer()\n",
    ],
)
def test_container_of_python_that_may_have_an_image_has_no_default(text):
    assert code(text, "test_a.py").pulled == []


def test_container_of_python_with_an_image_pulls_that():
    text = "from testcontainers.redis import RedisContainer\nRedisContainer('redis:7')\n"
    assert code(text, "test_a.py").pulled == ["docker.io/library/redis:7"]


@pytest.mark.parametrize(
    "text",
    [
        "from kfp import dsl\n@dsl.component\ndef f(): pass\n",
        "from kfp import dsl\n@dsl.component(packages_to_install=['a'])\ndef f(): pass\n",
        "import kfp\n@kfp.dsl.component()\ndef f(): pass\n",
        "from kfp.dsl import (\n    Output,\n    component,\n)\n@component\ndef f(): pass\n",
    ],
)
def test_component_of_kfp_without_a_base_runs_in_that_of_the_installed_version(text):
    found = extracted("kfp", text, "p.py")
    ((spelled, reason),) = found.unresolved
    assert (found.pulled, spelled.rpartition(".")[2]) == ([], "component")
    assert reason.startswith("docker.io/library/python is pulled")
    assert "base_image" in reason


@pytest.mark.parametrize(
    "text",
    [
        "from kfp import dsl\n@dsl.container_component\ndef f(): pass\n",
        "from kfp import dsl\n@dsl.component(**options)\ndef f(): pass\n",
        "from kfp import dsl\nfrom acme import component\n@component\ndef f(): pass\n",
        "from acme import dsl\n@dsl.component\ndef f(): 'kfp'\n",
        "from kfp import dsl\n# @dsl.component\n'''\n@dsl.component\n'''\n",
        "from kfp import dsl\n@dsl.component(base_image=choose())\ndef f(): pass\n",
    ],
)
def test_what_is_no_component_of_kfp_or_may_have_a_base_has_no_default(text):
    assert [reason for _, reason in extracted("kfp", text, "p.py").unresolved if "installed" in reason] == []
