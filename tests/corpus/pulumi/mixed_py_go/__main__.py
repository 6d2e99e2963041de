"""The platform of the data team."""

import pulumi
import pulumi_docker as docker
import pulumi_kubernetes as k8s
from pulumi_kubernetes.apps.v1 import Deployment, DeploymentSpecArgs
from pulumi_kubernetes.core.v1 import ContainerArgs, PodSpecArgs, PodTemplateSpecArgs
from pulumi_hcloud import Server

VERSION = "2.9.1"
labels = {"app": "airbyte"}
stack = pulumi.get_stack()

deployment = Deployment(
    "airflow",
    spec=DeploymentSpecArgs(
        selector=k8s.meta.v1.LabelSelectorArgs(match_labels=labels),
        template=PodTemplateSpecArgs(
            spec=PodSpecArgs(
                containers=[
                    ContainerArgs(name="web", image=f"apache/airflow:{VERSION}-python3.11"),
                    ContainerArgs(name="sync", image="registry.k8s.io/git-sync/git-sync:v4.2.3"),
                    {"name": "own", "image": f"ghcr.io/shop/own:{stack}"},
                ],
                init_containers=[{"name": "wait", "image": "bitnami/kubectl:1.30"}],
            )
        ),
    ),
)

image = docker.Image(
    "tools",
    build=docker.DockerBuildArgs(context="tools"),
    image_name="europe-docker.pkg.dev/shop/data/tools",
)
remote = docker.RemoteImage("metabase", name="metabase/metabase:v0.49.8")
metabase = docker.Container("metabase", image=remote.repo_digest, name="metabase")

server = Server("jump", server_type="cx11", image="ubuntu-22.04")

pulumi.export("image", "text/of-no-image:1")
