"""Docker's API in source code."""

import pytest
from extracted import extracted


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", 'client.containers.run("redis:7", "x")'),
        ("a.py", 'client.containers.create(image="redis:7")'),
        ("a.py", 'client.images.pull("redis", tag="7")'),
        ("a.py", 'client.images.pull("redis", "7")'),
        ("a.py", 'api.create_container(command="x", image="redis:7")'),
        ("A.java", 'docker.pullImageCmd("redis").withTag("7").exec(x)'),
        ("A.java", 'docker.createContainerCmd("redis:7").exec()'),
        ("a.js", "docker.createContainer({Image: 'redis:7', Tty: true})"),
        ("a.js", "docker.createImage({fromImage: 'redis', tag: '7'})"),
        ("a.js", "docker.pull('redis:7', cb)"),
        ("a.go", 'cli.ImagePull(ctx, "redis:7", image.PullOptions{})'),
        ("a.go", 'cli.ContainerCreate(ctx, &container.Config{Image: i}, nil)\nconst i = "redis:7"'),
        ("A.cs", 'new ImagesCreateParameters { FromImage = "redis", Tag = "7" }'),
        ("a.rs", 'CreateImageOptions { from_image: "redis:7", ..Default::default() }; bollard'),
        ("a.rb", "Docker::Image.create('fromImage' => 'redis:7')"),
    ],
)
def test_image_that_a_client_pulls_or_runs(path, text):
    library = {"a.js": "require('dockerode');\n", "A.cs": "using Docker.DotNet;\n", "a.py": "import docker\n"}
    library["a.go"] = 'import "github.com/docker/docker/client"\n'
    found = extracted("docker_sdk", library.get(path, "") + text, path)
    assert found.roles == [("docker.io/library/redis:7", "script")]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", 'import pool\npool.containers.run("redis:7")'),
        ("a.py", 'import docker\nclient.containers.get("redis")'),
        ("a.py", "import docker\ndef f(image):\n    client.containers.run(image)"),
        ("a.js", "git.pull('origin')"),
        ("a.js", "require('dockerode'); canvas.createImage({src: 'redis:7'})"),
        ("a.go", 'import "github.com/docker/docker"\nx := container.Config{Image: req.Image}'),
    ],
)
def test_what_is_no_pull_is_no_image(path, text):
    found = extracted("docker_sdk", text, path)
    assert (found.pulled, found.unresolved) == ([], [])


def test_image_that_is_built_is_an_output():
    assert extracted(
        "docker_sdk", 'import docker\nclient.images.build(path=".", tag="own:1")', "a.py"
    ).outputs == ["docker.io/library/own:1"]


@pytest.mark.parametrize(
    ("path", "image", "found"),
    [
        ("main.go", "docker.io/library/golang:1.26", ["docker.io/library/golang:1.26"]),
        ("main.go", "alpine", ["docker.io/library/alpine"]),
        ("main_test.go", "busybox:latest", ["docker.io/library/busybox:latest"]),
        ("main_test.go", "foo", []),
    ],
)
def test_source_of_a_build_of_buildkit(path, image, found):
    text = f'package a\nimport "github.com/moby/buildkit/client/llb"\nvar s = llb.Image("{image}")\n'
    assert extracted("docker_sdk", text, path).pulled == found


@pytest.mark.parametrize(("path", "role"), [("src/a.py", "script"), ("tests/test_a.py", "test")])
def test_what_a_test_runs_is_a_test(path, role):
    text = 'import docker\ndocker.from_env().containers.run("alpine:3")\n'
    assert extracted("docker_sdk", text, path).roles == [("docker.io/library/alpine:3", role)]
