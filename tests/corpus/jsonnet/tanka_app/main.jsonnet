local k = import 'github.com/grafana/jsonnet-libs/ksonnet-util/kausal.libsonnet';

(import 'config.libsonnet') +
{
  local deployment = k.apps.v1.deployment,
  local container = k.core.v1.container,
  local port = k.core.v1.containerPort,

  web: {
    deployment: deployment.new(
      name='web',
      replicas=1,
      containers=[
        container.new('web', 'nginxinc/nginx-unprivileged:1.25')
        + container.withPorts([port.new('http', 8080)]),
        container.new('auth', $._images.auth),
        container.new('logs', 'grafana/promtail:' + '2.9.8') +
        container.withArgs(['-config.file=/etc/promtail.yaml']),
      ],
    ),
    job: { container:: container.withImage('alpine:3.19') },
    dynamic: container.new('x', 'registry.shop.org/x:' + std.extVar('version')),
  },
}
