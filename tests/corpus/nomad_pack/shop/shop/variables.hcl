variable "database" {
  description = "The database of the shop"
  type = object({
    image     = string
    resources = object({ cpu = number, memory = number })
  })
  default = {
    image     = "postgres:16.4"
    resources = { cpu = 500, memory = 512 }
  }
}

variable "web_image" {
  type    = string
  default = "ghcr.io/acme/shop-web"
}

variable "web_tag" {
  type    = string
  default = "3.1.0"
}

variable "agent_image" {
  description = "Set it where the pack is run"
  type        = string
}
