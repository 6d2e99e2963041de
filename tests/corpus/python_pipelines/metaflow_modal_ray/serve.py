"""Serves the model on Modal."""

import modal

app = modal.App("serve")

cuda_version = "12.4.0"
flavor = "devel"
tag = f"{cuda_version}-{flavor}-ubuntu22.04"

image = (
    modal.Image.from_registry(f"nvidia/cuda:{tag}", add_python="3.11")
    .apt_install("git")
    .pip_install("torch==2.3.0")
    .env({"HF_HUB_ENABLE_HF_TRANSFER": "1"})
)
slim = modal.Image.debian_slim(python_version="3.12").pip_install("fastapi")
conda = modal.Image.from_dockerhub("mambaorg/micromamba:1.5.8")
own = modal.Image.from_dockerfile("Dockerfile")
private = modal.Image.from_aws_ecr("000000000000.dkr.ecr.us-east-1.amazonaws.com/serve:v2", secret=modal.Secret.from_name("aws"))


@app.function(image=image, gpu="A10G")
def generate(prompt: str) -> str:
    return prompt


@app.function(image=slim)
def health() -> str:
    return "python:3.12"
