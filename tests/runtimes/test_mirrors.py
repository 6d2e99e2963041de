"""What a mirror is, where it goes among others, and which file is whose."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from merging import GOOGLE, OWN

from planner.errors import ConfigError
from planner.model.source import SourceFile
from planner.runtimes._base import Mirror, place, present, spelled
from planner.runtimes._known import runtime, runtimes, setting


@pytest.mark.parametrize(
    ("text", "host", "path"),
    [
        ("mirror.gcr.io", "mirror.gcr.io", ""),
        ("https://mirror.gcr.io/", "mirror.gcr.io", ""),
        (OWN, "us-docker.pkg.dev", "acme/docker-hub"),
        ("hub.acme.example:5000", "hub.acme.example:5000", ""),
    ],
)
def test_mirror_is_a_host_and_perhaps_a_path(text, host, path):
    assert Mirror.parse(text) == Mirror(host, path)


@pytest.mark.parametrize(
    "text",
    ["", "http://mirror.gcr.io", "mirror gcr.io", "https://u:secret@a.example", "us-docker.pkg.dev",
     f"{OWN}/library", "us-docker.pkg.dev/acme", "docker.io", "registry-1.docker.io", "a.example/x?y",
     'a"b', "a.example/x\n"],
)  # fmt: skip
def test_what_is_no_mirror_is_refused_without_a_secret(text):
    with pytest.raises(ConfigError) as refused:
        Mirror.parse(text)
    assert refused.value.hint
    assert "secret" not in refused.value.message + refused.value.hint


def test_own_goes_before_the_cache_and_that_before_docker_hub():
    own, cache = Mirror.parse(OWN), Mirror.parse(GOOGLE)
    assert place((), own) == 0
    assert place(("a.example", "https://eu-mirror.gcr.io", "https://registry-1.docker.io"), own) == 1
    assert place(("a.example", "https://registry-1.docker.io", "b.example"), cache) == 1
    assert place(("a.example", OWN), cache) == 2


@pytest.mark.parametrize("text", [f"https://{OWN}", "https://us-docker.pkg.dev/v2/acme/docker-hub/", OWN])
def test_mirror_is_the_same_however_it_is_spelled(text):
    assert present([text], Mirror.parse(OWN))
    assert spelled(text) == OWN


@given(st.text(max_size=40))
def test_no_text_breaks_a_mirror_other_than_by_an_error(text):
    try:
        mirror = Mirror.parse(text)
    except ConfigError:
        return
    assert present([mirror.name, mirror.url, mirror.endpoint], mirror)


@pytest.mark.parametrize(
    ("path", "name", "file"),
    [
        ("/etc/docker/daemon.json", "docker", "daemon.json"),
        ("/home/u/.docker/daemon.json", "docker_desktop", "daemon.json"),
        ("/etc/docker/certs.d/docker.io/hosts.toml", "docker_containerd_store", "hosts.toml"),
        ("/etc/containerd/certs.d/docker.io/hosts.toml", "containerd", "hosts.toml"),
        ("/etc/containerd/config.toml", "containerd", "config.toml"),
        ("/etc/gitlab-runner/config.toml", "gitlab_runner", "config.toml"),
        ("/root/.config/containers/registries.conf", "podman", "registries.conf"),
        ("registries.conf", "podman", "registries.conf"),
        ("/etc/rancher/rke2/registries.yaml", "k3s", "registries.yaml"),
        ("etc/default/docker", "docker", "docker"),
    ],
)
def test_file_is_known_by_the_end_of_its_path(path, name, file):
    found = setting(SourceFile(path, ""), runtimes())
    assert (found.runtime.name, found.file.name) == (name, file)


def test_file_of_no_runtime_is_refused():
    with pytest.raises(ConfigError, match="no file of a runtime"):
        setting(SourceFile("nginx.conf", ""), runtimes())


def test_runtime_may_be_written_with_hyphens_and_a_wrong_name_gets_the_nearest():
    assert runtime("docker-desktop").name == "docker_desktop"
    with pytest.raises(ConfigError) as refused:
        runtime("podmn")
    assert "podman" in refused.value.hint


def test_every_runtime_says_what_it_is():
    for each in runtimes():
        assert each.files
        assert each.title
        assert each.check
        assert each.private
        assert each.specification.startswith("https://")
        assert [file for file in each.files if not file.alternative]
