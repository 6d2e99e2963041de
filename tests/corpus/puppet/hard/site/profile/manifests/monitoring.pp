# Monitoring of a node.
class profile::monitoring (
  String $registry = 'quay.io',
  String $version  = 'v2.54.1',
  String $grafana_tag,
  Boolean $debug   = false,
) {
  $exporter = "${registry}/prometheus/node-exporter:v1.8.2"

  docker::image {
    default:
      ensure => latest;
    'acme/dashboard':
      docker_file => '/opt/dashboard/Dockerfile';
    "${registry}/prometheus/prometheus":
      image_tag => $version;
    ['busybox', 'alpine']: ;
  }

  ::docker::run { 'prometheus':
    image            => "${registry}/prometheus/prometheus:${version}",
    net              => 'host', # image => 'nginx'
    extra_parameters => ['--restart=always'],
  }

  docker::run { 'exporter': image => $exporter }

  docker::run { 'grafana':
    image => "grafana/grafana:${grafana_tag}",
  }

  file { '/etc/image':
    content => 'docker::image is managed by Puppet',
  }
}
