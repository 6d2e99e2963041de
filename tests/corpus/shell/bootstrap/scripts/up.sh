#!/bin/bash
# A cluster for a laptop: kind, ingress, a database and a registry.

CLUSTER=${1:-dev}
K8S=1.29
POSTGRES_IMAGE="postgres:16-alpine"

if ! docker inspect kind-registry &>/dev/null; then
  docker run -d --restart=always -p "127.0.0.1:5001:5000" --network bridge --name kind-registry registry:2
fi

cat <<EOF | kind create cluster --name "$CLUSTER" --config=-
kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
nodes:
- role: control-plane
  image: kindest/node:v${K8S}.4
EOF

kubectl apply -f - <<EOF
apiVersion: apps/v1
kind: Deployment
metadata:
  name: db
spec:
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers:
      - name: postgres
        image: ${POSTGRES_IMAGE}
        env:
        - {name: POSTGRES_PASSWORD, value: "${PGPASSWORD}"}
EOF

helm upgrade --install ingress ingress-nginx \
  --repo https://kubernetes.github.io/ingress-nginx \
  --set controller.image.repository=registry.k8s.io/ingress-nginx/controller \
  --set controller.image.tag=v1.10.1
helm install cache oci://registry-1.docker.io/bitnamicharts/redis --version 19.5.0 \
    --set image.tag=7.2

mkdir -p build
cat > build/docker-compose.override.yml <<'YAML'
services:
  mail:
    image: axllent/mailpit:v1.18
YAML

# one image for all pods that only wait
docker build -t localhost:5001/wait:1 - <<'DOCKERFILE'
FROM busybox:1.36
ENTRYPOINT ["sleep", "infinity"]
DOCKERFILE
docker push localhost:5001/wait:1

while read -r image tag; do
  [[ -z $image ]] && continue
  docker pull "$image:$tag"
  kind load docker-image "$image:$tag" --name "$CLUSTER"
done <<EOF
nats 2.10-alpine
prom/prometheus v2.52.0
EOF

kubectl wait --for=condition=Available deployment/db
kubectl run probe --rm -i --restart=Never --image=curlimages/curl:8.8.0 -- curl -s db:5432
kubectl exec deploy/db -- psql -c 'select 1'
