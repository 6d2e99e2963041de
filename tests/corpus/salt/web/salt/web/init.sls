{% set nginx_version = '1.27.2' %}

include:
  - docker

web-network:
  docker_network.present

web:
  docker_container.running:
    - image: nginx:{{ nginx_version }}
    - port_bindings:
      - 80:80
    - binds:
      - /srv/www:/usr/share/nginx/html:ro
    - networks:
      - web-network
    - environment:
      - IMAGE: none:1
    - require:
      - docker_network: web-network

redis:
  docker_container.running:
    - name: redis
    - image: {{ salt['pillar.get']('redis:image', 'redis:7-alpine') }}
    - restart_policy: always

old-web:
  docker_container.absent:
    - force: True
