# terraform apply -var-file=environments/prod/prod.tfvars
registry = "mirror.gcr.io"
services = {
  web = { image = "library/nginx", tag = "1.27.2" }
}
tool_images = [
  "curlimages/curl:8.11.0", # probes
  "bitnami/kubectl:1.31",
]
machine_image = "projects/debian-cloud/global/images/debian-12"
# old_image   = "nginx:1.14"
grafana_image = "grafana/grafana:11.3.0"
