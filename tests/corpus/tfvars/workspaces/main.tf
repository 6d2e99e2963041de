module "web" {
  source   = "./modules/web"
  settings = var.services["web"]
  registry = var.registry
}

resource "docker_container" "tools" {
  count = length(var.tool_images)
  name  = "tool-${count.index}"
  image = var.tool_images[count.index]
}
