# Builds one DAG for every customer. Images come from here and from nowhere else.
from airflow.models.dag import DAG
from airflow.providers.cncf.kubernetes.operators.kubernetes_pod import KubernetesPodOperator as _Pod
from airflow.utils.dates import days_ago
from plugins.operators import ShopKubernetesPodOperator, SlackOperator

from common.images import LOADER

CUSTOMERS = ["acme", "umbrella"]
IMAGES = {
    "busybox": "busybox:1.36",
}


class Defaults:
    image = "bitnami/kubectl:1.29"
    tag = "7.0"


def step(dag, name, image="alpine:3.19"):
    return ShopKubernetesPodOperator(dag=dag, task_id=name, image=image)


def redis(dag):
    return ShopKubernetesPodOperator(dag=dag, task_id="redis", image="redis:" + Defaults.tag)


for customer in CUSTOMERS:
    dag_id = f"load_{customer}"
    with DAG(dag_id, start_date=days_ago(1)) as dag:
        first = step(dag, "first")
        load = ShopKubernetesPodOperator(
            task_id="load",
            image=LOADER,
            labels={"image": "loader"},
        )
        pull = ShopKubernetesPodOperator(task_id="pull", image=Defaults.image)
        notify = SlackOperator(task_id="notify", image="https://cdn.shop.org/done.png")
        first >> load >> pull >> notify
        globals()[dag_id] = dag
