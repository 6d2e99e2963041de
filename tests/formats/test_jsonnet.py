"""Jsonnet: fields that hold images."""

import pytest
from extracted import extracted


def read(text):
    return extracted("jsonnet", text, "main.jsonnet")


@pytest.mark.parametrize(
    "text",
    [
        "{ image: 'redis:7' }",
        '{ containers: [{ image:: "redis:7" }] }',
        "{ image: 'redis:' + v, local v = '7' }",
        "{ image: 'redis:%s' % v, local v = '7' }",
        "{ image: '%(a)s:7' % { a: 'redis' } }",
        "{ _config+:: { versions: { r: '7' }, repos: { r: 'redis' } },"
        " image: $._config.repos.r + ':' + $._config.versions.r }",
        "{ _images+:: { r: 'redis:7' } }",
        "{ redisImage: 'redis:7' }",
        "container.new('r', 'redis:7')",
        "function(port=80, image='docker.io/redis:7') {}",
        "local web(name, webImage='docker.io/library/redis:7',) = {}; web('a')",
        "{ web(image='docker.io/redis:7'):: {} }",
        "container.withImage('redis:7')",
    ],
)
def test_image_of_a_field(text):
    assert read(text).roles == [("docker.io/library/redis:7", "workload")]


@pytest.mark.parametrize(
    "text",
    [
        "// { image: 'redis:7' }",
        "{ text: ||| \n image: 'redis:7'\n||| }",
        "{ labels: { image: 'x' } }",
        "{ icon_image: 'https://a.b/c:1.png' }",
        "{ image: function(x) x + ':1' }",
        "{ image: $._images.redis }",
        "{ image: { tag: '7' } }",
    ],
)
def test_what_is_no_image(text):
    found = read(text)
    assert (found.pulled, found.unresolved) == ([], [])


def test_part_that_is_not_known_is_told():
    assert [text for text, _ in read("{ image: 'redis:' + std.extVar('v') }").unresolved] == [
        "redis:${std.extVar(v)}"
    ]
