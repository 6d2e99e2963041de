"""Airflow: the images that tasks run in."""

import pytest
from extracted import extracted


def found(text, path="dags/a.py", **given):
    return extracted("airflow", text, path, **given)


@pytest.mark.parametrize(
    "text",
    [
        'from airflow.x import DockerOperator\nDockerOperator(task_id="a", image="nginx:1")\n',
        'from airflow.x import KubernetesPodOperator\nKubernetesPodOperator(name="a", image="nginx:1")\n',
        'from airflow.decorators import task\n@task.docker(image="nginx:1")\ndef a(): pass\n',
        'from airflow.x import DockerOperator\nI = "nginx:1"\nDockerOperator(image=I)\n',
    ],
)
def test_image_of_a_task(text):
    assert found(text).pulled == ["docker.io/library/nginx:1"]


def test_comment_names_nothing():
    assert found('import airflow\n# DockerOperator(image="nginx:1")\n').found == []
