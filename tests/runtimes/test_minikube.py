import pytest
from merging import OWN, asked, merged

from planner.errors import ConfigError
from planner.runtimes._base import Mirror
from planner.runtimes.minikube import RUNTIME


def test_hosts_for_containerd_may_have_a_path():
    assert asked("minikube", merged("minikube", "", OWN)) == ["https://us-docker.pkg.dev/v2/acme/docker-hub"]


def test_option_for_docker_has_none():
    assert RUNTIME.flag is not None
    assert RUNTIME.flag(Mirror("mirror.gcr.io")).endswith("--registry-mirror=https://mirror.gcr.io")
    with pytest.raises(ConfigError, match="refuses a mirror with a path"):
        RUNTIME.flag(Mirror.parse(OWN))
