import os
from datetime import datetime

from airflow import DAG
from airflow.models import Variable
from airflow.operators.python import PythonOperator
from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.providers.google.cloud.operators.kubernetes_engine import GKEStartPodOperator
from kubernetes.client import models as k8s

REGISTRY = "europe-docker.pkg.dev/shop/ml"

with DAG("train", start_date=datetime(2024, 1, 1), schedule=None) as dag:
    prepare = KubernetesPodOperator(
        task_id="prepare",
        name="prepare",
        namespace="ml",
        image="apache/spark-py:v3.4.0" if os.environ.get("SPARK") else "python:3.10",
        cmds=["python", "-m", "prepare"],
        init_containers=[
            k8s.V1Container(name="fetch", image="curlimages/curl:8.7.1", args=["-O", "https://data.shop.org/x"]),
        ],
        full_pod_spec=k8s.V1Pod(
            spec=k8s.V1PodSpec(
                containers=[
                    k8s.V1Container(name="base"),
                    k8s.V1Container(name="proxy", image="envoyproxy/envoy:v1.29-latest"),
                ]
            )
        ),
    )

    train = GKEStartPodOperator(
        task_id="train",
        project_id="shop",
        location="europe-west1",
        cluster_name="ml",
        image=f"{REGISTRY}/train:{Variable.get('train_version')}",
    )

    evaluate = KubernetesPodOperator.partial(
        task_id="evaluate",
        image="ghcr.io/mlflow/mlflow:v2.12.1",
        image_pull_policy="IfNotPresent",
    ).expand(arguments=[["a"], ["b"]])

    publish = PythonOperator(
        task_id="publish",
        python_callable=print,
        executor_config={"KubernetesExecutor": {"image": "google/cloud-sdk:472.0.0-slim", "request_memory": "128Mi"}},
        op_kwargs={"image": "cover.png"},
    )

    prepare >> train >> evaluate >> publish
