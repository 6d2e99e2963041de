variable "ubuntu" {
  type    = string
  default = "22.04"
}

variable "sidecar" {
  type    = string
  default = "fluent/fluent-bit:3.0"
}

variable "password" {
  type      = string
  sensitive = true
}

locals {
  base = "debian:12-slim"
}
