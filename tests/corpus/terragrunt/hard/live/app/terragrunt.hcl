terraform {
  source = "../../modules/app"
}

inputs = {
  image = "docker.io/valkey/valkey:8"
}
