"""Submits training jobs to Vertex AI."""

from google.cloud import aiplatform

PREBUILT = "us-docker.pkg.dev/vertex-ai/training/tf-gpu.2-12.py310:latest"
VERSION = "23.12-py3"

aiplatform.init(project="shop", location="europe-west4", staging_bucket="gs://shop-staging")

job = aiplatform.CustomContainerTrainingJob(
    display_name="forecast",
    container_uri=PREBUILT,
    command=["python", "-m", "train"],
    model_serving_container_image_uri="tensorflow/serving:2.14.1",
)

custom = aiplatform.CustomJob(
    display_name="llm",
    worker_pool_specs=[
        {
            "machine_spec": {"machine_type": "a2-highgpu-1g", "accelerator_count": 1},
            "replica_count": 1,
            "disk_spec": {"boot_disk_type": "pd-ssd", "image": "debian-11"},
            "container_spec": {
                "image_uri": f"nvcr.io/nvidia/pytorch:{VERSION}",
                "command": ["torchrun"],
            },
        }
    ],
)

model = aiplatform.Model.upload(
    display_name="forecast",
    serving_container_image_uri="pytorch/torchserve:0.10.0-cpu",
    artifact_uri="gs://shop-models/forecast",
)


def run(image):
    """Run any image."""
    return aiplatform.CustomContainerTrainingJob(display_name="any", container_uri=image)
