"""Home Assistant add-ons: bases by architecture, and the name an add-on has."""

from extracted import extracted


def test_base_of_each_architecture_reaches_the_dockerfile():
    text = "build_from: {amd64: 'a/b:1', armv7: 'c/d:1'}\nargs: {V: '2'}\n"
    found = extracted("home_assistant", text, "x/build.yaml")
    assert found.roles == [("docker.io/a/b:1", "base"), ("docker.io/c/d:1", "base")]
    assert found.bindings == [
        ("x/Dockerfile", "dockerfile", {"V": "2", "BUILD_FROM": "a/b:1"}),
        ("x/Dockerfile", "dockerfile", {"V": "2", "BUILD_FROM": "c/d:1"}),
    ]


def test_name_of_an_add_on_is_an_output_for_each_architecture():
    text = "slug: x\nimage: 'acme/{arch}-x'\narch: [amd64, armv7]\n"
    found = extracted("home_assistant", text, "x/config.yaml")
    assert (found.pulled, found.outputs) == ([], ["docker.io/acme/amd64-x", "docker.io/acme/armv7-x"])


def test_configuration_of_something_else_is_passed_over():
    assert extracted("home_assistant", "image: a\nslug: b\n", "config.yaml").items == ()
