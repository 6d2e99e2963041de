#!jinja|yaml
{%- set registry = 'registry.example.org' %}
{%- set env = grains.get('environment', 'dev') %}
{% from "stack/map.jinja" import stack with context %}

{% for name, settings in stack.services.items() %}
{{ name }}-container:
  docker_container.running:
    - name: {{ name }}
    - image: {{ registry }}/{{ name }}:{{ settings.tag }}
{% endfor %}

vault:
  docker_container:
    - running
    - image: {{ pillar.get('vault_image', 'hashicorp/vault:1.17') }}
    - cap_add: IPC_LOCK

# The same, as it was written for older minions.
traefik:
  dockerng.running:
    - image: 'traefik:v3.1'
    - cmd: --providers.docker

{% if env == 'prod' %}
loki:
  docker_container.running:
    - image: {{ registry }}/mirror/loki:3.1.1
{% endif %}

backup:
  cmd.run:
    - name: /usr/local/bin/backup --image backup:1
