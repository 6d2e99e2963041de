#!/bin/sh
install -D files/registries.yaml /etc/rancher/k3s/registries.yaml
curl -sfL https://get.k3s.io | sh -
