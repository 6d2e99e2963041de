variable "mirrors" {
  default = ["redis:7.4", "quay.io/prometheus/prometheus:v3.0.1"]
}

variable "agent" {
  default = {
    name = "grafana/alloy"
    tag  = "v1.5.1"
  }
}

variable "debug" {
  type = bool
}

resource "hcloud_server" "edge" {
  name        = "edge"
  image       = "debian-12"
  server_type = "cx22"
  user_data = templatefile("${path.module}/templates/cloud-init.tftpl", {
    mirrors = var.mirrors
    agent   = var.agent
    debug   = var.debug
    node    = var.node_name # known only when it is applied
  })
}

resource "kubectl_manifest" "agent" {
  for_each  = toset(["blue", "green"])
  yaml_body = templatefile("templates/agent.tpl.yaml", { name = each.key, image = "${var.agent.name}:${var.agent.tag}" })
}
