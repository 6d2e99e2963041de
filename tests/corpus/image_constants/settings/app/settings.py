"""Settings of the runner."""
import os

RUNNER_IMAGE = os.environ.get("RUNNER_IMAGE", "python:3.12-slim")
PAUSE_IMAGE = "registry.k8s.io/pause:3.9"
HERO_IMAGE = "static/hero.png"
IMAGE_TAG = "1.2"
