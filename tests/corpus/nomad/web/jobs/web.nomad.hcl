variable "image_tag" {
  type        = string
  description = "Tag of acme/web"
}

variable "redis_image" {
  type    = string
  default = "redis:7.4-alpine"
}

variable "exporters" {
  type    = list(object({ name = string, image = string }))
  default = [
    { name = "nginx", image = "nginx/nginx-prometheus-exporter:1.3.0" },
    { name = "redis", image = "oliver006/redis_exporter:v1.63.0" },
  ]
}

locals {
  registry = "ghcr.io/acme"
  envoy    = "envoyproxy/envoy:v1.31-latest"
}

job "web" {
  datacenters = ["dc1"]
  type        = "service"

  meta {
    worker_version = "2024.9"
    image          = "not/a:reference"
  }

  group "web" {
    count = 2

    network {
      mode = "bridge"
      port "http" { to = 8080 }
    }

    service {
      name = "web"
      port = "http"
      connect {
        sidecar_service {
          proxy {
            upstreams {
              destination_name = "redis"
              local_bind_port  = 6379
            }
          }
        }
        sidecar_task {
          config { image = local.envoy }
          resources { cpu = 100 }
        }
      }
    }

    task "web" {
      driver = "docker"
      config {
        image = "${local.registry}/web:${var.image_tag}"
        ports = ["http"]
        args  = ["--image", "none/such:1"]
        auth {
          username = "acme"
        }
      }
      template {
        data        = <<-EOH
          services:
            smtp:
              image: axllent/mailpit:v1.20
        EOH
        destination = "local/compose.yaml"
      }
      env {
        WORKER_IMAGE = "acme/worker:1"
      }
    }

    task "worker" {
      driver = "docker"
      config {
        image = "acme/worker:${NOMAD_META_worker_version}"
      }
    }

    task "arch" {
      driver = "docker"
      config {
        image = "acme/tool:${attr.cpu.arch}"
      }
    }
  }

  group "redis" {
    service {
      connect {
        sidecar_service {} # the image of this proxy is Nomad's default
      }
    }
    task "redis" {
      driver = "podman"
      config {
        image = "docker://docker.io/library/${var.redis_image}"
      }
    }
    dynamic "task" {
      for_each = var.exporters
      labels   = ["${task.value.name}-exporter"]
      content {
        driver = "docker"
        config { image = task.value.image }
      }
    }
  }

  group "machines" {
    task "vm" {
      driver = "qemu"
      config {
        image_path = "local/linux.img"
        image      = "linux.img"
      }
      artifact { source = "https://images.example/linux.img" }
    }
    task "jar" {
      driver = "java"
      config { jar_path = "local/app.jar" }
    }
    task "prune" {
      driver = "raw_exec"
      config {
        command = "/bin/bash"
        args    = ["-c", "docker pull busybox:1.36 && docker image prune -f"]
      }
    }
    task "seed" {
      driver = "raw_exec"
      config {
        command = "docker"
        args    = ["run", "--rm", "-v", "${NOMAD_ALLOC_DIR}:/data", "amazon/aws-cli:2.17.50", "s3", "sync"]
      }
    }
  }
}
