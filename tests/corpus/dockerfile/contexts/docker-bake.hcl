# Everything that is shipped is built from one base of our own.
variable "GO" {
  default = "1.23"
}

variable "REGISTRY" {
  default = "registry.acme.example"
}

group "default" {
  targets = ["api", "worker"]
}

target "_shared" {
  contexts = {
    # no registry holds this: it is the target below
    base = "target:base"
    "alpine:3.20" = "docker-image://registry.acme.example/hardened/alpine:3.20"
  }
}

target "base" {
  dockerfile = "base.Dockerfile"
}

target "api" {
  inherits = ["_shared"]
  context  = "api"
  args     = { GO = GO }
  tags     = ["${REGISTRY}/api:latest"]
}

target "api-lint" {
  context = "api"
  target  = "lint"
}

target "worker" {
  name       = "worker-${flavour}"
  inherits   = ["_shared"]
  matrix     = { flavour = ["slim", "alpine"] }
  context    = "worker"
  dockerfile = "docker/Dockerfile"
  args       = { PYTHON = "3.12-${flavour}" }
  contexts   = {
    models = "https://example.com/models.git"
    # in one of two builds only: the other takes the image
    node   = "target:base"
  }
  tags = ["${REGISTRY}/worker:${flavour}"]
}

target "worker-plain" {
  inherits   = ["_shared"]
  context    = "worker"
  dockerfile = "docker/Dockerfile"
  contexts   = { models = "./models" }
}
