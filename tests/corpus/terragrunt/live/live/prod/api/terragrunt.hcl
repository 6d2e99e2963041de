include "root" {
  path   = find_in_parent_folders("root.hcl")
  expose = true
}

locals {
  common  = read_terragrunt_config("${get_repo_root()}/live/_env/common.hcl")
  version = get_env("API_VERSION", "2.4.1")
}

terraform {
  source = "${get_repo_root()}/infra/modules//service?ref=v1.2.0"

  before_hook "lint" {
    commands = ["plan"]
    execute  = ["docker", "run", "--rm", "-v", "${get_terragrunt_dir()}:/src", "hadolint/hadolint:2.12.0", "/src"]
  }
}

dependency "registry" {
  config_path  = "../registry"
  mock_outputs = { url = "registry.example.com" }
}

inputs = merge(
  include.root.inputs,
  {
    name  = "api"
    image = "traefik/whoami:v${local.version}"
    sidecars = {
      proxy = { image = "envoyproxy/envoy:v1.31.2", cpu = 64 }
    }
    job_image   = "${dependency.registry.outputs.url}/jobs:latest"
    collector   = local.common.locals.otel_image
    image_count = 3
  },
)
