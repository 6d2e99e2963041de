variable "job_name" {
  description = "What the job is called, instead of the pack"
  type        = string
  default     = ""
}

variable "version" {
  description = "The version of Redis"
  type        = string
  default     = "7.4-alpine"
}
