"""What a text that stands where an image may stand is taken for."""

import pytest
from extracted import extracted


@pytest.mark.parametrize("host", ["github.com", "gitlab.com", "bitbucket.org"])
def test_host_of_source_code_serves_no_images(host):
    found = extracted("compose", f"services: {{a: {{image: '{host}/acme/tool:1'}}}}\n", "compose.yaml")
    ((text, reason),) = found.unresolved
    assert (found.pulled, text) == ([], f"{host}/acme/tool:1")
    assert reason.startswith(f"{host} serves source code and no images")


@pytest.mark.parametrize("host", ["ghcr.io", "registry.gitlab.com", "docker.pkg.github.com"])
def test_registry_of_a_host_of_source_code_serves_images(host):
    found = extracted("compose", f"services: {{a: {{image: '{host}/acme/tool:1'}}}}\n", "compose.yaml")
    assert found.pulled == [f"{host}/acme/tool:1"]


def test_import_path_where_an_image_is_only_guessed_is_none():
    text = "docker build --build-arg TOOL=github.com/acme/tool:v1.2.3 .\n"
    found = extracted("shell", text, "a.sh")
    assert (found.pulled, found.unresolved) == ([], [])


def test_image_in_a_registry_localhost_was_built_on_the_machine():
    found = extracted("compose", "services: {a: {image: 'localhost/acme/tool:1'}}\n", "compose.yaml")
    assert (found.pulled, found.outputs) == ([], ["localhost/acme/tool:1"])


def test_image_at_a_port_of_localhost_is_pulled():
    found = extracted("compose", "services: {a: {image: 'localhost:5000/acme/tool:1'}}\n", "compose.yaml")
    assert found.pulled == ["localhost:5000/acme/tool:1"]


@pytest.mark.parametrize("image", ['acme/web:"$V"', "acme/web:${V}", '"acme/web:$V"'])
def test_name_is_known_where_only_the_version_is_not(image):
    (item,) = extracted("shell", f"docker run {image} x\n", "a.sh").found
    assert (str(item.reference), [each.text for each in item.fragments]) == (
        "docker.io/acme/web",
        ["acme/web"],
    )


def test_name_that_does_not_stand_as_one_is_not_known():
    (item,) = extracted("shell", 'docker run "acme"/web:$V x\n', "a.sh").found
    assert item.reference is None


@pytest.mark.parametrize("text", ["null", "None", "placeholder"])
def test_word_for_nothing_is_no_image(text):
    assert extracted("compose", f"services: {{a: {{image: '{text}'}}}}", "compose.yaml").found == []


@pytest.mark.parametrize(
    "text",
    ["docker.io/YOUR_NAME/app:dev", "[YOUR REGISTRY]/app:1", "gcr.io/<your-project>/app", "<YOUR-IMAGE>"],
)
def test_words_that_ask_the_reader_for_a_name_are_no_image(text):
    assert extracted("compose", f"services: {{a: {{image: '{text}'}}}}", "compose.yaml").found == []


def test_name_with_your_in_it_is_a_name():
    image = "docker.io/your-name/app:1"
    assert extracted("compose", f"services: {{a: {{image: '{image}'}}}}", "compose.yaml").pulled == [image]


def test_name_of_three_parts_that_is_only_guessed_is_a_path():
    assert extracted("helm_values", "image: service/storage/image", "values.yaml").found == []
    assert extracted("helm_values", "image: quay.io/acme/storage/image", "values.yaml").pulled == [
        "quay.io/acme/storage/image"
    ]
