# Runs the cache.
redis-image:
  docker_image.present:
    - name: redis
    - tag: '7.4'

redis:
  docker_container.running:
    - image: redis:7.4
    - port_bindings:
      - 6379:6379
    - require:
      - docker_image: redis-image

old-cache:
  docker_container.absent:
    - name: memcached
    - force: True
