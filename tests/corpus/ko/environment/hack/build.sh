#!/usr/bin/env bash
# KO_DEFAULTBASEIMAGE=alpine:3.1 is what we had once
set -euo pipefail

export KO_DOCKER_REPO=${KO_DOCKER_REPO:-ko.local}
export KO_DEFAULTBASEIMAGE="${BASE:-alpine:3.20}"
if [ "$KO_DEFAULTBASEIMAGE" = "scratch" ]; then
  unset KO_DEFAULTBASEIMAGE
fi
ko resolve --filename config/ > release.yaml
