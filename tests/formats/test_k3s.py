"""k3s and RKE2: what their installers lead to, and what moves it."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.model.inventory import Unresolved
from planner.scan import scan

INSTALL = "curl -sfL https://get.k3s.io | sh -\n"
REASON = (
    "what docker.io/rancher has for the cluster itself is pulled, in a version that the installed {} decides:"
    " set system-default-registry, or a mirror of docker.io in registries.yaml, to move it"
)


@pytest.mark.parametrize(
    ("path", "text", "spelled", "name"),
    [
        ("up.sh", INSTALL, "https://get.k3s.io", "k3s"),
        (
            "up.sh",
            "curl -sfL https://get.rke2.io | INSTALL_RKE2_TYPE=agent sh -\n",
            "https://get.rke2.io",
            "RKE2",
        ),
        ("tasks/main.yml", "- get_url: {url: 'https://get.k3s.io', dest: /x}\n", "https://get.k3s.io", "k3s"),
        (
            "main.tf",
            'resource "a" "b" {\n  user_data = "curl https://get.k3s.io|sh -"\n}',
            "https://get.k3s.io",
            "k3s",
        ),
        ("Makefile", "up:\n\t@k3sup install --ip $(IP)\n", "k3sup install", "k3s"),
    ],
)
def test_installer_leads_to_images_that_its_version_decides(path, text, spelled, name):
    found = extracted("k3s", text, path)
    assert found.unresolved == [(spelled, REASON.format(name))]
    assert text[found.items[0].start :].startswith(spelled)


@pytest.mark.parametrize(
    "text", ["# curl https://get.k3s.io | sh\n", "echo https://get.k3s.io.example.com\n", "k3sup ready\n"]
)
def test_what_installs_nothing(text):
    assert extracted("k3s", text, "up.sh").items == ()


@pytest.mark.parametrize(
    ("path", "setting", "told"),
    [
        ("config.yaml", "system-default-registry: mirror.example.com\n", 0),
        ("config.yaml", "# system-default-registry: mirror.example.com\n", 1),
        ("config.yaml", 'system-default-registry: ""\n', 1),
        ("main.yml", "command: k3s-install.sh server --system-default-registry={{ registry }}\n", 0),
        ("env.sh", "export INSTALL_K3S_EXEC='--system-default-registry m.example.com'\n", 0),
        ("registries.yaml", "mirrors:\n  docker.io:\n    endpoint: ['https://m.example.com']\n", 0),
        ("registries.yaml", 'mirrors:\n  "docker.io":\n    endpoint:\n      - https://m\n', 0),
        ("registries.yaml", "mirrors:\n  quay.io:\n    endpoint: ['https://m.example.com']\n", 1),
        ("other.yaml", "mirrors:\n  docker.io:\n    endpoint: ['https://m.example.com']\n", 1),
    ],
)
def test_setting_of_the_tree_moves_it(tmp_path, path, setting, told):
    (tmp_path / "up.sh").write_text(INSTALL)
    (tmp_path / path).write_text(setting)
    reasons = [item.reason for item in scan([tmp_path]).found if isinstance(item, Unresolved)]
    assert reasons == [REASON.format("k3s")] * told


def test_setting_of_another_project_moves_nothing(tmp_path):
    for folder, text in (("one", INSTALL), ("two", "--system-default-registry m.example.com\n")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "up.sh").write_text(text)
    assert [item.path for item in scan([tmp_path]).found] == ["one/up.sh"]


@pytest.mark.parametrize(
    "more",
    [
        "INSTALL_K3S_EXEC='--system-default-registry m.example.com' sh x\n",
        "cp a.tar /var/lib/rancher/k3s/agent/images/\n",
    ],
)
def test_script_that_brings_or_moves_the_images_pulls_none(more):
    assert extracted("k3s", INSTALL + more, "up.sh").found == []


@given(
    st.lists(
        st.sampled_from(
            [
                "https://get.k3s.io",
                "k3sup ",
                "install",
                "\n",
                "# ",
                "system-default-registry",
                ": ",
                "a",
                "mirrors:",
                "docker.io:",
            ]
        )
    )
)
@settings(max_examples=100, deadline=None)
def test_any_text_is_read(tokens):
    text = "".join(tokens)
    for item in extracted("k3s", text, "registries.yaml").items:
        assert text[getattr(item, "start", 0) :].startswith(getattr(item, "spelled", ""))
