"""Images as pods spell them, and which of them a guard for `exporting.EVERYTHING` refuses."""

from hypothesis import strategies

from planner.errors import InvalidReference
from planner.model.reference import Reference

REFUSED = (
    "nginx",
    "nginx:1.27",
    "nginx@sha256:" + "a" * 64,
    "library/nginx",
    "grafana/grafana:11.0",
    "foo_bar/baz",
    "docker.io/nginx",
    "docker.io/library/nginx:1.27",
    "index.docker.io/library/nginx",
    "registry-1.docker.io/library/nginx:1",
    "registry.hub.docker.com/library/nginx",
    "docker.io:443/library/nginx",
    "ghcr.io/acme/app:2",
    "postgres",  # only 16 is kept
    "postgres:15",
    "postgres:160",
    "acme/postgres:16",
)
ALLOWED = (
    "postgres:16",
    "postgres:16@sha256:" + "a" * 64,
    "library/postgres:16",
    "docker.io/postgres:16",
    "docker.io/library/postgres:16",
    "europe-docker.pkg.dev/acme/docker-hub/library/nginx:1.27",
    "gcr.io/google-containers/pause:3",
    "quay.io/acme/tool:2",
    "localhost/nginx",
    "localhost:5000/nginx",
    "registry:5000/nginx",
    "ghcr.example.com/acme/app",
    "docker.io.example.com/nginx",
    "mirror.gcr.io/library/nginx",
)
MOVED = ("docker.io", "ghcr.io")

images = strategies.builds(
    "{}{}{}".format,
    strategies.sampled_from(
        ("", "docker.io/", "index.docker.io/", "docker.io:443/", "ghcr.io/", "quay.io/", "localhost/",
         "localhost:1/", "registry/", "a.b/", "library/", "acme/", "docker.io/library/", "x:80/acme/")
    ),
    strategies.sampled_from(("nginx", "postgres", "a.b", "acme/app", "x_y", "library/postgres", "z-1/y/x")),
    strategies.sampled_from(("", ":1", ":16", ":latest", "@sha256:" + "b" * 64, ":16@sha256:" + "b" * 64)),
)  # fmt: skip
"""Images as somebody might spell them."""


def refused(image: str) -> bool:
    """What the guard is for, as the grammar of references has it."""
    try:
        reference = Reference.parse(image)
    except InvalidReference:
        return False
    kept = reference.name == "docker.io/library/postgres" and reference.tag == "16"
    return reference.registry in MOVED and not kept


def pod(*named: str) -> dict[str, object]:
    """A pod that names images in each place where it can."""
    first, *rest = named
    containers = [{"name": "a", "image": first}]
    return {
        "spec": {
            "containers": containers,
            "initContainers": [{"name": f"b{n}", "image": image} for n, image in enumerate(rest)],
        }
    }


PLACES = (
    {"spec": {"containers": [{"name": "a", "image": "nginx"}]}},
    {"spec": {"containers": [], "initContainers": [{"name": "a", "image": "nginx"}]}},
    {"spec": {"containers": [], "ephemeralContainers": [{"name": "a", "image": "nginx"}]}},
    {"spec": {"containers": [], "volumes": [{"name": "v", "image": {"reference": "nginx"}}, {"name": "w"}]}},
)
"""Pods that name one image, each in another place."""
EMPTY = {"spec": {"containers": [{"name": "no image"}], "volumes": [{"name": "v", "image": {}}]}}
