variable "settings" {}
variable "registry" {}

locals {
  name = join("/", [var.registry, var.settings.image])
}

resource "kubernetes_pod_v1" "web" {
  metadata { name = "web" }
  spec {
    container {
      name  = "web"
      image = "${local.name}:${coalesce(var.settings.tag, "stable")}"
    }
  }
}
