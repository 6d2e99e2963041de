#!/usr/bin/env bash
set -e
KUBERNETES=${KUBERNETES:-v1.31.2}
kind create cluster --name dev \
  --config hack/kind.yaml \
  --image "kindest/node:${KUBERNETES}"
kind create cluster --name ha --config hack/kind-ha.yaml
