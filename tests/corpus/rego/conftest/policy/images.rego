package main

import rego.v1

# docker.io/acme/none is no rule
allowed_registries := {
  "docker.io/library/",
  "ghcr.io/acme/",
}

deny contains msg if {
  some container in input.spec.template.spec.containers
  not trusted(container.image)
  msg := sprintf("image %q of %s: see https://docs.example.com/images", [container.image, container.name])
}

trusted(image) if {
  some registry in allowed_registries
  startswith(image, registry)
}

trusted(image) if glob.match("index.docker.io/bitnami/*", [], image)
