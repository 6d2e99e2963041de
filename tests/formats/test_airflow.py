"""Airflow: the images of tasks."""

import pytest
from extracted import extracted


def dag(text):
    return extracted("airflow", "from airflow import DAG\n" + text, "dags/a.py")


@pytest.mark.parametrize(
    "text",
    [
        'DockerOperator(task_id="a", image="redis:7")',
        'DockerSwarmOperator(image="redis:" "7")',
        'KubernetesPodOperator(image=f"redis:{V}")\nV = "7"',
        'KubernetesPodOperator.partial(image="redis:7").expand(arguments=[])',
        'OurKubernetesPodOperator(image="redis:7")',
        '@task.docker(image="redis:7")\ndef f(): pass',
        '@task.kubernetes(image="redis:7", in_cluster=True)\ndef f(): pass',
        'k8s.V1Container(name="base", image="redis:7")',
        'PythonOperator(executor_config={"KubernetesExecutor": {"image": "redis:7"}})',
        'def step(image="redis:7"):\n    return DockerOperator(image=image)',
    ],
)
def test_image_of_a_task(text):
    assert dag(text).roles == [("docker.io/library/redis:7", "workload")]


@pytest.mark.parametrize(
    "text",
    [
        'SlackOperator(image="redis:7")',
        'BashOperator(env={"image": "redis:7"})',
        "def step(image):\n    return DockerOperator(image=image)",
        'image = "redis:7"',
        "class DockerOperator(BaseOperator, image='redis:7'): pass",
    ],
)
def test_what_no_task_runs_in_is_no_image(text):
    found = dag(text)
    assert (found.pulled, found.unresolved) == ([], [])


def test_constant_of_another_module_is_told():
    assert [
        text for text, _ in dag("from images import LOADER\nDockerOperator(image=LOADER)").unresolved
    ] == ["LOADER"]
