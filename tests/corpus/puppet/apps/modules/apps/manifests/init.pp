class apps (
  String           $registry,
  Optional[String] $tag = undef,
) {
  $base = 'registry.example.org'
  $exporter = "quay.io/prometheus/node-exporter"

  # Several bodies in one resource, and several titles in one body.
  docker::image {
    default:
      ensure => latest;
    'haproxy':
      image_tag => '3.0';
    ['busybox', 'alpine']:
      image_tag => 'latest';
  }

  docker::image { 'acme-built':
    image       => "${base}/acme/built",
    docker_file => '/srv/build/Dockerfile',
  }

  docker::image { 'pinned':
    image        => 'caddy',
    image_digest => 'sha256:1f3a4b6c8d0e2f4a6b8c0d2e4f6a8b0c2d4e6f8a0b2c4d6e8f0a2b4c6d8e0f1a',
  }

  docker::run { 'exporter':
    image            => "${exporter}:v1.8.2",
    extra_parameters => ['--pid=host', "--label=image=${base}"],
    service_prefix   => '',
  }

  docker::run { 'tenant':
    image => "${registry}/tenant:1",
  }

  podman::container { 'jenkins':
    user  => 'jenkins',
    image => 'docker.io/jenkins/jenkins:lts-jdk17',
    flags => {
      publish => ['8080:8080'],
    },
  }

  /* docker::run { 'old':
    image => 'old:1',
  } */
}
