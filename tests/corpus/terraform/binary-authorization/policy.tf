variable "project" {}

locals {
  trusted = [
    "docker.io/library/*",
    "europe-docker.pkg.dev/${var.project}/**",
  ]
}

resource "google_binary_authorization_policy" "policy" {
  admission_whitelist_patterns {
    name_pattern = "docker.io/istio/proxyv2:1.24.1"
  }

  dynamic "admission_whitelist_patterns" {
    for_each = local.trusted
    content {
      name_pattern = admission_whitelist_patterns.value
    }
  }

  default_admission_rule {
    evaluation_mode  = "ALWAYS_DENY"
    enforcement_mode = "ENFORCED_BLOCK_AND_AUDIT_LOG"
  }
}

resource "kubectl_manifest" "registries" {
  yaml_body = <<-YAML
    apiVersion: constraints.gatekeeper.sh/v1beta1
    kind: K8sAllowedRepos
    metadata:
      name: registries
    spec:
      parameters:
        repos: ["docker.io/bitnami/"]
  YAML
}
