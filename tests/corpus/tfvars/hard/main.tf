variable "registry" { default = "docker.io" }
variable "app" {
  type = object({ name = string, tag = string })
}

resource "docker_image" "app" {
  name = "${var.registry}/${var.app.name}:${var.app.tag}"
}
