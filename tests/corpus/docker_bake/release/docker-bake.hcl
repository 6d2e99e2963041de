# docker buildx bake --print
variable "REGISTRY" {
  default = "docker.io/acme"
}
variable "TAG" {
  default = "dev"
  validation {
    condition     = TAG != ""
    error_message = "TAG must not be empty."
  }
}
variable "NODE_VERSION" { default = "20.17.0" }
variable "SENTRY" {}            # from the environment of the pipeline
variable "PUSH_CACHE" { default = false }

function "tags" {
  params = [name]
  result = ["${REGISTRY}/${name}:${TAG}", notequal("", SENTRY) ? "${REGISTRY}/${name}:sentry" : ""]
}

group "default" {
  targets = ["web", "api"]
}

# filled in by docker/metadata-action
target "docker-metadata-action" {}

target "_common" {
  platforms = ["linux/amd64", "linux/arm64"]
  args = {
    BUILDKIT_SYNTAX = "docker/dockerfile:1.10"
    NODE_VERSION    = NODE_VERSION
    GIT_REF         = "refs/heads/main:head"
    HTTP_PROXY      = "proxy.acme.example:3128"
  }
  attest = [
    "type=provenance,mode=max",
    "type=sbom",
  ]
}

target "web" {
  inherits   = ["_common", "docker-metadata-action"]
  context    = "web"
  dockerfile = "Dockerfile"
  args = {
    NGINX_IMAGE = "nginxinc/nginx-unprivileged:1.27-alpine"
  }
  contexts = {
    assets = "target:assets"
    icons  = "docker-image://${REGISTRY}/icons:v3"
    docs   = "https://github.com/acme/docs.git#main"
    local  = "../shared"
  }
  tags       = ["${REGISTRY}/web:${TAG}"]
  cache-from = ["type=registry,ref=${REGISTRY}/web-cache:main", "type=gha,scope=web"]
  cache-to   = PUSH_CACHE ? ["type=registry,ref=${REGISTRY}/web-cache:main,mode=max"] : []
}

target "api" {
  inherits = ["_common"]
  context  = "./api"
  tags     = tags("api")
  attest   = [{ type = "sbom", generator = "aquasec/trivy-sbom:0.55" }]
  output   = ["type=image,name=ghcr.io/acme/api,push=true"]
}

target "assets" {
  dockerfile-inline = <<EOT
FROM node:${NODE_VERSION}-alpine AS build
# $${X} stays for the Dockerfile: FROM nothing:1
RUN --mount=type=bind,from=busybox:1.36,target=/bb npm ci
FROM scratch
COPY --from=build /src/dist /
EOT
}
