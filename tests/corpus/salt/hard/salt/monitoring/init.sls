{%- set version = 'v2.54.1' %}
{% set registry = "quay.io" -%}
{% set grafana = salt['pillar.get']('grafana', {}) %}

{% if grains['os_family'] == 'Debian' %}
docker-ce:
  pkg.installed
{% endif %}

prometheus:
  docker_container.running:
    - image: {{ registry }}/prometheus/prometheus:{{ version }}
    - network_mode: host
    - watch:
      - file: /etc/prometheus/prometheus.yml

grafana:
  docker_container.running:
    - image: grafana/grafana:{{ salt['pillar.get']('grafana:tag', '11.2.0') }}
    - environment:
      - GF_INSTALL_IMAGE: "true"

loki:
  docker_container.running:
    - image: "grafana/loki:{{ pillar['loki']['tag'] }}"
    # - image: nginx

job:
  docker_container.run:
    - image: busybox
    - command: echo done
