variable "DEBIAN" { default = "bookworm" }
variable "OWNER"  { default = "acme" }
variable "PYTHONS" {
  default = ["3.12", "3.13"]
}

group "default" { targets = ["python", "tools"] }

target "python" {
  name = "python-${replace(version, ".", "-")}-${flavour.name}"
  matrix = {
    version = PYTHONS
    flavour = [
      { name = "slim", suffix = "-slim-${DEBIAN}" },
      { name = "full", suffix = "-${DEBIAN}" },
    ]
  }
  dockerfile = "python.Dockerfile"
  args = {
    BASE = "python:${version}${flavour.suffix}"
    UV   = "ghcr.io/astral-sh/uv:0.4.20"
  }
  tags = ["${OWNER}/python:${version}-${flavour.name}"]
}

target "tools" {
  matrix = { tool = ["hadolint/hadolint:v2.12.0-debian", "koalaman/shellcheck:v0.10.0"] }
  name   = sanitize(tool)
  contexts = { tool = "docker-image://${tool}" }
  dockerfile-inline = <<-EOT
    FROM debian:${DEBIAN}-slim
    COPY --from=tool / /opt/
  EOT
  output = [{ type = "local", dest = "out" }]
}

target "unknown" {
  context  = "https://github.com/acme/other.git"
  contexts = { base = "docker-image://${OWNER}/base:${BAKE_LOCAL_PLATFORM}" }
}
