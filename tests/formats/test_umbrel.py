"""Umbrel: what its system pulls for an app."""

import pytest
from extracted import extracted


def umbrel(text):
    return extracted("umbrel", text, "app/docker-compose.yml")


def test_proxy_of_an_app_is_pulled_though_nothing_spells_it():
    (found,) = umbrel("services: {app_proxy: {environment: {APP_HOST: web, APP_PORT: 80}}}").occurrences
    assert (str(found.reference), found.role, found.text) == (
        "docker.io/getumbrel/app-proxy", "implicit", "app_proxy",
    )  # fmt: skip
    assert "umbrelOS" in found.trail[0]


@pytest.mark.parametrize(
    "text",
    [
        "services: {app_proxy: {image: x, environment: {APP_HOST: web}}}",
        "services: {web: {environment: {APP_HOST: web}}}",
        "services: [app_proxy]",
        "app_proxy: {environment: {APP_HOST: web}}",
    ],
)
def test_proxy_with_an_image_and_other_services_are_none(text):
    assert umbrel(text).found == []
