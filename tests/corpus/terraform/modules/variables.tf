variable "flyway_version" {
  type    = string
  default = "10.20"
}
