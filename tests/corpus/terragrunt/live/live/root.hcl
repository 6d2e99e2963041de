# Read by every unit below; nothing here is a unit of its own.
locals {
  account = read_terragrunt_config(find_in_parent_folders("account.hcl"))
  region  = "eu-west-1"
}

remote_state {
  backend = "s3"
  config = {
    bucket = "acme-state-${local.region}"
    key    = "${path_relative_to_include()}/terraform.tfstate"
  }
}

generate "provider" {
  path      = "provider.tf"
  if_exists = "overwrite_terragrunt"
  contents  = <<-EOF
    provider "aws" {
      region = "${local.region}"
    }
    resource "docker_image" "helper" {
      name = "amazon/aws-cli:2.18.0"
    }
  EOF
}
