if [ "$CONTAINER_ENGINE" = podman ]; then
  argument="--podman-build-args"
else
  argument="--build-arg"
fi
$dc build $argument BASE_IMAGE=clickhouse/clickhouse-server:24.8 clickhouse
