variable "image" {
  type    = string
  default = "redis:6"
}

resource "docker_container" "app" {
  name  = "app"
  image = var.image
}
