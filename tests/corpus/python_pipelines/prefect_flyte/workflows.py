import typing

from flytekit import ContainerTask, ImageSpec, Resources, kwtypes, task, workflow

sklearn = ImageSpec(
    name="flyte-sklearn",
    base_image="ghcr.io/flyteorg/flytekit:py3.11-1.12.0",
    packages=["scikit-learn==1.4.2"],
    registry="ghcr.io/shop",
)
cuda = ImageSpec(base_image="nvidia/cuda:12.4.1-runtime-ubuntu22.04", python_version="3.11")

calculate = ContainerTask(
    name="calculate",
    input_data_dir="/var/inputs",
    inputs=kwtypes(a=float),
    image="rust:1.78-slim",
    command=["./calculate", "{{.inputs.a}}"],
)


@task(container_image=sklearn, limits=Resources(mem="2Gi"))
def fit(rows: int) -> float:
    return rows / 2


@task(container_image="ghcr.io/shop/score:4.1")
def score(value: float) -> typing.List[str]:
    container_image = "evil:1"
    return [container_image, str(value)]


@workflow
def pipeline(rows: int = 10) -> typing.List[str]:
    return score(value=fit(rows=rows))
