terraform {
  source = "../../../infra/modules/cache"
}

inputs = {
  flavour = "valkey/valkey"
  release = "8.0"
}
