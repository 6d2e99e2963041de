# @summary Grafana and its database, as containers
#
# @param grafana_version the tag to run
class profile::monitoring (
  String $grafana_version = '11.2.0',
  Stdlib::Port $port = 3000,
) {
  include docker

  docker::image { 'grafana/grafana':
    ensure    => present,
    image_tag => $grafana_version,
  }

  docker::run { 'grafana':
    image   => "grafana/grafana:${grafana_version}",
    ports   => ["${port}:3000"],
    volumes => ['/srv/grafana:/var/lib/grafana'],
    env     => ['GF_INSTALL_PLUGINS=grafana-clock-panel', 'IMAGE=none:1'],
    require => Docker::Image['grafana/grafana'],
  }

  docker::run { 'influxdb':
    image => 'influxdb:2.7',
  }

  docker::image { 'telegraf':
    ensure => absent,
  }

  file { '/etc/image':
    content => 'image => evil:1',
  }
}
