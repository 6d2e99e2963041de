"""DigitalOcean: images in parts."""

import pytest
from extracted import extracted


def image(fields):
    return extracted("digitalocean", f"services: [{{image: {{{fields}}}}}]\n", ".do/app.yaml")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            "registry_type: DOCKER_HUB, registry: library, repository: nginx, tag: '1'",
            "docker.io/library/nginx:1",
        ),
        ("registry_type: DOCKER_HUB, registry: a, repository: b", "docker.io/a/b"),
        ("registry_type: GHCR, registry: a, repository: b, tag: x", "ghcr.io/a/b:x"),
        ("registry_type: DOCR, registry: a, repository: b, tag: x", "registry.digitalocean.com/a/b:x"),
    ],
)
def test_image_is_put_together(fields, expected):
    assert image(fields).roles == [(expected, "workload")]


def test_registry_of_the_account_is_not_known():
    assert [reason for _, reason in image("registry_type: DOCR, repository: b").unresolved] == [
        "the registry is that of the DigitalOcean account"
    ]


def test_repository_of_sources_is_no_image():
    assert image("repository: a/b, branch: main").pulled == []
