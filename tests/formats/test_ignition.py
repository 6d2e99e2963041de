"""Ignition and Butane: contents of units and files."""

import pytest
from extracted import extracted

from planner.scan import scan


def found(text, path="config.bu"):
    return [(str(item.text), item.name) for item in extracted("ignition", text, path).embedded]


def test_unit_is_read_under_its_name():
    text = "systemd:\n  units:\n  - name: a.service\n    contents: |\n      [Service]\n"
    assert found(text) == [("[Service]\n", "a.service")]


def test_drop_in_is_read_under_the_name_of_its_unit():
    text = (
        "systemd:\n  units:\n  - name: a.service\n    dropins:\n    - {name: b.conf, contents: '[Service]'}\n"
    )
    assert found(text) == [("[Service]", "a.service.d/b.conf")]


def test_file_is_read_under_its_path():
    path = "/etc/containers/systemd/a.container"
    text = f"storage:\n  files:\n  - path: {path}\n    contents: {{inline: '[Container]'}}\n"
    assert found(text) == [("[Container]", "etc/containers/systemd/a.container")]


def test_url_of_data_is_decoded():
    text = '{"storage": {"files": [{"path": "/a.sh", "contents": {"source": "data:,a%20b%0A"}}]}}'
    assert found(text, "config.ign") == [("a b\n", "a.sh")]


def test_what_is_packed_or_elsewhere_is_not_read():
    text = (
        "storage:\n  files:\n  - {path: /a, contents: {source: 'data:;base64,YQ==', compression: gzip}}\n"
        "  - {path: /b, contents: {source: 'data:;base64,YQ=='}}\n"
        "  - {path: /c, contents: {source: 'https://example.org/c'}}\n  - {path: /d}\n"
    )
    assert found(text) == []


BUTANE = """variant: flatcar
systemd:
  units:
  - name: kubelet.service
    contents: |
      [Service]
      ExecStart=/usr/bin/podman run --rm quay.io/acme/kubelet:v1
"""


@pytest.mark.parametrize("name", ["butane/worker.yaml", "clc/worker.yaml.tmpl", "worker.yml.tpl"])
def test_configuration_is_told_by_its_form_whatever_it_is_called(tmp_path, name):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(BUTANE)
    assert [str(each.reference) for each in scan([tmp_path]).occurrences] == ["quay.io/acme/kubelet:v1"]


def test_image_of_a_unit_in_a_template_of_terraform_is_told_by_its_environment(tmp_path):
    (tmp_path / "main.tf").write_text('locals { a = templatefile("worker.yaml", { name = "x" }) }\n')
    (tmp_path / "worker.yaml").write_text(
        BUTANE.replace("[Service]", "[Service]\n      Environment=IMAGE=quay.io/acme/etcd:v3").replace(
            "quay.io/acme/kubelet:v1", "$${IMAGE}"
        )
    )
    inventory = scan([tmp_path])
    assert [str(each.reference) for each in inventory.occurrences] == ["quay.io/acme/etcd:v3"]
    assert inventory.unresolved == ()


def test_configuration_of_a_machine_of_openshift():
    config = "\n".join(f"    {line}" for line in BUTANE.splitlines())
    text = f"kind: MachineConfig\nspec:\n  config:\n{config}\n"
    assert [name for _, name in found(text, "99-worker.yaml")] == ["kubelet.service"]


def test_objects_with_storage_are_none():
    assert found("kind: Claim\nspec:\n  storage:\n    files: []\n", "claim.yaml") == []
