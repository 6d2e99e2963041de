// Prometheus and what belongs to it.
local version = '2.52.0';
local defaults = {
  replicas: 2,
  labels: { image: 'x' },  // a label
};

local config = {
  _config+:: {
    namespace: 'monitoring',
    versions+:: {
      alertmanager: '0.27.0',
      nodeExporter: '1.8.0',
      grafana: '10.4.2',
    },
    imageRepos+:: {
      alertmanager: 'quay.io/prometheus/alertmanager',
      nodeExporter: 'prom/node-exporter',
    },
  },
};

config {
  prometheus: {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'Prometheus',
    spec: {
      replicas: defaults.replicas,
      image: 'quay.io/prometheus/prometheus:v' + version,
    },
  },
  alertmanager: {
    spec: {
      image: $._config.imageRepos.alertmanager + ':v' + $._config.versions.alertmanager,
    },
  },
  nodeExporter: {
    spec: {
      template: {
        spec: {
          containers: [{
            name: 'node-exporter',
            image: '%s:v%s' % [$._config.imageRepos.nodeExporter, $._config.versions.nodeExporter],
            args: ["--path.rootfs=/host", '--image=not/this:1'],
          }, {
            name: 'rbac',
            image: 'quay.io/brancz/kube-rbac-proxy:%(tag)s' % { tag: 'v0.17.1' },
          }],
          initContainers: [
            { name: 'wait', image: "busybox:1.36" },
          ],
        },
      },
    },
  },
  /* image: 'evil:1' */
  # image: 'evil:2'
  dashboards: {
    text: |||
      image: 'evil:3'
    |||,
  },
  grafana: {
    image: 'grafana/grafana:' + $._config.versions.grafana,
    registry: 'registry.shop.org/app:' + std.extVar('tag'),
    ownImage: 'registry.shop.org/app:' + std.extVar('tag'),
  },
}
