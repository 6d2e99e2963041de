"""Programs beside docker: what their command lines pull, and what they push."""

import pytest

from planner.formats._base import Candidate
from planner.formats._shell import images
from planner.model.inventory import Role
from planner.model.source import Text


def roles(script: str) -> list[tuple[str, str]]:
    return [(str(item.value), item.role.value) for item in _candidates(script)]


def pulled(script: str) -> list[str]:
    return [str(item.value) for item in _candidates(script) if item.role is not Role.OUTPUT]


def built(script: str) -> list[str]:
    return [str(item.value) for item in _candidates(script) if item.role is Role.OUTPUT]


def _candidates(script: str) -> list[Candidate]:
    return [item for item in images(Text.at(0, script), "run.sh") if not item.problem]


@pytest.mark.parametrize(
    "command",
    [
        "skopeo sync --src docker --dest dir x:1 /tmp",
        "crane mutate x:1 -t y:1",
        "regctl image digest x:1",
        "regctl manifest get --format raw-body x:1",
        "oras pull -o dir x:1",
        "oras manifest fetch x:1",
        "cosign verify --key k.pub x:1",
        "cosign download sbom x:1",
        "trivy image --severity HIGH,CRITICAL x:1",
        "trivy --quiet image --exit-code 1 x:1",
        "grype registry:x:1 --fail-on high",
        "grype x:1",
        "syft scan x:1 -o json",
        "dive x:1",
        "dockle --exit-code 1 x:1",
        "docker scout cves --only-severity high x:1",
        "docker plugin install --alias p x:1",
        "docker model pull x:1",
        "podman pod create --infra-image x:1",
        "docker buildx bake --set web.contexts.base=docker-image://x:1",
        "kustomize edit set image a=x:1",
        "minikube cache add x:1",
        "talosctl upgrade --image x:1",
        "oc new-app --docker-image=x:1",
        "oc import-image a --from=x:1 --confirm",
        "oc image info x:1",
        "s2i build . x:1 app",
        "az webapp create --deployment-container-image-name x:1",
        "az containerapp job create --image x:1",
        "az acr import --source x:1 --image y",
        "aws lambda update-function-code --function-name f --image-uri x:1",
        "act -P ubuntu-latest=x:1",
        "buildctl build --import-cache type=registry,ref=x:1",
        "mvn package jib:build -Djib.from.image=x:1",
        "./gradlew bootBuildImage -Pspring-boot.build-image.builder=x:1",
        "flyctl deploy --image x:1",
        "gitlab-runner register --docker-image x:1",
        "distrobox create -n a -i x:1",
        "cf push web --docker-image x:1",
        "faas-cli deploy --image=x:1 --name f",
        "faas-cli deploy -f stack.yml --image x:1",
        "velero install --image x:1 --bucket b",
        "velero install --plugins x:1 --provider aws",
        "velero plugin add x:1",
        "ibmcloud ce application create --name a --image x:1",
        "k0s ctr images pull x:1",
        "cf push web -o x:1",
        "k3s crictl pull x:1",
        "lima nerdctl run x:1",
        "$ENGINE run --rm x:1",
        "ssh host 'docker run x:1'",
        "concurrently 'docker run x:1' 'npm start'",
        "echo x:1 | xargs docker pull",
        "xargs -n1 docker pull <<< 'x:1'",
        "printf '%s\\n' x:1 | xargs -I{} docker pull {}",
        "while read -r i; do docker pull $i; done <<EOF\nx:1\nEOF",
        "echo x:1 | while read i; do docker pull $i; done",
    ],
)
def test_image_of_a_command(command):
    assert pulled(command) == ["x:1"]


@pytest.mark.parametrize(
    "command",
    [
        "regctl image copy a:1 x:1",
        "oras push x:1 file",
        "oras cp a:1 x:1",
        "cosign sign --key k x:1",
        "docker import a.tar x:1",
        "docker buildx bake --set *.tags=x:1",
        "/kaniko/executor --destination x:1 --context .",
        "buildctl build --output type=image,name=x:1,push=true",
        "mvn jib:build -Djib.to.image=x:1",
        "flux push artifact oci://x:1 --path .",
        "faas-cli build --image x:1",
    ],
)
def test_name_that_is_built_or_pushed_is_an_output(command):
    assert built(command) == ["x:1"]


