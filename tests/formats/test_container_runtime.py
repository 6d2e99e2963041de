"""Runtimes of clusters: the pause image."""

import pytest
from extracted import extracted


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("config.toml", '[plugins."io.containerd.grpc.v1.cri"]\n  sandbox_image = "x/pause:1"'),
        ("config.toml.j2", "[plugins.cri]\n  sandbox_image = 'x/pause:1'"),
        ("config.toml", '[plugins."io.containerd.cri.v1.images".pinned_images]\nsandbox = "x/pause:1"'),
        ("crio.conf", '[crio.image]\npause_image = "x/pause:1"'),
        ("kubelet.service", "[Service]\nExecStart=/usr/bin/kubelet --pod-infra-container-image=x/pause:1"),
        ("kubelet.env", 'KUBELET_EXTRA_ARGS="--pod-infra-container-image x/pause:1"'),
        ("kubeadm.yaml", "kubeletExtraArgs:\n  pod-infra-container-image: x/pause:1\n"),
        ("config.json", '{"kubeletArguments": {"pod-infra-container-image": "x/pause:1"}}'),
    ],
)
def test_image_that_keeps_pods_together(path, text):
    assert extracted("container_runtime", text, path).roles == [("docker.io/x/pause:1", "workload")]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("config.toml", '# sandbox_image = "x/pause:1"'),
        ("config.toml", 'sandbox_image = ""'),
        ("config.toml", '[other]\nsandbox = "x/pause:1"'),
        ("kubelet.env", "# --pod-infra-container-image=x/pause:1"),
        ("kubelet.env", "--pod-infra-container-image=$PAUSE"),
    ],
)
def test_no_image(path, text):
    assert extracted("container_runtime", text, path).items == ()
