import subprocess
import tomllib

import pytest
from conftest import program
from merging import OWN, added, asked, merged

from planner.errors import ConfigError

V2 = "io.containerd.grpc.v1.cri"
V3 = "io.containerd.cri.v1.images"
GKE = """version = 2
[plugins."io.containerd.grpc.v1.cri"]
  stream_server_address = "127.0.0.1"
[plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]
  endpoint = ["https://mirror.gcr.io","https://registry-1.docker.io"]
[metrics]
  address = "127.0.0.1:1338"
"""


def run(*arguments):
    done = subprocess.run([program("containerd"), *arguments], capture_output=True, text=True, check=True)
    return done.stdout


def registry(folder, text):
    """Where images come from, as containerd itself understands a file; the plugin depends on its version."""
    file = folder / "config.toml"
    file.write_text(text, newline="")
    plugins = tomllib.loads(run("--config", str(file), "config", "dump"))["plugins"]
    return next(plugins[name]["registry"] for name in (V3, V2) if "registry" in plugins.get(name, {}))


def test_new_file_names_the_folder_of_hosts(tmp_path):
    assert registry(tmp_path, merged("containerd"))["config_path"] == "/etc/containerd/certs.d"


def test_default_settings_change_in_one_place_if_at_all(tmp_path):
    before = run("config", "default")
    after = merged("containerd", before)
    changed = [new for old, new in zip(before.split("\n"), after.split("\n"), strict=True) if old != new]
    assert [line.strip() for line in changed] in ([], ['config_path = "/etc/containerd/certs.d"'])
    assert registry(tmp_path, after)["config_path"].startswith("/etc/containerd/certs.d")


@pytest.mark.parametrize(
    ("version", "plugin"), [("version = 3\n", V3), ("version = 2\n", V2), ("root = '/x'\n", "cri")]
)
def test_table_is_that_of_the_version(version, plugin):
    after = merged("containerd", version)
    assert tomllib.loads(after)["plugins"][plugin]["registry"]["config_path"] == "/etc/containerd/certs.d"
    assert after.startswith(version)


def test_mirrors_of_old_stay_and_take_the_new_one_before_docker_hub(tmp_path):
    after = merged("containerd", GKE, OWN)
    endpoints = [
        "https://us-docker.pkg.dev/v2/acme/docker-hub",
        "https://mirror.gcr.io",
        "https://registry-1.docker.io",
    ]
    assert registry(tmp_path, after)["mirrors"]["docker.io"]["endpoint"] == endpoints
    assert asked("containerd", after) == endpoints
    assert added(GKE, after)
    assert "config_path" not in after


def test_node_of_gke_has_the_mirror_already():
    assert merged("containerd", GKE) == GKE


def test_both_ways_at_once_are_refused_with_the_place():
    both = GKE + '[plugins."io.containerd.grpc.v1.cri".registry]\n  config_path = "/etc/containerd/certs.d"\n'
    with pytest.raises(ConfigError, match="FILE:9:3: `mirrors` and `config_path` are both set"):
        merged("containerd", both)


def test_folder_that_is_set_stays():
    before = 'version = 3\n[plugins."io.containerd.cri.v1.images".registry]\nconfig_path = "/srv/certs"\n'
    assert merged("containerd", before) == before


def test_hosts_file_is_that_of_containerd():
    assert asked("containerd", merged("containerd", file="hosts.toml"), file="hosts.toml") == [
        "https://mirror.gcr.io"
    ]


def test_broken_file_is_refused_with_the_place():
    with pytest.raises(ConfigError, match="FILE:2:8: not TOML"):
        merged("containerd", "version = 2\nroot = = 1\n")
