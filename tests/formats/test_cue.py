"""CUE: fields that hold images."""

import pytest
from extracted import extracted


def read(text):
    return extracted("cue", text, "a.cue")


@pytest.mark.parametrize(
    "text",
    [
        'a: image: "redis:7"',
        'a: {image: "redis:7", ports: [1]}',
        'a: [{\n\tname: "a"\n\t"image": "redis:7"\n}]',
        'a: image: *"redis:7" | string',
        'a: image: "redis:\\(tag)"\ntag: "7"',
        'a: image: #"redis:7"#',
        'a: redisImage: "redis:7"',
        'a: image: {repository: "redis", tag: "7"}',
        'image: #Image & {\n\trepository: *"redis" | string\n\ttag: *"7" | string\n\tdigest: *"" | string\n}',
    ],
)
def test_image_of_a_field(text):
    assert read(text).roles == [("docker.io/library/redis:7", "workload")]


@pytest.mark.parametrize(
    "text",
    [
        '// image: "redis:7"',
        "image: string",
        "image: #config.image",
        'image: "redis:6" | "redis:7"',
        'labels: image: "redis:7"',
        'x: """\n\timage: "redis:7"\n\t"""',
        'logoImage: "logo.png"',
    ],
)
def test_what_is_no_image(text):
    found = read(text)
    assert (found.pulled, found.unresolved) == ([], [])


def test_part_that_is_not_known_is_told():
    assert [text for text, _ in read('image: "redis:\\(tag)"').unresolved] == ["redis:\\(tag)"]
