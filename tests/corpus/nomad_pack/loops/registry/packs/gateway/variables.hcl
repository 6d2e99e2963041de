# Defaults of the pack
variable "datacenters" {
  type    = list(string)
  default = ["dc1", "dc2"]
}

variable "gateway" {
  default = {
    version = "3.1"
    debug   = false
  }
}

variable "sidecar" {
  default = "envoyproxy/envoy:v1.31.0"
}

variable "exporter" {
  default = <<-EOT
    nginx/nginx-prometheus-exporter
  EOT
}

variable "busybox" {
  default = "busybox:1.36"
}
