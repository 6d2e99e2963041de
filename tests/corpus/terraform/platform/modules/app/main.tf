variable "color" { type = string }
variable "app_image" {
  type    = string
  default = "httpd:2.4" # every caller sets it
}
variable "proxy" {
  type = object({ repository = string, tag = optional(string, "latest") })
}
variable "extra" {
  type    = list(object({ name = string, image = string }))
  default = [{ name = "logs", image = "fluent/fluent-bit:3.1" }]
}

resource "kubernetes_deployment_v1" "app" {
  metadata {
    name = "app-${var.color}"
  }
  spec {
    template {
      metadata {
        labels = { image = "app:v1" }
      }
      spec {
        init_container {
          name  = "wait"
          image = "docker.io/library/busybox@sha256:9ae97d36d26566ff84e8893c64a6dc4fe8ca6d1144bf5b87b2b85a32def253c7"
        }
        container {
          name              = "app"
          image             = var.app_image
          image_pull_policy = "IfNotPresent"
        }
        container {
          name  = "proxy"
          image = "${var.proxy.repository}:${var.proxy["tag"]}"
        }
        dynamic "container" {
          for_each = { for each in var.extra : each.name => each }
          iterator = item
          content {
            name  = item.key
            image = item.value.image
          }
        }
      }
    }
  }
}
