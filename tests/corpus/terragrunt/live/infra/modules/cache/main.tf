variable "flavour" { default = "redis" }
variable "release" { type = string }

resource "docker_container" "cache" {
  name  = "cache"
  image = "${var.flavour}:${var.release}"
}
