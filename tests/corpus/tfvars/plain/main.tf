variable "image" {
  type = string
}

resource "docker_container" "db" {
  name  = "db"
  image = var.image
}
