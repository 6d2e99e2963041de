import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.model.source import SourceFile
from planner.runtimes._findings import Severity, findings
from planner.runtimes._known import runtimes, setting

DAEMON = ("/etc/docker/daemon.json", '{\n  "registry-mirrors": ["https://mirror.gcr.io"]\n}\n')
BUILDX = (
    "/root/.docker/buildx/buildkitd.default.toml",
    '[registry."docker.io"]\nmirrors = ["mirror.gcr.io"]\n',
)
HOSTS = '[host."https://mirror.gcr.io"]\ncapabilities = ["pull", "resolve"]\n'
CRI = '[plugins."io.containerd.grpc.v1.cri".registry'


def found(*files):
    settings = [setting(SourceFile(path, text), runtimes()) for path, text in files]
    return [(item.path, item.line, str(item.severity)) for item in findings(settings)]


def said(*files):
    settings = [setting(SourceFile(path, text), runtimes()) for path, text in files]
    return [item.problem for item in findings(settings)]


def test_good_files_have_none():
    assert found(DAEMON, BUILDX) == []


@pytest.mark.parametrize(
    ("mirror", "problem"),
    [
        ("https://us-docker.pkg.dev/a/b", "has a path"),
        ("mirror.gcr.io", "has no scheme"),
        ("https://u:secret@a.example", "has a user in it"),
        ("https://a.example/?x", "has a path"),
        ("https://[a", "is no URL"),
    ],
)
def test_mirror_for_which_dockerd_does_not_start(mirror, problem):
    text = DAEMON[1].replace("https://mirror.gcr.io", mirror)
    assert found((DAEMON[0], text), BUILDX) == [(DAEMON[0], 2, "error")]
    [message] = said((DAEMON[0], text), BUILDX)
    assert problem in message
    assert "secret" not in message


def test_key_that_dockerd_does_not_know():
    assert found((DAEMON[0], '{\n "registry-mirror": []}')) == [(DAEMON[0], 2, "error")]


def test_mirrors_in_the_file_and_among_the_options():
    options = ("/etc/default/docker", '#\nDOCKER_OPTS="--registry-mirror=https://mirror.gcr.io"\n')
    assert found(DAEMON, BUILDX, options) == [(options[0], 2, "error")]


def test_hosts_of_the_image_store_silence_the_daemon():
    hosts = ("/etc/docker/certs.d/docker.io/hosts.toml", HOSTS)
    assert found(DAEMON, BUILDX, hosts) == [(DAEMON[0], 2, "warning")]


def test_hosts_file_with_a_server_alone_silences_nothing():
    hosts = ("/etc/docker/certs.d/docker.io/hosts.toml", 'server = "https://registry-1.docker.io"\n')
    assert found(DAEMON, BUILDX, hosts) == []


def test_buildkit_without_a_mirror_of_its_own():
    assert found(DAEMON, ("/etc/buildkit/buildkitd.toml", "debug = true\n")) == [
        ("/etc/buildkit/buildkitd.toml", 1, "warning")
    ]


def test_builders_without_any_file_are_worth_a_note():
    assert found(DAEMON) == [(DAEMON[0], 2, "note")]


def test_mirrors_and_folder_of_hosts_in_one_containerd():
    text = (
        f'version = 2\n{CRI}]\nconfig_path = "/etc/containerd/certs.d"\n'
        f'{CRI}.mirrors."docker.io"]\nendpoint = ["https://mirror.gcr.io"]\n'
    )
    assert found(("/etc/containerd/config.toml", text)) == [("/etc/containerd/config.toml", 3, "error")]


@pytest.mark.parametrize(
    ("config", "count"),
    [("/etc/containerd/certs.d", 0), ("/other", 1), ("", 1)],
)
def test_hosts_file_where_containerd_does_not_look(config, count):
    files = (
        ("/etc/containerd/config.toml", f'version = 2\n{CRI}]\nconfig_path = "{config}"\n'),
        ("/etc/containerd/certs.d/docker.io/hosts.toml", HOSTS),
    )
    assert found(*files) == [("/etc/containerd/certs.d/docker.io/hosts.toml", 1, "warning")] * count


def test_docker_hub_before_a_mirror():
    text = DAEMON[1].replace('["', '["https://registry-1.docker.io", "')
    assert found((DAEMON[0], text), BUILDX) == [(DAEMON[0], 2, "warning")]


def test_cache_before_an_own_repository():
    text = '[registry."docker.io"]\nmirrors = ["mirror.gcr.io", "us-docker.pkg.dev/a/b"]\n'
    assert found(("buildkitd.toml", text)) == [("buildkitd.toml", 2, "note")]


def test_images_that_podman_does_not_ask_the_mirrors_for():
    hub = '[[registry]]\nlocation = "docker.io"\n[[registry.mirror]]\nlocation = "mirror.gcr.io"\n'
    assert found(("registries.conf", hub)) == []
    narrower = f'{hub}[[registry]]\nprefix = "docker.io/library"\nlocation = "docker.io/library"\n'
    assert found(("registries.conf", narrower)) == [("registries.conf", 6, "warning")]
    assert len(found(("registries.conf", f'{hub}pull-from-mirror = "digest-only"\n'))) == 1


def test_prefix_of_testcontainers_is_no_mirror():
    assert found((".testcontainers.properties", "\nhub.image.name.prefix=mirror.gcr.io/\n")) == [
        (".testcontainers.properties", 2, "warning")
    ]


def test_file_that_cannot_be_understood_is_a_finding_with_its_line():
    assert found((DAEMON[0], "{\n}}"), ("config.toml", "a = 1\nb = = 2"), ("registries.yaml", "a: [\n}")) == [
        (DAEMON[0], 2, "error"), ("config.toml", 2, "error"), ("registries.yaml", 2, "error"),
    ]  # fmt: skip


paths = st.sampled_from(
    sorted({place for each in runtimes() for file in each.files for place in file.places})
)


@given(st.lists(st.tuples(paths, st.text(max_size=30)), max_size=4))
def test_no_text_makes_it_raise(files):
    assert all(severity in list(Severity) for _, _, severity in found(*files))


def test_several_folders_of_hosts_are_worth_a_note():
    text = f'version = 2\n{CRI}]\nconfig_path = "/etc/containerd/certs.d:/etc/docker/certs.d"\n'
    hosts = ("/etc/containerd/certs.d/docker.io/hosts.toml", HOSTS)
    assert found(("/etc/containerd/config.toml", text), hosts) == [("/etc/containerd/config.toml", 3, "note")]
