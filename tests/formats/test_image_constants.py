"""Constants of programs that are called like images."""

import pytest
from extracted import extracted
from hypothesis import given
from hypothesis import strategies as st

from planner.formats._base import Candidate


def constants(text, path):
    return extracted("image_constants", text, path)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.go", 'package a\nconst (\n\tenvImage = "IMAGE"\n\tDefaultImage = "a/b:1"\n)\n'),
        ("a.go", 'package a\nvar defaultOPAImage = "a/b:1"\n'),
        ("a.go", 'package a\nconst ProxyImage string = "a/b:1"\n'),
        ("A.java", 'class A { static final String PROXY_IMAGE = "a/b:1"; }'),
        ("A.java", 'class A { private String imageName = "a/b:1"; }'),
        ("a.py", 'BASE_IMAGE = "a/b:1"\n'),
        ("a.ts", "export const proxyImage = 'a/b:1';"),
        ("a.rs", 'const IMAGE: &str = "a/b:1";'),
        ("a.cs", 'class A { const string ImageName = "a/b:1"; }'),
        ("a.py", 'x = os.environ.get("PROXY_IMAGE", "a/b:1")\n'),
        ("a.go", 'package a\nfunc f() { flag.String("proxy-image", "a/b:1", "what runs") }\n'),
        ("a.py", 'parser.add_argument("--image", type=str, default="a/b:1", help="x")\n'),
        ("a.go", 'package a\nconst Image = "a/b:1"\n'),
        ("a.go", 'package a\n// image, as "c/d:2"\nconst Image = "a/b:1"\n'),
        ("a.go", 'package a\n// the image\nconst Proxy = "x"\nconst Image = "a/b:1" // "c/d:2"\n'),
        ("a.go", 'package a\n// images (as `c/d:2`)\nvar images = []string{"a/b:1"}\n'),
        ("a.py", 'def f():\n    image = "a/b:1"\n'),
        ("a.py", 'def f():\n    image = read()\n    if not image:\n        image = "a/b:1"\n'),
        ("a.go", 'package a\nfunc f() {\n\timage := "a/b:1"\n}\n'),
        ("a.ts", "function f() {\n  const image = 'a/b:1';\n}"),
        ("a.py", 'def f(image: str = "a/b:1", port: int = 1): pass\n'),
        ("a.py", 'class A:\n    image: Optional[str] = "a/b:1"\n'),
        ("a.ts", "class A { constructor(private image: string = 'a/b:1') {} }"),
        ("a.kt", 'class A(val proxyImage: String = "a/b:1")\n'),
        ("a.cs", 'class A { void F(string image = "a/b:1") {} }'),
        ("a.php", "<?php function f(string $image = 'a/b:1') {}"),
        ("a.go", 'package a\nvar x = Pod{Image: "a/b:1"}\n'),
        ("a.ts", "const pod = { name: 'x', image: 'a/b:1' };"),
        ("a.py", 'pod = {"image": "a/b:1"}\n'),
        ("a.py", 'run(image="a/b:1")\n'),
        ("a.rb", "run(:image => 'a/b:1')\n"),
        ("a.py", 'def default_image(self) -> str:\n    return "a/b:1"\n'),
        ("A.java", 'class A { String getDefaultDockerImage() {\n  // why\n  return "a/b:1";\n } }'),
        ("A.kt", 'class A { override fun imageName(): String = "a/b:1" }'),
        ("src/main/java/io/tests/A.java", 'class A { String IMAGE = "a/b:1"; }'),
        ("a.py", 'base_image = spec.base_image or "a/b:1"\n'),
        ("a.ts", "const image = process.env.IMAGE ?? 'a/b:1';"),
        ("a.py", 'parser.add_argument("--task-image-name", type=str, default="a/b:1")\n'),
        ("a.py", 'IMAGES = {\n    "proxy": "a/b:1",\n}\n'),
        ("a.ts", "export const dockerImages = { proxy: 'a/b:1' };"),
        ("a.go", 'package images\n\nvar (\n\tProxy = "a/b:1"\n)\n'),
        ("a.go", 'package a\nvar testImages = []string{"a/b:1"}\n'),
        ("A.java", 'class TestImages { static final String PROXY = "a/b:1"; }'),
        ("a.ex", 'defmodule A do\n  @proxy_image "a/b:1"\nend\n'),
        ("a.go", 'package a\nfunc f() { viper.SetDefault("proxy.image", "a/b:1") }\n'),
    ],
)
def test_reference_that_a_constant_or_a_default_holds(path, text):
    assert constants(text, path).roles == [("docker.io/a/b:1", "workload")]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.go", 'package a\nconst DefaultImage = "a/b"\n'),
        ("a.go", 'package a\nconst Title = "a/b:1"\n'),
        ("a.go", 'package a\nconst ImageFormat = "a/b:1"\n'),
        ("a.ts", "const heroImage = 'assets/hero.png';"),
        ("a.ts", "const heroImage = 'https://x.example/a:1';"),
        ("a.py", 'images.tag("image", name)\n'),
        ("a.py", 'log("image", "pulled: %s")\n'),
        ("a.py", 'export("image", "a/b:1")\n'),
        ("a.py", 'def image(self): return load("a/b:1")\n'),
        ("a.py", 'def tag(): return "a/b:1"\n'),
        ("a.py", 'IMAGES = {"a/b:1": load}\n'),
        ("a.py", 'PORTS = {"redis": "a/b:1"}\n'),
        ("a.py", 'image = "your-registry.example/a/b:1"\n'),
        ("a.py", 'image = "gcr.io/your-project/b:1"\n'),
        ("a.py", 'x = image or "a/b:1"\n'),
        ("a.py", 'def f():\n    image = "web:latest"\n'),
        ("a.ts", "const card = { title: 'x', image: 'a/b:1' };"),
        ("a.ts", "const picture = { image: 'assets/logo:1' };"),
        ("a.ts", "const labels = { app: 'x', image: 'a/b:1' };"),
        ("a.go", 'package a\nvar x = Config{Labels: map[string]string{"image": "a/b:1"}}\n'),
        ("a.py", 'run(environment={"IMAGE": "a/b:1"})\n'),
        ("a.py", 'if image == "a/b:1":\n    pass\n'),
        ("a.py", 'def f():\n    image = "a/b:1" + suffix\n'),
        ("a.ts", "const x = image ? image : 'a/b:1';"),
        ("a.ts", "type X = { image: string; heading: 'a/b:1' };"),
        ("a/mock-backend/a.ts", "const pod = { image: 'a/b:1' };"),
        ("k8s/testyaml/a.go", 'package a\nconst DefaultImage = "a/b:1"\n'),
        ("unit_tests/a.py", 'IMAGE = "a/b:1"\n'),
        ("k8s/fake_client.go", 'package a\nconst DefaultImage = "a/b:1"\n'),
        ("a_test.go", 'package a\nconst DefaultImage = "a/b:1"\n'),
        ("src/test/A.java", 'class A { String IMAGE = "a/b:1"; }'),
        ("ATest.java", 'class A { String IMAGE = "a/b:1"; }'),
        ("a.spec.ts", "const proxyImage = 'a/b:1';"),
        ("tests/a.py", 'IMAGE = "a/b:1"\n'),
        ("test_a.py", 'IMAGE = "a/b:1"\n'),
    ],
)
def test_other_strings_and_files_of_tests_are_none(path, text):
    assert constants(text, path).found == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("integration_tests/test_a.py", 'IMAGE = "redis:7"\n'),
        ("test/e2e/a_test.go", 'package a\nvar x = Options{Image: "redis:7"}\n'),
    ],
)
def test_tests_that_run_against_what_they_start_name_real_images(path, text):
    assert constants(text, path).roles == [("docker.io/library/redis:7", "test")]


