variable "versions" {
  type    = map(string)
  default = { grafana = "11.3.0" }
}

variable "proxy" {
  default = "traefik:v3.1"
}

resource "docker_container" "proxy" {
  name  = "proxy"
  image = var.proxy
}
