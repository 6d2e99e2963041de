from planner.model.reference import Reference
from planner.model.source import SourceFile
from planner.runtimes._known import runtimes, setting
from planner.runtimes._routes import routes

HUB = "registry-1.docker.io/library/nginx:1.27"
CACHE = "mirror.gcr.io/library/nginx:1.27"


def asked(runtime, *files, image="nginx:1.27"):
    settings = [setting(SourceFile(path, text), runtimes()) for path, text in files]
    return next(
        (list(each.asked), each.miss)
        for each in routes(Reference.parse(image), settings)
        if each.runtime == runtime
    )


def test_docker_hub_alone_is_asked_by_default():
    assert asked("docker") == ([HUB], "nothing else is asked")


def test_gke_and_cloud_build_ask_the_cache_by_themselves():
    assert asked("gke")[0] == [CACHE, HUB]
    assert asked("cloud_build")[0] == [CACHE, HUB]


def test_cloud_run_pulls_when_it_deploys():
    hosts, miss = asked("cloud_run")
    assert hosts == [HUB]
    assert "the deployment fails" in miss


def test_file_says_who_is_asked():
    daemon = ("daemon.json", '{"registry-mirrors": ["https://a.example", "https://mirror.gcr.io/"]}')
    assert asked("docker", ("/etc/docker/" + daemon[0], daemon[1]))[0] == [
        "a.example/library/nginx:1.27",
        CACHE,
        HUB,
    ]


def test_image_store_asks_the_mirrors_of_the_daemon_until_it_has_hosts():
    daemon = ("/etc/docker/daemon.json", '{"registry-mirrors": ["https://a.example"]}')
    hosts = ("/etc/docker/certs.d/docker.io/hosts.toml", '[host."https://mirror.gcr.io"]\n')
    assert asked("docker_containerd_store", daemon)[0] == ["a.example/library/nginx:1.27", HUB]
    assert asked("docker_containerd_store", daemon, hosts)[0] == [CACHE, HUB]


def test_path_of_a_repository_stands_before_the_image():
    hosts = ("/etc/containerd/certs.d/docker.io/hosts.toml", '[host."https://us-docker.pkg.dev/v2/a/b"]\n')
    assert asked("containerd", hosts)[0] == ["us-docker.pkg.dev/a/b/library/nginx:1.27", HUB]


def test_server_that_is_the_mirror_leaves_no_fallback():
    hosts = (
        "/etc/containerd/certs.d/docker.io/hosts.toml",
        'server = "https://mirror.gcr.io"\n[host."https://mirror.gcr.io"]\n',
    )
    assert asked("containerd", hosts) == ([CACHE], "nothing else is asked")


def test_mirrors_are_for_docker_hub_only():
    assert asked("gke", image="quay.io/a/b:1") == (
        ["quay.io/a/b:1"],
        "the pull fails: mirrors of Docker Hub are not asked for other registries",
    )


def test_name_of_the_cache_has_no_fallback():
    hosts, miss = asked("gke", image=CACHE)
    assert hosts == [CACHE]
    assert "no other registry is asked" in miss


def test_file_that_cannot_be_understood_says_so():
    hosts, miss = asked("docker", ("/etc/docker/daemon.json", "{"))
    assert hosts == []
    assert miss.startswith("unknown: /etc/docker/daemon.json:1:2")
