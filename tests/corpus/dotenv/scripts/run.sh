#!/bin/sh
set -a
. ./.env
set +a
docker pull "$NODE_IMAGE"
