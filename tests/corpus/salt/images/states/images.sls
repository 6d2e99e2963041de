# Images that every minion keeps.
prom/node-exporter:
  docker_image.present:
    - tag: v1.8.2

pull-cadvisor:
  docker_image.present:
    - name: gcr.io/cadvisor/cadvisor
    - tag: v0.49.1
    - force: false

acme/tool:
  docker_image.present:
    - build: /srv/docker/tool
    - tag: local

obsolete:
  docker_image.absent:
    - images:
      - busybox:1.30

/etc/docker/daemon.json:
  file.managed:
    - source: salt://docker/daemon.json
