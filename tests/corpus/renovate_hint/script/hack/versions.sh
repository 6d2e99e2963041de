#!/usr/bin/env bash
# The versions that our end-to-end tests install.
set -euo pipefail

# renovate: datasource=github-releases depName=kubernetes-sigs/kind
KIND_VERSION=v0.24.0
# renovate: datasource=docker depName=kindest/node
export K8S_VERSION="v1.31.0"

# renovate: datasource=docker depName=prometheus/prometheus registryUrl=https://quay.io
PROMETHEUS_VERSION=v2.54.1
