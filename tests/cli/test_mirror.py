import io
import json
import stat
import sys

import pytest

from planner.cli.main import run

GOOGLE = '{\n  "registry-mirrors": ["https://mirror.gcr.io"]\n}\n'


def mirror(*arguments):
    return run(["mirror", *map(str, arguments)])


@pytest.fixture(autouse=True)
def home(tmp_path_factory, monkeypatch):
    """A home of its own, so that no test sees the files of this machine's user."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(folder))
    return folder


def test_config_prints_the_file_and_says_what_to_do(tmp_path, capsys):
    assert mirror("config", "docker", "--root", tmp_path) == 0
    said = capsys.readouterr()
    assert said.out == GOOGLE
    assert "systemctl restart docker" in said.err
    assert "nothing is written without --write" in said.err
    assert list(tmp_path.iterdir()) == []


def test_config_merges_into_the_file_of_the_machine(tmp_path, capsys):
    file = tmp_path / "etc" / "docker" / "daemon.json"
    file.parent.mkdir(parents=True)
    file.write_text('{"debug": true}')
    assert mirror("config", "docker", "--root", tmp_path) == 0
    assert json.loads(capsys.readouterr().out) == {
        "debug": True,
        "registry-mirrors": ["https://mirror.gcr.io"],
    }
    assert file.read_text() == '{"debug": true}'


def test_write_keeps_the_old_file_and_its_mode(tmp_path, capsys):
    file = tmp_path / "registries.yaml"
    file.write_bytes(b"configs: {}  # \xc3\xa9\r\n")
    file.chmod(0o600)
    assert mirror("config", "k3s", "--file", file, "--write") == 0
    assert file.read_bytes().startswith(b"configs: {}  # \xc3\xa9\r\nmirrors:\r\n")
    assert (tmp_path / "registries.yaml.bak").read_bytes() == b"configs: {}  # \xc3\xa9\r\n"
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}
    assert "the old one is" in capsys.readouterr().err


def test_second_write_changes_nothing_and_says_so(tmp_path, capsys):
    file = tmp_path / "daemon.json"
    mirror("config", "docker", "--file", file, "--write")
    before = file.stat().st_mtime_ns
    assert mirror("config", "docker", "--file", file, "--write") == 0
    assert "nothing to change" in capsys.readouterr().err
    assert file.stat().st_mtime_ns == before
    assert [path.name for path in tmp_path.iterdir()] == ["daemon.json"]


def test_what_was_kept_before_is_not_written_over(tmp_path):
    file = tmp_path / "daemon.json"
    file.write_text("{}")
    for name in ("mirror.gcr.io", "a.example"):
        mirror("config", "docker", "--mirror", name, "--file", file, "--write")
    assert (tmp_path / "daemon.json.bak").read_text() == "{}"
    assert json.loads((tmp_path / "daemon.json.bak.1").read_text())


def test_link_stays_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "x.json").write_text("{}")
    file = tmp_path / "daemon.json"
    file.symlink_to("real/x.json")
    assert mirror("config", "docker", "--file", file, "--write") == 0
    assert file.is_symlink()
    assert json.loads((tmp_path / "real" / "x.json").read_text())
    assert (tmp_path / "real" / "x.json.bak").exists()


def test_runtime_of_two_files_writes_both(tmp_path, capsys):
    assert mirror("config", "containerd", "--root", tmp_path) == 0
    assert "# " + str(tmp_path / "etc/containerd/config.toml") in capsys.readouterr().out
    assert mirror("config", "containerd", "--root", tmp_path, "--write") == 0
    assert sorted(path.name for path in tmp_path.rglob("*.toml")) == ["config.toml", "hosts.toml"]


def test_refusal_leaves_every_file_as_it_was(tmp_path, capsys):
    hosts = tmp_path / "etc/containerd/certs.d/docker.io/hosts.toml"
    hosts.parent.mkdir(parents=True)
    hosts.write_text("x = = 1")
    assert mirror("config", "containerd", "--root", tmp_path, "--write") == 2
    assert "hosts.toml:1:5: not TOML" in capsys.readouterr().err
    assert not (tmp_path / "etc/containerd/config.toml").exists()


def test_diff_shows_the_lines_that_change(tmp_path, capsys):
    file = tmp_path / "daemon.json"
    file.write_text('{\n  "debug": true\n}\n')
    assert mirror("config", "docker", "--file", file, "--diff") == 0
    lines = capsys.readouterr().out.splitlines()
    assert '+  "registry-mirrors": ["https://mirror.gcr.io"]' in lines
    assert "+++ " + str(file) in lines


def test_repository_of_artifact_registry_is_told_its_credentials(tmp_path, capsys):
    assert mirror("config", "podman", "--mirror", "us-docker.pkg.dev/acme/hub", "--root", tmp_path) == 0
    assert "podman login" in capsys.readouterr().err


def test_what_the_runtime_refuses_is_refused_with_another_way(tmp_path, capsys):
    assert mirror("config", "docker", "--mirror", "us-docker.pkg.dev/acme/hub", "--root", tmp_path) == 2
    assert "hint: with the containerd image store" in capsys.readouterr().err


def test_every_runtime_is_named_in_the_help(capsys):
    from planner.runtimes._known import runtimes

    mirror("config", "--help")
    text = " ".join(capsys.readouterr().out.replace("-\n", "-").split()).replace("- ", "-")
    assert [each.name for each in runtimes() if each.name.replace("_", "-") not in text] == []


def test_file_that_could_be_two_is_asked_to_be_named(tmp_path, capsys):
    assert mirror("config", "containerd", "--file", tmp_path / "x.toml") == 2
    assert "call it config.toml or hosts.toml" in capsys.readouterr().err


def test_folder_that_is_in_the_way_is_told(tmp_path, capsys):
    assert mirror("config", "docker", "--file", tmp_path) == 3
    (tmp_path / "f").write_text("")
    assert mirror("config", "docker", "--file", tmp_path / "f" / "daemon.json", "--write") == 2
    assert "cannot be written" in capsys.readouterr().err


def piped(monkeypatch, text):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def test_verify_reads_what_a_running_docker_says(monkeypatch, capsys):
    piped(
        monkeypatch,
        "Server:\n Server Version: 28\n Registry Mirrors:\n  https://a.example/\n  https://mirror.gcr.io/\n",
    )
    assert mirror("verify", "-") == 0
    assert "a.example, then mirror.gcr.io, then Docker Hub" in capsys.readouterr().out


def test_verify_fails_where_the_mirror_is_not_asked(monkeypatch, capsys):
    piped(monkeypatch, '["https://a.example/"]')
    assert mirror("verify", "-") == 10
    assert "mirror.gcr.io is not asked" in capsys.readouterr().err


def test_verify_reads_the_files_of_the_machine(tmp_path, capsys):
    mirror("config", "docker", "--root", tmp_path, "--write")
    capsys.readouterr()
    assert mirror("verify", "--root", tmp_path) == 0
    said = capsys.readouterr()
    assert "docker: mirror.gcr.io, then Docker Hub (/etc/docker/daemon.json)" in said.out
    assert "note: builders other than" in said.out


def test_verify_fails_for_a_daemon_that_would_not_start(tmp_path, capsys):
    file = tmp_path / "daemon.json"
    file.write_text('{"registry-mirrors": ["https://mirror.gcr.io", "https://us-docker.pkg.dev/a/b"]}')
    assert mirror("verify", "--file", file, "--output-format", "json") == 10
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [item["severity"] for item in found if "has a path" in item["problem"]] == ["error"]


def test_verify_without_any_file_says_so(tmp_path, capsys):
    assert mirror("verify", "--root", tmp_path) == 3
    assert "no runtime has a file of settings here" in capsys.readouterr().err


def test_explain_says_who_is_asked(tmp_path, capsys):
    assert mirror("explain", "nginx:1.27", "--root", tmp_path) == 0
    lines = capsys.readouterr().out.splitlines()
    start = lines.index("Google Kubernetes Engine (default)")
    assert lines[start + 1 : start + 3] == [
        "    1. mirror.gcr.io/library/nginx:1.27",
        "    2. registry-1.docker.io/library/nginx:1.27",
    ]


def test_explain_as_json_with_a_file(tmp_path, capsys):
    file = tmp_path / "registries.conf"
    mirror("config", "podman", "--file", file, "--write")
    capsys.readouterr()
    assert mirror("explain", "grafana/grafana", "--file", file, "--output-format", "json") == 0
    routes = {each["runtime"]: each for each in json.loads(capsys.readouterr().out)}
    assert routes["podman"]["asked"] == [
        "mirror.gcr.io/grafana/grafana",
        "registry-1.docker.io/grafana/grafana",
    ]
    assert routes["podman"]["source"] == str(file)
    assert {"cloud_build", "cloud_run", "gke"} <= set(routes)


def test_explain_of_what_is_no_reference(capsys):
    assert mirror("explain", "No Image") == 1
    assert "No Image" in capsys.readouterr().err


def test_lint_prints_the_place_and_the_edit(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Dockerfile").write_text("FROM mirror.gcr.io/library/nginx:1.27\nFROM redis\n")
    assert mirror("lint") == 10
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "Dockerfile:1:6: mirror.gcr.io/library/nginx:1.27 has no fallback to Docker Hub",
        "    characters 5 to 18: 'mirror.gcr.io' -> 'docker.io'",
    ]
    assert "1 reference to a mirror" in said.err


def test_lint_of_an_inventory_and_of_nothing(tmp_path, capsys):
    (tmp_path / "Dockerfile").write_text("FROM mirror.gcr.io/library/nginx:1.27\n")
    run(["scan", str(tmp_path), "--output-format", "json"])
    inventory = tmp_path / "inventory.json"
    inventory.write_text(capsys.readouterr().out)
    assert mirror("lint", inventory, "--output-format", "json") == 10
    [item] = json.loads(capsys.readouterr().out)
    assert item["edit"] == {
        "path": "Dockerfile",
        "start": 5,
        "end": 18,
        "text": "mirror.gcr.io",
        "replacement": "docker.io",
    }
    (tmp_path / "Dockerfile").write_text("FROM nginx\n")
    assert mirror("lint", tmp_path / "Dockerfile") == 0


def test_file_that_would_keep_dockerd_from_starting_is_not_written(tmp_path, capsys):
    unit = tmp_path / "etc/systemd/system/docker.service.d/override.conf"
    unit.parent.mkdir(parents=True)
    unit.write_text("[Service]\nExecStart=\nExecStart=dockerd --registry-mirror=https://a.example\n")
    assert mirror("config", "docker", "--root", tmp_path, "--write") == 2
    said = capsys.readouterr().err
    assert "override.conf:3: dockerd does not start" in said
    assert "hint: keep one of the two" in said
    assert not (tmp_path / "etc/docker").exists()


def test_what_a_file_leaves_without_a_mirror_is_told(tmp_path, capsys):
    assert mirror("config", "docker", "--root", tmp_path) == 0
    assert "`hub2ar mirror config buildx` sets the mirror for new ones" in capsys.readouterr().err


def test_unit_is_known_by_its_path(tmp_path, capsys):
    file = tmp_path / "docker.service.d" / "override.conf"
    assert mirror("config", "docker", "--file", file) == 0
    assert "ExecStart=/usr/bin/dockerd" in capsys.readouterr().out


def test_file_of_another_root_is_counted_once(tmp_path, capsys):
    assert mirror("config", "docker", "--root", tmp_path, "--write") == 0
    assert mirror("config", "docker", "--root", tmp_path, "--mirror", "a.example", "--write") == 0
    assert mirror("verify", "--root", tmp_path) == 0
    assert capsys.readouterr().out.count("/etc/docker/daemon.json") == 2  # whom it asks, and the note


def test_no_secret_of_a_mirror_is_printed(tmp_path, capsys, monkeypatch):
    file = tmp_path / "daemon.json"
    file.write_text('{"registry-mirrors": ["https://u:hunter2@mirror.gcr.io"]}')
    for how in ("text", "json"):
        mirror("verify", "--file", file, "--output-format", how)
        mirror("explain", "nginx", "--file", file, "--output-format", how)
        piped(monkeypatch, '["https://u:hunter2@mirror.gcr.io"]')
        mirror("verify", "-", "--output-format", how)
    said = capsys.readouterr()
    assert "mirror.gcr.io" in said.out
    assert "hunter2" not in said.out + said.err
