resource "helm_release" "redis" {
  name       = "redis"
  repository = "oci://registry-1.docker.io/bitnamicharts"
  chart      = "redis"
  version    = "20.3.0"

  values = [
    file("${path.module}/values/redis.yaml"),
    yamlencode({
      image   = { registry = "docker.io", repository = "bitnami/redis", tag = "${var.redis_version}.1" }
      metrics = { enabled = true, image = { repository = "oliver006/redis_exporter" } }
    }),
    <<-YAML
      metrics:
        image:
          tag: v1.66.0
      sysctl:
        image: {}
    YAML
  ]

  set {
    name  = "master.persistence.size"
    value = "8Gi"
  }
}

resource "helm_release" "ingress" {
  name       = "ingress"
  repository = "https://kubernetes.github.io/ingress-nginx"
  chart      = "ingress-nginx"
  version    = "4.11.3"

  set = [
    { name = "controller.image.repository", value = "registry.k8s.io/ingress-nginx/controller" },
    { name = "controller.image.tag", value = "v1.11.3" },
    { name = "controller.replicaCount", value = 2 },
  ]
}

resource "kubectl_manifest" "debug" {
  yaml_body = <<YAML
apiVersion: v1
kind: Pod
metadata:
  name: debug
  annotations: { note: "image: not-this:1" }
spec:
  containers:
    - name: shell
      image: nicolaka/netshoot:v0.13
YAML
}
