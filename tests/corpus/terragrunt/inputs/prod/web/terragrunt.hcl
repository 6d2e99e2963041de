terraform {
  source = "git::https://example.com/modules.git//service?ref=v1"
}

inputs = {
  name            = "web"
  container_image = "nginx:1.27"
  instance_image  = "ami-0abcd1234"
}
