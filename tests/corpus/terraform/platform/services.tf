locals {
  versions = { statsd = "v0.28.0" }

  agent_image = format("%s/%s:%s", local.datadog, "datadog/agent", "7.58.1")
  datadog     = "public.ecr.aws"

  services = {
    api = { image = "ghost", tag = var.ghost_version }
    www = merge(local.defaults, { image = "bitnami/nginx" })
  }
  defaults = { tag = "1.27.2", cpu = 256 }

  disk_image = "ubuntu-os-cloud/ubuntu-2204-lts"
}
