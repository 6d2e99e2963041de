# Configuration file for jupyterhub.
import os

c = get_config()  # noqa: F821

c.JupyterHub.spawner_class = "dockerspawner.DockerSpawner"
c.DockerSpawner.image = "quay.io/jupyter/minimal-notebook:2024-05-13"
c.DockerSpawner.allowed_images = "*"
c.DockerSpawner.network_name = os.environ["NETWORK"]
# c.KubeSpawner.image = "jupyter/base-notebook:latest"
c.JupyterHub.logo_file = "image.png"
