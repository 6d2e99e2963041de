#!/bin/bash
set -euo pipefail

docker run --detach --restart always --name exporter --net host ${exporter}
docker run --detach --restart always \
  --env AIRFLOW_HOME=$${AIRFLOW_HOME:-/opt/airflow} \
  ${image} celery worker
