"""Kamal: what is deployed and what stands beside it."""

import pytest
from extracted import extracted


def kamal(text):
    return extracted("kamal", f"service: s\nservers: [h]\n{text}\n", "config/deploy.yml")


def test_image_of_the_service_is_built_here():
    found = kamal("image: a/b")
    assert (found.pulled, found.outputs) == ([], ["docker.io/a/b"])


def test_registry_stands_before_the_image_of_the_service():
    assert kamal("image: a/b\nregistry: {server: ghcr.io}").outputs == ["ghcr.io/a/b"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("accessories: {db: {image: 'mysql:8'}}", ("docker.io/library/mysql:8", "service")),
        ("accessories: {x: {image: a/b, registry: {server: r.example}}}", ("r.example/a/b", "service")),
        ("traefik: {image: 'traefik:v2'}", ("docker.io/library/traefik:v2", "service")),
        ("builder: {pack: {builder: 'heroku/builder:24'}}", ("docker.io/heroku/builder:24", "base")),
    ],
)
def test_image_that_is_pulled(text, expected):
    assert kamal(text).roles == [expected]


def test_template_is_not_known():
    text = "accessories: {db: {image: 'mysql:<%= 8 %>'}}"
    assert [text for text, _ in kamal(text).unresolved] == ["mysql:<%= 8 %>"]


def test_arguments_reach_the_dockerfile():
    text = "builder: {dockerfile: d/D, args: {V: '1', W: <%= x %>}}"
    assert kamal(text).bindings == [("d/D", "dockerfile", {"V": "1"})]