@pytest.mark.parametrize(
    "command",
    [
        "trivy fs --severity HIGH x:1",
        "trivy config .",
        "grype dir:. -o table",
        "syft ./folder",
        "oras login x:1",
        "regctl tag ls x",
        "helm push a.tgz oci://x",
        "oc new-app https://example.org/a.git",
        "kustomize edit set image '*:1'",
        "docker buildx create --driver remote tcp://x:1",
        "ssh host 'ls x:1'",
        "log 'docker run x:1'",
        "velero backup create x:1",
        "ibmcloud is instance-create --image x:1",
        "cf target -o x",
        "cf create-space x -o y",
    ],
)
def test_no_image(command):
    assert _candidates(command) == []


@pytest.mark.parametrize(
    ("command", "reference"),
    [
        ("docker buildx create --use", "docker.io/moby/buildkit:buildx-stable-1"),
        ("docker buildx create --driver kubernetes", "docker.io/moby/buildkit:buildx-stable-1"),
        ("docker buildx build --sbom=true .", "docker.io/docker/buildkit-syft-scanner:stable-1"),
        ("docker buildx build --attest type=sbom .", "docker.io/docker/buildkit-syft-scanner:stable-1"),
    ],
)
def test_what_is_pulled_without_being_spelled(command, reference):
    assert roles(command) == [(reference, "implicit")]


@pytest.mark.parametrize("option", ["--sbom=false", "--attest type=provenance,mode=max", "--provenance=true"])
def test_build_without_an_sbom_needs_no_scanner(option):
    assert roles(f"docker buildx build {option} .") == []


@pytest.mark.parametrize(
    ("command", "chart"),
    [
        ("helm install a oci://r.io/c/x --version 1.2.3", "r.io/c/x:1.2.3"),
        ("helm pull oci://r.io/c/x", "r.io/c/x"),
        ("helm upgrade --install a oci://r.io/c/x --version '^1'", "r.io/c/x"),
        ("flux pull artifact oci://r.io/c/x:1 --output .", "r.io/c/x:1"),
        ("flux create source oci a --url=oci://r.io/c/x --tag=1", "r.io/c/x:1"),
    ],
)
def test_chart_in_a_registry(command, chart):
    assert roles(command) == [(chart, "chart")]


@pytest.mark.parametrize(
    ("expansion", "expected"),
    [
        ("${V%:*}:2", "q.io/a/b:2"),
        ("${V##*/}", "b:1"),
        ("${V#*/}", "a/b:1"),
        ("${V%%/*}/c", "q.io/c"),
        ("${V/q.io/docker.io}", "docker.io/a/b:1"),
        ("${V//b/c}", "q.io/a/c:1"),
        ("${V:5}", "a/b:1"),
        ("${V:0:4}/c", "q.io/c"),
        ("${V: -3}", "b:1"),
        ("${V^^}", "Q.IO/A/B:1"),
        ("${V/%:1/:2}", "q.io/a/b:2"),
    ],
)
def test_part_of_a_value_that_is_known(expansion, expected):
    assert pulled(f"V=q.io/a/b:1; docker pull {expansion}") == [expected]


def test_fields_of_a_line_stay_together():
    script = "while read -r name tag; do docker pull $name:$tag; done <<EOF\na 1\nb 2\nEOF"
    assert pulled(script) == ["a:1", "b:2"]


def test_what_is_set_by_a_default_is_known_to_functions_before_it():
    script = 'f() { docker pull "$1"; }\n: "${HUB:=docker.io}"\nf "$HUB/a:1"'
    assert pulled(script) == ["docker.io/a:1"]


def test_variable_of_an_outer_script_is_known_in_an_inner_one():
    assert pulled('I=x:1; bash -c "docker pull $I"; f() { sh -c "docker run $1"; }; f y:1') == ["x:1", "y:1"]


def test_word_that_stands_twice_in_an_array_counts_twice():
    assert pulled('A=(--rm -e B=1 -e C=2)\nA+=(-e D=3)\ndocker run "${A[@]}" x:1') == ["x:1"]


def test_tag_of_a_chart_that_is_set_to_nothing_is_none():
    assert pulled('T=""; helm install a ./c --set image.repository=x --set image.tag="$T"') == ["x"]


def test_what_a_scanner_reads_is_an_image_where_it_begins_with_a_host():
    assert pulled("syft ghcr.io/a/b") == ["ghcr.io/a/b"]
    assert pulled("syft src/a/b") == []
