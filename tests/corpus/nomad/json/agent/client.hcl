data_dir = "/opt/nomad"

client {
  enabled = true
  meta = {
    "connect.sidecar_image" = "envoyproxy/envoy:v1.31.0"
    "connect.gateway_image" = "docker.io/envoyproxy/envoy:v${NOMAD_envoy_version}"
    "rack"                  = "r1:u2"
  }
}

plugin "docker" {
  config {
    infra_image = "registry.k8s.io/pause:3.9"
    gc { image = false }
    volumes { enabled = true }
  }
}

plugin "raw_exec" {
  config { enabled = true }
}
