include:
  - docker

acme/app:
  docker_image.present:
    - build: /srv/app
    - tag: v1
    - dockerfile: Dockerfile

quay.io/prometheus/node-exporter:v1.8.2:
  docker_image.present: []

app:
  docker_container:
    - running
    - image: ghcr.io/acme/proxy:2
    - binds: /srv/app:/app:ro

image-file:
  file.managed:
    - name: /etc/image
    - contents: 'image: nginx'
