locals {
  registry = "docker.io"
  sidecar  = "${local.registry}/envoyproxy/envoy:v1.31.2"
}

module "api" {
  source = "./modules/service"

  name    = "api"
  image   = "hashicorp/http-echo:1.0"
  sidecar = local.sidecar
}

resource "kubernetes_job_v1" "migrate" {
  metadata {
    name = "migrate"
  }
  spec {
    template {
      metadata {}
      spec {
        container {
          name  = "migrate"
          image = "flyway/flyway:${var.flyway_version}"
        }
      }
    }
  }
}
