#!/usr/bin/env bash
# Builds and publishes a release. Needs docker, skopeo and cosign.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
source hack/lib/versions.sh

readonly REGISTRY="${REGISTRY:-ghcr.io/lanternhq}"
VERSION=$(git describe --tags --abbrev=0)
IMAGES=(api worker migrate)
DRY_RUN=${DRY_RUN:-}

usage() {
  cat <<EOF
usage: $0 [--dry-run]

  docker run lanternhq/old-example:1   # an example in a text
EOF
}

run() {
  echo "+ $*" >&2
  [[ -n $DRY_RUN ]] || "$@"
}

while [[ $# -gt 0 ]]; do
  case "$1" in
    --dry-run) DRY_RUN=1; shift ;;
    -h|--help) usage; exit 0 ;;
    *) echo "unknown option $1" >&2; exit 2 ;;
  esac
done

docker buildx inspect lantern >/dev/null 2>&1 || docker buildx create --name lantern --use
docker run --rm --privileged tonistiigi/binfmt:qemu-v8.1.5 --install all

for name in "${IMAGES[@]}"; do
  docker buildx build \
    --platform linux/amd64,linux/arm64 \
    --build-arg "GO_VERSION=${GO_VERSION}" \
    --cache-from "type=registry,ref=${REGISTRY}/cache:${name}" \
    --sbom=true --provenance=mode=max \
    -f "build/${name}.Dockerfile" \
    -t "${REGISTRY}/${name}:${VERSION}" --push .
done

# the tools that the release itself needs
docker run --rm -v "$PWD:/src" -w /src "anchore/syft:${SYFT_VERSION#v}" dir:/src -o spdx-json > sbom.json
skopeo copy --all docker://docker.io/library/alpine:3.20 "docker://${REGISTRY}/alpine:3.20"
if command -v cosign >/dev/null; then
  cosign sign --yes "${REGISTRY}/api:${VERSION}"
else
  echo "no cosign: docker pull gcr.io/projectsigstore/cosign:v2.2.4"
fi
