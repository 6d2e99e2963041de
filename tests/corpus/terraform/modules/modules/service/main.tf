variable "name" {
  type = string
}

variable "image" {
  type = string
}

variable "sidecar" {
  type    = string
  default = "busybox:1.36"
}

resource "kubernetes_deployment" "this" {
  metadata {
    name = var.name
  }
  spec {
    template {
      metadata {}
      spec {
        container {
          name  = var.name
          image = var.image
        }
        container {
          name  = "sidecar"
          image = var.sidecar
        }
      }
    }
  }
}
