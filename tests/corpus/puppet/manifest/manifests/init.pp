# @summary Runs the web server.
class web {
  include docker

  docker::image { 'nginx':
    ensure    => present,
    image_tag => '1.27',
  }

  docker::run { 'web':
    image   => 'nginx:1.27',
    ports   => ['80:80'],
    volumes => ['/srv/www:/usr/share/nginx/html:ro'],
    require => Docker::Image['nginx'],
  }

  docker::image { 'mysql':
    ensure => 'absent',
  }
}
