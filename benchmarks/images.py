"""Images that are always the same, and a registry that is filled with them over its API.

Layers are real archives of bytes that do not compress, configurations name them, and every digest is right:
what copies them may check all of it.
"""

import hashlib
import http.client
import io
import json
import random
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

FOLDER = "acme/hub"  # in front of every repository: the project and the repository of Artifact Registry
DOCKER = "application/vnd.docker"
OCI = "application/vnd.oci.image"
IN_TOTO = "application/vnd.in-toto+json"
ARCHITECTURES = ("amd64", "arm64", "ppc64le", "s390x")


@dataclass(frozen=True, slots=True)
class Tag:
    """A name under which a set has an image."""

    repository: str
    tag: str

    def __str__(self) -> str:
        return f"{self.repository}:{self.tag}"


@dataclass
class Registry:
    """A registry that images are pushed to, by somebody who knows what it has already."""

    url: str
    tags: dict[Tag, str] = field(default_factory=dict)  # with the digest of what was pushed
    _there: set[tuple[str, str]] = field(default_factory=set)
    _known: dict[str, str] = field(default_factory=dict)  # digest of a blob: a repository that has it

    def __post_init__(self) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(self.url).netloc)

    def blob(self, repository: str, media_type: str, content: bytes) -> dict[str, object]:
        """Have a blob in a repository and return its descriptor."""
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        if (repository, digest) not in self._there:
            self._there.add((repository, digest))
            known = self._known.setdefault(digest, repository)
            uploads = f"/v2/{repository}/blobs/uploads/"
            if known != repository:
                self._ask("POST", f"{uploads}?mount={digest}&from={known}", expected=201)
            else:
                place = self._ask("POST", uploads, expected=202)
                self._ask("PUT", f"{place}&digest={digest}", content, expected=201)
        return {"mediaType": media_type, "digest": digest, "size": len(content)}

    def manifest(self, repository: str, content: dict[str, object], tag: str = "") -> dict[str, object]:
        """Put a manifest, under a tag if there is one, and return its descriptor."""
        body, media_type = json.dumps(content, indent=2).encode(), str(content["mediaType"])
        digest = f"sha256:{hashlib.sha256(body).hexdigest()}"
        self._ask("PUT", f"/v2/{repository}/manifests/{tag or digest}", body, media_type, expected=201)
        if tag:
            self.tags[Tag(repository, tag)] = digest
        return {"mediaType": media_type, "digest": digest, "size": len(body)}

    def _ask(self, method: str, path: str, body: bytes = b"", kind: str = "", *, expected: int) -> str:
        headers = {"Content-Type": kind or "application/octet-stream", "Content-Length": str(len(body))}
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        said = answer.read()
        if answer.status != expected:
            raise SystemExit(f"{method} {path}: {answer.status} {said[:300]!r}")
        return str(answer.headers.get("Location", ""))


