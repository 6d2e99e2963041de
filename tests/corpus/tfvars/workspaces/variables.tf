variable "services" {
  type = map(object({
    image = string
    tag   = optional(string)
  }))
}
variable "registry" {
  type    = string
  default = "docker.io"
}
variable "tool_images" {
  type    = list(string)
  default = []
}
