"""Trains the recommender."""

from kfp import compiler, dsl
from kfp.dsl import Dataset, Input, Model, Output, component

BASE = "python:3.11-slim"
TORCH = "2.3.0-cuda12.1-cudnn8-runtime"


@dsl.component(base_image=BASE, packages_to_install=["pandas==2.2.2"])
def prepare(rows: int, out: Output[Dataset]):
    import pandas

    pandas.DataFrame({"n": range(rows)}).to_csv(out.path)


@component(
    base_image=f"pytorch/pytorch:{TORCH}",
    target_image="europe-docker.pkg.dev/shop/ml/train:v1",
)
def train(data: Input[Dataset], model: Output[Model]):
    image = "evil:1"
    print(data.path, model.path, image)


@dsl.component
def report(text: str) -> str:
    return text


@dsl.container_component
def convert(model: Input[Model]):
    return dsl.ContainerSpec(
        image="gcr.io/google.com/cloudsdktool/google-cloud-cli:472.0.0-slim",
        command=["gsutil", "cp"],
        args=[model.path, "gs://models/"],
    )


@dsl.container_component
def notify():
    return dsl.ContainerSpec("curlimages/curl:8.7.1", ["curl"], ["https://hooks.shop.org"])


@dsl.pipeline(name="train")
def pipeline(rows: int = 100):
    data = prepare(rows=rows)
    model = train(data=data.outputs["out"])
    convert(model=model.outputs["model"]).after(model)
    report(text="done")


if __name__ == "__main__":
    compiler.Compiler().compile(pipeline, "pipeline.yaml")
