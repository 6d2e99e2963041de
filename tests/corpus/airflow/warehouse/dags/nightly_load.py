"""Loads the warehouse every night."""

from __future__ import annotations

import pendulum
from airflow.decorators import dag, task
from airflow.operators.bash import BashOperator
from airflow.providers.docker.operators.docker import DockerOperator
from airflow.providers.docker.operators.docker_swarm import DockerSwarmOperator
from docker.types import Mount

DBT_VERSION = "1.7.13"
DBT_IMAGE = f"ghcr.io/dbt-labs/dbt-postgres:{DBT_VERSION}"

default_args = {
    "owner": "warehouse",
    "retries": 2,
    "docker_url": "unix://var/run/docker.sock",
}


@dag(schedule="@daily", start_date=pendulum.datetime(2024, 1, 1, tz="UTC"), catchup=False, default_args=default_args)
def nightly_load():
    extract = DockerOperator(
        task_id="extract",
        image="meltano/meltano:v3.4-python3.11",  # pinned: 3.5 drops our tap
        command=["run", "tap-postgres", "target-jsonl"],
        mounts=[Mount(source="/srv/meltano", target="/project", type="bind")],
        auto_remove="success",
    )

    transform = DockerOperator(task_id="transform", image=DBT_IMAGE, command="dbt build", network_mode="bridge")

    # image="evil:1"
    export = DockerSwarmOperator(
        task_id="export",
        image='rclone/rclone' ':1.66',
        command="copy /data remote:warehouse",
    )

    report = BashOperator(
        task_id="report",
        bash_command="echo image=none:1 >> /tmp/report",
        env={"image": "not-an-image"},
    )

    @task.docker(image="python:3.11-slim", multiple_outputs=True)
    def check(day: str) -> dict[str, int]:
        return {"rows": len(day)}

    @task.docker(image="registry.shop.org/quality:{{ var.value.quality_version }}")
    def quality():
        """Checks what was loaded."""

    extract >> transform >> [export, report] >> check("{{ ds }}") >> quality()


nightly_load()
