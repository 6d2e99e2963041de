locals {
  otel_image  = "otel/opentelemetry-collector-contrib:0.112.0"
  base_image  = "ami-0123456789abcdef0"
  image_quality = 80
}