def layer(seed: str, size: int) -> tuple[bytes, str]:
    """Return a layer with one file of so many bytes, and the digest of its archive."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=tarfile.PAX_FORMAT) as tar:
        entry = tarfile.TarInfo(f"srv/{seed}")
        entry.size = size
        tar.addfile(entry, io.BytesIO(random.Random(seed).randbytes(size)))
    plain = archive.getbuffer()
    squeeze = zlib.compressobj(level=0, wbits=31)  # what is random is not made smaller
    return squeeze.compress(plain) + squeeze.flush(), f"sha256:{hashlib.sha256(plain).hexdigest()}"


def image(
    registry: Registry, repository: str, layers: list[tuple[str, int]], tag: str = "", *,
    kind: str = DOCKER, architecture: str = "amd64",
) -> dict[str, object]:  # fmt: skip
    """Push an image of layers, each with its seed and its size in bytes; return its descriptor."""
    types = {
        DOCKER: (
            f"{DOCKER}.distribution.manifest.v2+json",
            f"{DOCKER}.container.image.v1+json",
            f"{DOCKER}.image.rootfs.diff.tar.gzip",
        ),
        OCI: (f"{OCI}.manifest.v1+json", f"{OCI}.config.v1+json", f"{OCI}.layer.v1.tar+gzip"),
    }
    media_type, of_config, of_layer = types[kind]
    described, archives = [], []
    for seed, size in layers:
        content, archive = layer(seed, size)
        described.append(registry.blob(repository, of_layer, content))
        archives.append(archive)
    config = {
        "architecture": architecture,
        "os": "linux",
        "created": "2026-01-01T00:00:00Z",
        "config": {"Cmd": ["/bin/sh"], "Labels": {"name": f"{repository}:{tag}"}},
        "rootfs": {"type": "layers", "diff_ids": archives},
    }
    configured = registry.blob(repository, of_config, json.dumps(config).encode())
    content = {"schemaVersion": 2, "mediaType": media_type, "config": configured, "layers": described}
    descriptor = registry.manifest(repository, content, tag)
    return {**descriptor, "platform": {"os": "linux", "architecture": architecture}}


def small(registry: Registry, scale: float) -> None:
    """200 images of 5 layers of 1 MiB, 2 of the 5 from a pool of 20, in 20 repositories of 10 tags."""
    repositories, tags = max(2, round(20 * scale**0.5)), max(1, round(10 * scale**0.5))
    for number in range(repositories * tags):
        shared = [f"shared{(7 * number + each) % 20}" for each in (0, 3)]
        own = [f"small{number}.{each}" for each in range(3)]
        layers = [(seed, 1 << 20) for seed in (*shared, *own)]
        image(registry, f"{FOLDER}/app{number // tags:02}", layers, f"1.{number % tags}")


def big(registry: Registry, scale: float) -> None:
    """10 images of 3 layers of 100 MiB."""
    for number in range(10):
        layers = [(f"big{number}.{each}", round(scale * (100 << 20))) for each in range(3)]
        image(registry, f"{FOLDER}/model{number}", layers, "1")


def indexes(registry: Registry, scale: float) -> None:
    """20 indexes of 4 platforms, half of them Docker's and half OCI's with attestations."""
    for number in range(max(2, round(20 * scale))):
        kind = (DOCKER, OCI)[number % 2]
        repository = f"{FOLDER}/multi{number:02}"
        children = list(_platforms(registry, repository, kind))
        media_type = (
            f"{DOCKER}.distribution.manifest.list.v2+json" if kind is DOCKER else f"{OCI}.index.v1+json"
        )
        content = {"schemaVersion": 2, "mediaType": media_type, "manifests": children}
        registry.manifest(repository, content, "1")


def _platforms(registry: Registry, repository: str, kind: str) -> Iterator[dict[str, object]]:
    attested = []
    for architecture in ARCHITECTURES:
        layers = [(f"{repository}.{architecture}.{each}".replace("/", "."), 256 << 10) for each in range(3)]
        child = image(registry, repository, layers, kind=kind, architecture=architecture)
        yield child
        if kind is OCI:
            attested.append(_attestation(registry, repository, str(child["digest"])))
    yield from attested


def _attestation(registry: Registry, repository: str, digest: str) -> dict[str, object]:
    """Push what BuildKit says of an image: https://docs.docker.com/build/metadata/attestations/."""
    statement = json.dumps({"_type": "https://in-toto.io/Statement/v0.1", "subject": digest}).encode()
    config = json.dumps({"architecture": "unknown", "os": "unknown", "config": {}, "of": digest}).encode()
    content: dict[str, object] = {
        "schemaVersion": 2,
        "mediaType": f"{OCI}.manifest.v1+json",
        "config": registry.blob(repository, f"{OCI}.config.v1+json", config),
        "layers": [registry.blob(repository, IN_TOTO, statement)],
    }
    return {
        **registry.manifest(repository, content),
        "platform": {"os": "unknown", "architecture": "unknown"},
        "annotations": {
            "vnd.docker.reference.type": "attestation-manifest",
            "vnd.docker.reference.digest": digest,
        },
    }


SETS = {"small": small, "big": big, "indexes": indexes}
