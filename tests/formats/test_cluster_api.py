"""Cluster API and kubeadm: images, prefixes, files and commands."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats.kubernetes import FORMAT as KUBERNETES


def found(spec, kind="controlplane.cluster.x-k8s.io/v1beta1 KubeadmControlPlane", name="cluster_api"):
    group, kind = kind.split()
    return extracted(name, f"apiVersion: {group}\nkind: {kind}\nspec: {spec}\n", "cluster.yaml")


def test_a_repository_alone_is_a_prefix():
    assert found("{kubeadmConfigSpec: {clusterConfiguration: {imageRepository: a.io/k8s}}}").found == []


@pytest.mark.parametrize(
    ("part", "reference"),
    [
        ("etcd: {local: {imageRepository: a.io/x, imageTag: 3.5.1}}", "a.io/x/etcd:3.5.1"),
        ("dns: {imageRepository: a.io/x, imageTag: v1}", "a.io/x/coredns:v1"),
        ("dns: {imageRepository: registry.k8s.io, imageTag: v1}", "registry.k8s.io/coredns/coredns:v1"),
    ],
)
def test_images_of_etcd_and_dns(part, reference):
    assert found(f"{{kubeadmConfigSpec: {{clusterConfiguration: {{{part}}}}}}}").pulled == [reference]


def test_kubeadm_alone_is_read():
    text = (
        "apiVersion: kubeadm.k8s.io/v1beta3\nkind: ClusterConfiguration\n"
        "dns: {imageRepository: a.io, imageTag: v1}\n"
    )
    assert extracted("cluster_api", text, "kubeadm.yaml").pulled == ["a.io/coredns:v1"]


@pytest.mark.parametrize(
    "spec", ["{image: foo}", "{template: {spec: {imageID: ami-1}}}", "{imageName: ubuntu-2204}"]
)
def test_disks_of_machines_are_no_images(spec):
    kind = "infrastructure.cluster.x-k8s.io/v1beta1 XMachineTemplate"
    assert [found(spec, kind, name).found for name in ("cluster_api", KUBERNETES.name)] == [[], []]


@pytest.mark.parametrize(
    "spec",
    [
        "{template: {spec: {customImage: 'a/b:1'}}}",
        "{template: {spec: {preLoadImages: ['a/b:1']}}}",
        "{template: {spec: {volumes: [{containerDisk: {image: 'a/b:1'}}]}}}",
    ],
)
def test_containers_as_machines(spec):
    assert found(spec, "infrastructure.cluster.x-k8s.io/v1beta1 XMachineTemplate").pulled == [
        "docker.io/a/b:1"
    ]


def test_load_balancer_of_docker_clusters():
    spec = "{loadBalancer: {imageRepository: kindest, imageTag: v1}}"
    assert found(spec, "infrastructure.cluster.x-k8s.io/v1beta1 DockerCluster").pulled == [
        "docker.io/kindest/haproxy:v1"
    ]


def test_files_of_nodes_are_files():
    spec = (
        "{kubeadmConfigSpec: {files: [{path: /etc/kubernetes/manifests/kube-vip.yaml, content: 'a'},"
        " {path: /b, content: c, encoding: base64}]}}"
    )
    assert [item.name for item in found(spec).embedded] == ["kube-vip.yaml"]


def test_commands_of_nodes_are_read():
    spec = "{kubeadmConfigSpec: {preKubeadmCommands: [ctr images pull docker.io/a/b:1]}}"
    assert found(spec).roles == [("docker.io/a/b:1", "script")]


def test_a_chart_as_an_add_on():
    spec = "{repoURL: 'oci://ghcr.io/x/', chartName: c, version: 1.2.3, valuesTemplate: 'image: {}'}"
    item = found(spec, "addons.cluster.x-k8s.io/v1alpha1 HelmChartProxy")
    assert (item.roles, [each.formats for each in item.embedded]) == (
        [("ghcr.io/x/c:1.2.3", "chart")],
        [("helm_values",)],
    )


@given(
    st.lists(
        st.sampled_from(
            ["dns: ", "{", "}", "imageRepository: a", ", ", "imageTag: v1", "files: ", "[", "]", "\n  ", "'"]
        )
    )
)
@settings(max_examples=100, deadline=None)
def test_any_text_is_read(tokens):
    for item in found("".join(tokens)).items:
        assert getattr(item, "start", 0) >= 0
