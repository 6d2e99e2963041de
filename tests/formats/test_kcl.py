"""KCL: attributes that hold images."""

import pytest
from extracted import extracted


def read(text):
    return extracted("kcl", text, "a.k")


@pytest.mark.parametrize(
    "text",
    [
        'a = App {\n    image = "redis:7"\n}',
        "a: App {\n    \"image\": 'redis:7'\n}",
        'schema App:\n    image: str = "redis:7"\n    replicas: int = 1',
        'schema App:\n    image?: str = "redis:7"',
        'a = {name: "a", image: "redis:${v}"}\nv = "7"',
        'a = {image = "redis:" + v}\nv = "7"',
        'a = {image = "redis:{}".format(v)}\nv = "7"',
    ],
)
def test_image_of_an_attribute(text):
    assert read(text).roles == [("docker.io/library/redis:7", "workload")]


@pytest.mark.parametrize(
    "text",
    [
        '# image = "redis:7"',
        'x = """\nimage = "redis:7"\n"""',
        "schema App:\n    image: str",
        'schema App:\n    labels: {str:str} = {image = "redis:7"}',
        'a = {name = "IMAGE", value = "redis:7"}',
        "a = {image = config.image}",
    ],
)
def test_what_is_no_image(text):
    found = read(text)
    assert (found.pulled, found.unresolved) == ([], [])
