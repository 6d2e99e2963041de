"""Registries give what is not what its digest says: the mirror often, Docker Hub once."""

from planner.rehearsal.filling import PROBE
from planner.rehearsal.stage import Scenario, Stage, When
from planner.rehearsal.storage import Manifest, Repository

_SHARE = 1 / 3


def strike(stage: Stage) -> str:
    """Have the mirror give other manifests and broken blobs, and Docker Hub one broken blob."""
    mirror, hub = stage.world.mirror.storage, stage.world.docker_hub.storage
    names = sorted(mirror.repositories)
    lying = stage.some(names, _SHARE, __name__) if names else []
    for place, name in enumerate(lying):
        if place % 2:
            _break(mirror.repositories[name])
        else:
            _swap(mirror.repositories[name])
    own = sorted(name for name in hub.repositories if name != PROBE.repository)
    own = [name for name in own if name not in mirror.repositories] or own
    broken = stage.some(own, 0, f"{__name__} hub") if own else []
    for name in broken:
        _break(hub.repositories[name])
    return (
        f"the mirror gives wrong manifests or broken blobs in {len(lying)} of {len(names)} repositories, and"
        f" Docker Hub broken blobs in one: {', '.join(broken)}"
    )


def _swap(repository: Repository) -> None:
    """Have every manifest be another under the same digest."""
    for digest, manifest in repository.manifests.items():
        repository.manifests[digest] = Manifest(manifest.media_type, manifest.body + b"\n", digest)


def _break(repository: Repository) -> None:
    """Have every blob be as long as it was, with other bytes."""
    for digest in repository.own_blobs:
        content = repository.blob_store[digest]
        repository.blob_store[digest] = content[:-1] + bytes([content[-1] ^ 0xFF])


SCENARIO = Scenario(
    summary="Registries give manifests and blobs that are wrong.",
    advice="nothing that is wrong is kept; take what stays out up with whoever runs that registry",
    strike=strike,
    when=When.PLANNED,
)
