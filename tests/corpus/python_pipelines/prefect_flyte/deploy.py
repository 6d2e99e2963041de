"""Deploys the flows."""

from prefect import flow
from prefect.docker import DockerImage
from prefect_docker import DockerContainer
from prefect_kubernetes.jobs import KubernetesJob

BASE = "prefecthq/prefect:2.19-python3.11"


@flow(log_prints=True)
def load(image: str = "not/this:1"):
    print(f"loads {image}")


block = DockerContainer(image=BASE, image_pull_policy="IF_NOT_PRESENT", auto_remove=True)
job = KubernetesJob(
    namespace="flows",
    image="prefecthq/prefect-kubernetes:0.3",
    job={"metadata": {"labels": {"image": "x"}}},
)

if __name__ == "__main__":
    block.save("docker", overwrite=True)
    # built from this folder, and pushed
    load.deploy(name="nightly", work_pool_name="k8s", image="registry.shop.org/flows/load:v3")
    load.deploy(name="hourly", work_pool_name="k8s", image="prefecthq/prefect:3.0.0-python3.12", build=False)
    load.deploy(name="custom", work_pool_name="k8s", image=DockerImage(name="registry.shop.org/flows/custom", tag="v1"))
