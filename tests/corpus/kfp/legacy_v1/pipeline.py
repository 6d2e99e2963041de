import kfp
from kfp import components, dsl
from kfp.components import create_component_from_func, func_to_container_op


def add(a: float, b: float) -> float:
    return a + b


add_op = create_component_from_func(add, output_component_file="add_component.yaml", base_image="python:3.7")
double_op = func_to_container_op(lambda x: x * 2, base_image='tensorflow/tensorflow:2.11.0-gpu')
plain_op = create_component_from_func(add)

fetch_op = components.load_component_from_text("""
name: Fetch
description: image of the container is alpine
inputs:
- {name: url, type: String}
outputs:
- {name: data}
implementation:
  container:
    # wget is part of it
    image: alpine:3.16
    command: [sh, -exc, 'wget "$0" -O "$1"']
    args: [{inputValue: url}, {outputPath: data}]
""")
upload_op = components.load_component_from_file("components/upload_component.yaml")


@dsl.pipeline(name="legacy")
def pipeline(url: str, tag: str = "v1"):
    data = fetch_op(url)
    count = dsl.ContainerOp(
        name="count",
        image="library/bash:4.4.23",
        command=["sh", "-c"],
        arguments=["wc -l $0", data.output],
    )
    count.add_sidecar(dsl.Sidecar("cache", "redis:5-alpine", mirror_volume_mounts=True))
    count.add_init_container(dsl.UserContainer(name="init", image="busybox:1.36"))
    dsl.ContainerOp("store", "minio/mc:RELEASE.2024-04-18T16-45-29Z", ["mc", "cp"])
    dsl.ContainerOp(name="own", image="registry.shop.org/count:%s" % tag)


kfp.compiler.Compiler().compile(pipeline, __file__ + ".yaml")
