"""Containers that the tests of the API share."""

import os

import pytest
from testcontainers.core.container import DockerContainer
from testcontainers.core.waiting_utils import wait_for_logs
from testcontainers.postgres import PostgresContainer
from testcontainers.redis import RedisContainer as Redis

POSTGRES_VERSION = "15.6"
OPENSEARCH = (
    "opensearchproject/"
    "opensearch:2.13.0"
)
NOT_PULLED = "mysql:5.7"


@pytest.fixture(scope="session")
def postgres():
    with PostgresContainer(f"postgres:{POSTGRES_VERSION}", driver="psycopg") as container:
        yield container.get_connection_url()


@pytest.fixture(scope="session")
def search():
    container = DockerContainer(image=OPENSEARCH).with_exposed_ports(9200)
    with container:
        wait_for_logs(container, "started")
        yield container


@pytest.fixture
def mail():
    with DockerContainer("mailhog/mailhog:%s" % "v1.0.1") as container:
        yield container


def service(image: str = "hashicorp/vault:1.16"):
    """Start what a test asks for."""
    return DockerContainer(image)


def nightly():
    return DockerContainer("ghcr.io/shop/api:{}".format(os.environ["NIGHTLY"]))


class FakeContainer:
    """Stands in for a container."""

    def __init__(self, image):
        self.image = image


FAKE = FakeContainer("fake:1")
