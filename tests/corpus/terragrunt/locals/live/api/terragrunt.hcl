include "root" {
  path = find_in_parent_folders()
}

locals {
  version = "8.0.4"
}

inputs = {
  database = {
    image = "mysql:${local.version}"
  }
  image_pull_policy = "Always"
}
