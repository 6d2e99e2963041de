"""Prefect, Dagster, Flyte, Metaflow, Ray, Modal and their like."""

import pytest
from extracted import extracted


def module(text):
    return extracted("python_pipelines", text, "a.py")


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ('from prefect_docker import DockerContainer\nDockerContainer(image="redis:7")', "workload"),
        ('from prefect import flow\nf.deploy(image="redis:7", build=False)', "workload"),
        ('import dagster\nx.configured({"image": "redis:7"})', "workload"),
        ('import dagster\nk8s_pipes_client.run(context=c, image="redis:7")', "workload"),
        ('import flytekit\nImageSpec(base_image="redis:7")', "base"),
        ('from flytekit import task\n@task(container_image="redis:7")\ndef f(): pass', "workload"),
        ('from metaflow import kubernetes\n@kubernetes(image="redis:7")\ndef f(): pass', "workload"),
        ('import modal\nmodal.Image.from_registry("redis:7", add_python="3.12")', "base"),
        ('import ray\nray.init(runtime_env={"container": {"image": "redis:7"}})', "workload"),
        ('import ray\nf(runtime_env={"image_uri": "redis:7"})', "workload"),
        ('from hera.workflows import script\n@script(image="redis:7")\ndef f(): pass', "workload"),
        ('from kubernetes import client\nclient.V1Container(name="a", image="redis:7")', "workload"),
        ('c = get_config()\nc.DockerSpawner.image = "redis:7"', "workload"),
    ],
)
def test_image_that_a_library_is_given(text, role):
    assert module(text).roles == [("docker.io/library/redis:7", role)]


@pytest.mark.parametrize(
    "text",
    [
        '@kubernetes(image="redis:7")\ndef f(): pass',
        'from prefect import flow\n@flow\ndef f(image="redis:7"): pass',
        "import flytekit\nspec = ImageSpec(packages=[])\n@task(container_image=spec)\ndef f(): pass",
        'import ray\nx = {"image": "redis:7"}',
        "import modal\nmodal.Image.debian_slim()",
    ],
)
def test_what_no_library_is_given_is_no_image(text):
    found = module(text)
    assert (found.pulled, found.unresolved) == ([], [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('from prefect import flow\nf.deploy(image="ghcr.io/a/b:1")', "ghcr.io/a/b:1"),
        ('import flytekit\nImageSpec(name="b", registry="ghcr.io/a")', "ghcr.io/a/b"),
    ],
)
def test_image_that_a_library_builds_is_an_output(text, expected):
    assert module(text).outputs == [expected]
