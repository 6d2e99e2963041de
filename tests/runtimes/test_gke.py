import yaml
from merging import GOOGLE, OWN, added, asked, merged

from planner.runtimes.gke import RUNTIME

ABLE = ["HOST_CAPABILITY_PULL", "HOST_CAPABILITY_RESOLVE"]


def hosts(text):
    return next(
        each["hosts"] for each in yaml.safe_load(text)["registryHosts"] if each["server"] == "docker.io"
    )


def test_nodes_ask_the_mirror_without_a_file():
    assert RUNTIME.default == (GOOGLE, "registry-1.docker.io")


def test_repository_is_a_host_with_a_path():
    [host] = hosts(merged("gke", "", OWN))
    assert host == {
        "host": "https://us-docker.pkg.dev/v2/acme/docker-hub", "capabilities": ABLE, "overridePath": True,
    }  # fmt: skip


def test_own_repository_is_asked_before_the_cache():
    before = merged("gke")
    after = merged("gke", before, OWN)
    assert asked("gke", after) == ["https://us-docker.pkg.dev/v2/acme/docker-hub", GOOGLE]
    assert added(before, after)


def test_other_servers_and_settings_stay():
    before = (
        "writableCgroups: {enabled: true}\nregistryHosts:\n# private\n- server: a.example\n  hosts:\n"
        "  - host: b.example # near\n    capabilities: [HOST_CAPABILITY_PULL]\n"
    )
    after = merged("gke", before)
    tree = yaml.safe_load(after)
    assert tree["registryHosts"][1] == {
        "server": "docker.io",
        "hosts": [{"host": GOOGLE, "capabilities": ABLE}],
    }
    assert {**tree, "registryHosts": tree["registryHosts"][:1]} == yaml.safe_load(before)
    assert added(before, after)


def test_null_and_flow_are_filled():
    for before in (
        "registryHosts:\n",
        "{registryHosts: []}",
        "a: b\n",
        "registryHosts:\n- server: docker.io\n",
    ):
        assert hosts(merged("gke", before)) == [{"host": GOOGLE, "capabilities": ABLE}]
