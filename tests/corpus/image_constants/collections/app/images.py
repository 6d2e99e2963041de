"""What the installer pulls first."""

IMAGES = {
    "proxy": "quay.io/acme/proxy:v2",
    "acme/agent:1": "not an image",
    "db": ("postgres:16", 5432),
}
PORTS = {"redis": "acme/redis:6379"}


def default_image(self) -> str:
    return "acme/worker:4"


def endpoint():
    return "acme/endpoint:1"


runner_image = settings.runner_image or "acme/runner:2"
