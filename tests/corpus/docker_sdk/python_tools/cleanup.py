"""Runs tools in containers."""

import os

import docker
from docker.types import Mount

client = docker.from_env()
api = docker.APIClient(base_url="unix://var/run/docker.sock")

TRIVY = "aquasec/trivy:0.51.1"
NOT_PULLED = "mysql:5.7"


def scan(path: str) -> str:
    mount = Mount("/src", path, type="bind")
    return client.containers.run(TRIVY, ["fs", "/src"], mounts=[mount], remove=True).decode()


def prepare(version: str = "1.36") -> None:
    client.images.pull("busybox", tag="1.36.1")
    client.images.pull("quay.io/skopeo/stable:v1.15")
    client.images.pull(repository="alpine", tag="3.19")
    client.containers.create(image=f"busybox:{version}", command="true", labels={"image": "x"})
    api.create_container("debian:12-slim", "true", image="debian:12-slim")
    client.containers.get("web").exec_run("ls")
    client.images.build(path=".", tag="cleanup:dev")


def own() -> None:
    client.containers.run("registry.shop.org/own:" + os.environ["OWN_TAG"], detach=True)


def any_image(image):
    return client.containers.run(image)