@pytest.mark.parametrize(("name", "found"), [("redis", True), ("web", False)])
def test_latest_of_a_name_that_is_not_official_is_built_here(name, found):
    assert bool(constants(f'def f(image="{name}:latest"): pass\n', "a.py").pulled) is found


def test_tag_and_digest_may_stand_together():
    text = f'package a\nconst Image = "a/b:1@sha256:{"c" * 64}"\n'
    assert constants(text, "a.go").pulled == [f"docker.io/a/b:1@sha256:{'c' * 64}"]


@given(st.lists(st.sampled_from(["const ", "Image", " = ", '"a/b:1"', "(", ")", ",", "\n", "'", "`", "{"])))
def test_any_text_is_read(tokens):
    text = "".join(tokens)
    candidates = (item for item in constants(text, "a.go").items if isinstance(item, Candidate))
    for item in candidates:
        assert text[item.start :].startswith(str(item.value))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.cs", 'class T { const string Registry = "docker.io"; const string Image = "library/redis";'
                 ' const string Tag = "7"; }'),
        ("a.cs", 'class T { const string ConsoleImage = "redis"; const string ConsoleTag = "7"; }'),
        ("A.java", 'class T { static final String IMAGE = "redis"; static final String IMAGE_TAG = "7"; }'),
        ("a.go", 'package a\nconst (\n\tredisImage = "redis"\n\tredisImageTag = "7"\n)\n'),
        ("a.ts", "export const IMAGE_NAME = 'redis';\nexport const IMAGE_VERSION: string = '7';\n"),
        ("a.py", 'IMAGE = "redis"\nIMAGE_TAG = "7"\n'),
    ],
)  # fmt: skip
def test_constants_that_are_called_alike_make_an_image(path, text):
    assert constants(text, path).pulled == ["docker.io/library/redis:7"]


