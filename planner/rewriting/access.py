"""Credentials that pulls need once the code names a private registry, for each kind of place. Pure.

https://cloud.google.com/artifact-registry/docs/docker/authentication
"""

from collections.abc import Callable, Iterator, Mapping

from planner.model.inventory import RUN_ON_KUBERNETES, Inventory, Occurrence, Role
from planner.model.reference import Reference
from planner.model.words import written_out

_SHOWN = 3  # places in a note
_READER = "roles/artifactregistry.reader"

Moved = Mapping[int, Reference]


def notes(before: Inventory, moved: Moved) -> Iterator[str]:
    """Yield a line for each kind of place that pulls what was moved: what it needs, and its first places."""
    places: dict[str, dict[str, int]] = {}  # the first line in each file
    hosts: dict[str, str] = {}
    for index, destination in moved.items():
        item = before.found[index]
        if isinstance(item, Occurrence) and (kind := _kind(item)):
            first = places.setdefault(kind, {})
            first[item.path] = min(item.line, first.get(item.path, item.line))
            hosts[kind] = destination.registry
    for kind, found in sorted(places.items()):
        lines = [f"{written_out(path)}:{line}" for path, line in sorted(found.items())]
        yield f"{_SAID[kind](hosts[kind])} ({_few(lines)})"


def _kind(item: Occurrence) -> str:
    if item.format in _SAID:
        return item.format
    if item.format in RUN_ON_KUBERNETES and item.role is Role.WORKLOAD:
        return "nodes"
    if item.format == "terraform" and item.role is Role.WORKLOAD:
        return "serverless"
    return (
        "daemon" if item.role in (Role.BASE, Role.COPY_FROM, Role.FRONTEND, Role.SERVICE, Role.TEST) else ""
    )


def _few(places: list[str]) -> str:
    more = f" and {len(places) - _SHOWN:,} more files" if len(places) > _SHOWN else ""
    return ", ".join(places[:_SHOWN]) + more


def _github(host: str) -> str:
    return (
        "GitHub Actions: a job needs `permissions: id-token: write` and, before the first pull, the steps\n"
        "      - id: auth\n"
        "        uses: google-github-actions/auth@v3\n"
        "        with:\n"
        "          token_format: access_token\n"
        "          workload_identity_provider: "
        "projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/ID\n"
        "          service_account: READER@PROJECT.iam.gserviceaccount.com\n"
        "      - uses: docker/login-action@v3\n"
        f"        with: {{registry: {host}, username: oauth2accesstoken,\n"
        "          password: '${{ steps.auth.outputs.access_token }}'}\n"
        "  images of `container:` and `services:` are pulled before any step: give them `credentials:` of a\n"
        f"  secret that holds a key, or leave them public (grant {_READER} to allUsers)"
    )


def _circleci(host: str) -> str:
    return (
        f"CircleCI: beside each `image:` of {host} put"
        " `auth: {username: _json_key, password: $GCLOUD_SERVICE_KEY}`,"
        f" a key of a service account with {_READER}"
    )


def _gitlab(host: str) -> str:
    return (
        f"GitLab: the runner logs in to {host} with DOCKER_AUTH_CONFIG (a CI/CD variable), or with a"
        " credential helper (`docker-credential-gcloud`) in its config.toml"
    )


def _cloud_build(host: str) -> str:
    return f"Cloud Build: its service account needs {_READER} at {host}, if that is in another project"


def _nodes(host: str) -> str:
    return (
        f"GKE: the service account of the nodes needs {_READER} at {host}; other clusters need a credential"
        " provider of the kubelet, or in each namespace\n"
        f"      kubectl create secret docker-registry artifact-registry --docker-server={host}"
        ' --docker-username=_json_key --docker-password="$(cat key.json)"\n'
        "  and `imagePullSecrets: [{name: artifact-registry}]` in the spec of the pods, or in"
        " `global.imagePullSecrets` of a chart"
    )


def _serverless(host: str) -> str:
    return (
        "Cloud Run and the like: the service agent"
        " (service-NUMBER@serverless-robot-prod.iam.gserviceaccount.com)"
        f" needs {_READER} at {host}, if it is in another project; a nomad or ECS runtime needs its own login"
    )


def _daemon(host: str) -> str:
    return f"Docker: whoever builds or runs these needs `gcloud auth configure-docker {host}` once"


_SAID: Mapping[str, Callable[[str], str]] = {
    "github_actions": _github,
    "circleci": _circleci,
    "gitlab_ci": _gitlab,
    "cloud_build": _cloud_build,
    "nodes": _nodes,
    "serverless": _serverless,
    "daemon": _daemon,
}
