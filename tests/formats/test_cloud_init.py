"""cloud-init: commands, and files that are written."""

import pytest
from extracted import extracted

from planner.scanning.catalog import chosen


def found(text, path="user-data"):
    return extracted("cloud_init", text, path)


@pytest.mark.parametrize(
    "item",
    [
        "docker run x:1",
        "[docker, run, x:1]",
        "[docker, run, -e, 'A=b c', x:1]",
        "[sh, -c, 'cd / && docker run x:1']",
        "'for i in x:1; do docker pull $i; done'",
    ],
)
@pytest.mark.parametrize("key", ["runcmd", "bootcmd"])
def test_image_of_a_command(key, item):
    assert found(f"#cloud-config\n{key}:\n- ls\n- {item}\n").pulled == ["docker.io/library/x:1"]


def test_written_file_is_what_its_path_says():
    text = "#cloud-config\nwrite_files:\n- path: /etc/systemd/system/a.service\n  content: |\n    [Service]\n"
    (file,) = found(text).embedded
    assert (str(file.text), file.name) == ("[Service]\n", "etc/systemd/system/a.service")


@pytest.mark.parametrize("encoding", ["b64", "gzip", "gz+b64", "base64"])
def test_encoded_file_is_not_read(encoding):
    text = f"#cloud-config\nwrite_files:\n- {{path: /a.sh, encoding: {encoding}, content: 'docker run x'}}\n"
    assert found(text).items == ()


def test_other_name_needs_the_first_line():
    assert found("#cloud-config\nruncmd: [docker run x:1]\n", "a.tpl").pulled == ["docker.io/library/x:1"]
    assert found("runcmd: [docker run x:1]\n", "a.tpl").items == ()


def test_script_is_no_configuration():
    assert found("#!/bin/sh\n# runcmd: [docker run x:1]\n").items == ()


def test_installer_has_commands_of_its_own():
    late = "  late-commands:\n  - docker pull x:1\n"
    user = "  user-data:\n    runcmd:\n    - docker run y:1\n"
    found_images = set(found(f"#cloud-config\nautoinstall:\n{late}{user}").pulled)
    assert found_images == {"docker.io/library/x:1", "docker.io/library/y:1"}


def test_units_of_old_machines_are_read():
    text = "#cloud-config\ncoreos:\n  units:\n  - name: a.service\n    content: |\n      [Service]\n"
    (unit,) = found(text).embedded
    assert unit.name == "a.service"


@pytest.mark.parametrize(
    "path", ["a/user_data/db_mysql", "cloud-init/node.yaml", "user-data", "web.cloudinit.txt"]
)
def test_path_that_is_read(path):
    assert "cloud_init" in chosen(["cloud_init"]).claims(f"/{path}")