def test_registry_in_a_constant_goes_before_the_image():
    text = (
        'class T { const string Registry = "ghcr.io/x"; const string Image = "a/b"; const string Tag = "1"; }'
    )
    assert constants(text, "a.cs").pulled == ["ghcr.io/x/a/b:1"]


@pytest.mark.parametrize(
    "text",
    [
        'class T { const string Image = "a/b"; const string OtherTag = "1"; }',
        'class T { const string Image = "logo"; const string Tag = "1"; }',
        'class T { const string Image = "a/b.png"; const string Tag = "h1 title"; }',
        'class T { const string Image = "a/b"; const string Version = "1"; }',
    ],
)
def test_constants_that_do_not_go_together_are_no_image(text):
    assert constants(text, "a.cs").pulled == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("src/test/AIT.java", '//testcontainers\nclass A { String A_IMAGE = "a/b:1"; { f(A_IMAGE); } }'),
        ("test/support/docker.ex", '# Testcontainers\ndefp image, do: System.get_env("X_IMAGE", "a/b:1")'),
        ("src/test/A.java", '//testcontainers\nclass A { final String IMAGE_A = "a/b:1"; { f(IMAGE_A); } }'),
    ],
)  # fmt: skip
def test_test_that_starts_containers_pulls_what_it_calls_an_image(path, text):
    assert constants(text, path).roles == [("docker.io/a/b:1", "test")]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("src/test/A.java", 'class A { static final String MY_IMAGE = "a/b:1"; }'),
        ("src/test/A.java", '//testcontainers\nclass A { void f() { image = "a/b:1"; } }'),
        ("src/test/A.java", '//testcontainers\nclass A { String A_IMAGE = "b:1"; { f(A_IMAGE); } }'),
        ("src/test/A.java", '//testcontainers\nclass A { static final String MY_IMAGE = "a/b:1"; }'),
    ],
)  # fmt: skip
def test_test_may_make_up_what_it_compares_with(path, text):
    assert constants(text, path).pulled == []


@pytest.mark.parametrize(
    "text",
    [
        'class A { String X = System.getProperty("test.docker.image.mysql", "a/b:1"); }',
        'class A { static final String DOCKER_IMAGE_MYSQL = "a/b:1"; }',
    ],
)
def test_name_of_an_image_may_end_in_what_it_is_of(text):
    assert constants(text, "A.java").pulled == ["docker.io/a/b:1"]


@pytest.mark.parametrize("accessors", ["get; set;", "get;", "get; init;", "get; private set;"])
def test_property_of_csharp_begins_with_an_image(accessors):
    text = f'class A {{ public string Image {{ {accessors} }} = "a/b:1"; }}'
    assert constants(text, "A.cs").pulled == ["docker.io/a/b:1"]
