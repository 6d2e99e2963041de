"""Kubeflow Pipelines and Vertex AI: the images of components and jobs."""

import pytest
from extracted import extracted


def pipeline(text):
    return extracted("kfp", "import kfp\nfrom google.cloud import aiplatform\n" + text, "pipeline.py")


@pytest.mark.parametrize(
    "text",
    [
        '@dsl.component(base_image="redis:7")\ndef f(): pass',
        '@component(base_image=f"redis:{V}")\ndef f(): pass\nV = "7"',
        'dsl.ContainerSpec(image="redis:7", command=["x"])',
        'dsl.ContainerOp("a", "redis:7")',
        'create_component_from_func(f, base_image="redis:7")',
        'func_to_container_op(f, "a.yaml", "redis:7")',
        'aiplatform.CustomContainerTrainingJob(container_uri="redis:7")',
        'aiplatform.Model.upload(serving_container_image_uri="redis:7")',
        'x = [{"container_spec": {"image_uri": "redis:7"}}]',
        'load_component_from_text("""\nimplementation:\n  container:\n    image: redis:7\n""")',
    ],
)
def test_image_of_a_component_or_a_job(text):
    assert pipeline(text).roles == [("docker.io/library/redis:7", "workload")]


@pytest.mark.parametrize("text", ["@dsl.component\ndef f(): pass", 'image = "redis:7"', 'f(image="redis:7")'])
def test_what_names_no_image(text):
    assert pipeline(text).pulled == []


def test_call_of_a_library_that_is_not_imported_is_another():
    assert extracted("kfp", '@component(base_image="redis:7")', "a.py").pulled == []


def test_image_that_a_component_is_built_into_is_an_output():
    assert pipeline('@dsl.component(base_image="redis:7", target_image="ghcr.io/a/b:1")').outputs == [
        "ghcr.io/a/b:1"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "implementation:\n  container:\n    image: redis:7\n",
        "deploymentSpec:\n  executors:\n    a:\n      container: {image: 'redis:7'}\n",
    ],
)
def test_image_of_a_component_in_yaml(text):
    assert extracted("kfp", text, "components/a_component.yaml").pulled == ["docker.io/library/redis:7"]
