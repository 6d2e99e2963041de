from dagster import AssetExecutionContext, Definitions, asset, job, op
from dagster_docker import PipesDockerClient, docker_executor
from dagster_k8s import PipesK8sClient, execute_k8s_job, k8s_job_op
from hera.workflows import Container, Workflow, script
from kubernetes import client, config

first_op = k8s_job_op.configured(
    {
        "image": "busybox:1.36",
        "command": ["/bin/sh", "-c"],
        "args": ["echo HELLO"],
    },
    name="first_op",
)


@op
def second_op(context):
    execute_k8s_job(context, image="bitnami/kubectl:1.29.4", command=["kubectl"], args=["get", "pods"])


@asset
def report(context: AssetExecutionContext, k8s_pipes_client: PipesK8sClient):
    return k8s_pipes_client.run(
        context=context, image="pandoc/latex:3.1", extras={"image": "figure.png"}
    ).get_materialize_result()


@job(executor_def=docker_executor.configured({"image": "registry.shop.org/dagster/user-code:1.4", "networks": ["x"]}))
def nightly():
    second_op(first_op())


@script(image="python:3.12-alpine")
def hello():
    print("hello")


with Workflow(generate_name="hera-") as w:
    Container(name="cowsay", image="docker/whalesay:latest", command=["cowsay"])


def pod(name, image="mirror.gcr.io/library/debian:12"):
    config.load_kube_config()
    container = client.V1Container(name=name, image=image)
    return client.V1Pod(spec=client.V1PodSpec(containers=[container]))


defs = Definitions(jobs=[nightly], assets=[report])
