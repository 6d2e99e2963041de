packer {
  required_plugins {
    docker = {
      version = ">= 1.1.0"
      source  = "github.com/hashicorp/docker"
    }
  }
}

source "docker" "ubuntu" {
  image  = "ubuntu:${var.ubuntu}"
  commit = true
  changes = [
    "ENV IMAGE=none/such:1",
    "ENTRYPOINT [\"/run.sh\"]",
  ]
  run_command = ["-d", "-i", "-t", "--entrypoint=/bin/sh", "--", "{{.Image}}"]
}

source "docker" "from_dockerfile" {
  commit = true
  build {
    path      = "docker/Dockerfile"
    arguments = {
      BASE   = local.base
      RUNNER = "2.319.1"
    }
  }
}

source "googlecompute" "runner" {
  source_image_family = "debian-12"
  image_name          = "runner-{{timestamp}}"
}

source "amazon-ebs" "runner" {
  source_ami_filter {
    filters = { name = "ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-*" }
    owners  = ["099720109477"]
  }
}

build {
  sources = ["source.docker.ubuntu", "source.docker.from_dockerfile"]

  source "source.docker.ubuntu" {
    name  = "alpine"
    image = "alpine:3.20"
  }

  provisioner "shell" {
    environment_vars = ["DEBIAN_FRONTEND=noninteractive"]
    inline = [
      "apt-get update && apt-get install -y docker.io",
      "REGISTRY=quay.io",
      "docker pull $REGISTRY/prometheus/node-exporter:v1.8.2",
      "docker pull ${var.sidecar}",
    ]
  }

  provisioner "file" {
    source      = "image:latest"
    destination = "/tmp/docker"
  }

  post-processors {
    post-processor "docker-tag" {
      repository = "acme/runner"
      tags       = ["latest", var.ubuntu]
    }
    post-processor "docker-push" {}
  }
  post-processor "shell-local" {
    inline = ["docker run --rm aquasec/trivy:0.55.2 image acme/runner:latest"]
  }
}
