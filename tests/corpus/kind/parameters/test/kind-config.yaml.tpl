kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
nodes:
- role: control-plane
  image: kindest/node:${K8S_VERSION:-v1.30.0}
- role: worker
  image: {{ .NodeImage }}
- role: worker
  image: "kindest/node:${WORKER_VERSION}"
