"""Images that are pulled although nothing spells them: what is told of each, and where a setting moves it."""

import re
from pathlib import Path

import pytest
from extracted import extracted

from planner.model.inventory import Occurrence, Role, Unresolved
from planner.scan import scan

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


def spring(text, path):
    found = extracted("spring_boot", text, path)
    return [reason for _, reason in found.unresolved if "paketobuildpacks" in reason]


PLUGIN = (
    "<project><build><plugins><plugin><artifactId>spring-boot-maven-plugin</artifactId>{}"
    "</plugin></plugins></build></project>"
)
EXECUTION = "<executions><execution><goals><goal>{}</goal></goals></execution></executions>"
IMAGE = "<configuration><image>{}</image></configuration>"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (PLUGIN.format(EXECUTION.format("build-image")), "pom.xml"),
        (PLUGIN.format(EXECUTION.format("build-image-no-fork")), "pom.xml"),
        (PLUGIN.format(IMAGE.format("<name>acme/app</name>")), "pom.xml"),
        ("bootBuildImage { imageName = 'acme/app' }", "build.gradle"),
        ('tasks.named<BootBuildImage>("bootBuildImage") { imageName.set("acme/app") }', "build.gradle.kts"),
    ],
)
def test_image_of_spring_boot_without_a_builder_is_built_by_that_of_its_version(text, path):
    (reason,) = spring(text, path)
    assert reason.endswith("the installed Spring Boot decides: set builder and runImage to move them")


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (PLUGIN.format(""), "pom.xml"),
        (PLUGIN.format(EXECUTION.format("repackage")), "pom.xml"),
        (PLUGIN.format(IMAGE.format("<builder>a/b:1</builder>")), "pom.xml"),
        (PLUGIN.format(EXECUTION.format("build-image") + IMAGE.format("<builder>${b}</builder>")), "pom.xml"),
        ("bootBuildImage { imageName = 'acme/app'; builder = 'a/b:1' }", "build.gradle"),
        ("bootBuildImage { imageName = 'acme/app'; builder = chosen() }", "build.gradle"),
        ("// bootBuildImage { imageName = 'acme/app' }", "build.gradle"),
        ("tasks.bootBuildImage.enabled = false", "build.gradle"),
        ("bootJar { imageName = 'acme/app' }", "build.gradle"),
    ],
)
def test_builder_of_spring_boot_that_is_named_or_not_used_is_no_default(text, path):
    assert spring(text, path) == []


@pytest.mark.parametrize(("group", "told"), [("org.springframework.boot", 1), ("org.acme", 0)])
def test_parent_elsewhere_may_name_the_builder_of_spring_boot_unless_it_is_that_of_spring(group, told):
    artifact = "spring-boot-starter-parent"
    parent = f"<parent><groupId>{group}</groupId><artifactId>{artifact}</artifactId></parent>"
    text = PLUGIN.format(EXECUTION.format("build-image")).replace("<build>", f"{parent}<build>")
    assert len(spring(text, "pom.xml")) == told


JOB = "jobs: {{a: {{steps: [{{{}}}]}}}}\n"
WORKFLOW = ".github/workflows/a.yml"
DOCUMENTED = {  # what starts it: a file in which it does
    "`# syntax=docker/dockerfile:1`": ("Dockerfile", "# syntax=docker/dockerfile:1\nFROM scratch\n"),
    "`docker/setup-buildx-action`": (WORKFLOW, JOB.format("uses: docker/setup-buildx-action@v3")),
    "`docker buildx create`": ("a.sh", "docker buildx create --use\n"),
    "`docker/setup-qemu-action`": (WORKFLOW, JOB.format("uses: docker/setup-qemu-action@v3")),
    "`docker buildx build --sbom=true`": ("a.sh", "docker buildx build --sbom=true .\n"),
    "`kind create cluster`": ("a.sh", "kind create cluster\n"),
    "`helm/kind-action`": (WORKFLOW, JOB.format("uses: helm/kind-action@v1")),
    "a configuration of kind without `image`": (
        "kind.yaml",
        "kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnodes: [{role: worker}]\n",
    ),
    "`k3d cluster create`": ("a.sh", "k3d cluster create\n"),
    "a configuration of k3d without `image`": (
        "k3d.yaml",
        "apiVersion: k3d.io/v1alpha5\nkind: Simple\nagents: 2\n",
    ),
    "`k3d registry create`": ("a.sh", "k3d registry create\n"),
    "`get.k3s.io`, `get.rke2.io`, `k3sup install`": ("a.sh", "curl -sfL https://get.k3s.io | sh -\n"),
    "`act`": ("a.sh", "act -j build\n"),
    "Testcontainers among the dependencies": ("build.gradle", "test('org.testcontainers:mysql:1')\n"),
    "`new PostgreSQLContainer<>()`": ("T.java", JAVA.format("*", "new PostgreSQLContainer<>()")),
    "`RedisContainer()` in Python": (
        "a.py",
        "from testcontainers.redis import RedisContainer\nRedisContainer()\n",
    ),
    '`AddPostgres("db")` of .NET Aspire': (
        "Program.cs",
        'var b = DistributedApplication.CreateBuilder(args);\nb.AddPostgres("db");\n',
    ),
    "`@dsl.component`": ("p.py", "from kfp import dsl\n@dsl.component\ndef f(): pass\n"),
    "`jib-maven-plugin`": (
        "pom.xml",
        "<project><properties><maven.compiler.target>17</maven.compiler.target></properties>"
        "<build><plugins><plugin><artifactId>jib-maven-plugin</artifactId></plugin></plugins></build></project>",
    ),
    "`spring-boot:build-image` in a POM": ("pom.xml", PLUGIN.format(EXECUTION.format("build-image"))),
    "`oci://registry-1.docker.io/bitnamicharts/redis`": (
        "a.sh",
        "helm install a oci://registry-1.docker.io/bitnamicharts/redis --version 1.0.0\n",
    ),
}


def documented():
    text = (Path(__file__).parents[2] / "docs" / "scanning.md").read_text(encoding="utf-8")
    table = text.partition("## Implicit pulls")[2].partition("\n## ")[0]
    rows = [line.strip("|").split("|") for line in table.splitlines() if line.startswith("| ")][1:]
    return {start.strip(): (pulled.strip(), knob.strip()) for start, pulled, knob in rows}


def test_table_of_implicit_pulls_has_an_example_of_each():
    assert list(documented()) == list(DOCUMENTED)


@pytest.mark.parametrize("start", DOCUMENTED)
def test_table_of_implicit_pulls_is_true(start, tmp_path):
    pulled, knob = documented()[start]
    path, text = DOCUMENTED[start]
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text(text)
    (item,) = scan([tmp_path]).found
    if isinstance(item, Occurrence) and item.role is Role.FRONTEND:
        assert str(item.reference) == "docker.io/docker/dockerfile:1"
        return
    told = item.reason if isinstance(item, Unresolved) else " ".join((str(item.reference), *item.trail))
    assert isinstance(item, Unresolved) == pulled.endswith("tag unknown")
    assert isinstance(item, Unresolved) or item.role in (Role.IMPLICIT, Role.CHART)
    assert [word for word in re.findall("`([^`]+)`", f"{pulled} {knob}") if word not in told] == []
