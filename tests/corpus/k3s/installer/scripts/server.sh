#!/usr/bin/env bash
set -euo pipefail

# The agents are joined by hand: https://get.k3s.io is fetched there as well.
curl -sfL https://get.k3s.io | INSTALL_K3S_VERSION=v1.31.4+k3s1 sh -s - server \
  --disable traefik --write-kubeconfig-mode 0644

kubectl apply -f - <<MANIFEST
apiVersion: v1
kind: Pod
metadata:
  name: probe
spec:
  containers:
    - name: probe
      image: busybox:1.36
MANIFEST
