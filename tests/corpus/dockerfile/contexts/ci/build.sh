#!/usr/bin/env bash
# Builds the tools that CI runs in; called from the root of the repository.
set -euo pipefail

sources="docker-image://ghcr.io/acme/sources:2024"

docker buildx build \
  --build-context "toolchain=$PWD/toolchain" \
  --build-context "sources=${sources}" \
  --build-arg "RUST=1.81" \
  --file ci/tools.Dockerfile \
  --tag acme/tools .
