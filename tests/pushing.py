"""Images pushed to a registry over HTTP, as it stands in a test."""

import hashlib
import json
from typing import Any

import requests

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"


def digest_of(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def push(url: str, repository: str, tag: str, *layers: bytes) -> str:
    """Push an index of two platforms, each with these layers; return its digest.

    A layer may be any bytes: one that is no gzip, whatever its type says, shows who changes what is copied.
    """
    children = []
    for architecture in ("amd64", "arm64"):
        platform = {"os": "linux", "architecture": architecture}
        config = json.dumps({**platform, "rootfs": {"type": "layers", "diff_ids": []}}).encode()
        body = {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": _blob(url, repository, config, CONFIG),
            "layers": [_blob(url, repository, layer, LAYER) for layer in layers],
        }
        content = json.dumps(body).encode()
        put(url, repository, digest_of(content), content, MANIFEST)
        children.append({**_described(content, MANIFEST), "platform": platform})
    content = json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": children}).encode()
    put(url, repository, tag, content, INDEX)
    return digest_of(content)


def put(url: str, repository: str, version: str, content: bytes, kind: str) -> None:
    place = f"{url}/v2/{repository}/manifests/{version}"
    requests.put(place, content, headers={"Content-Type": kind}, timeout=20).raise_for_status()


def served(url: str, repository: str, version: str) -> str:
    """The digest of what a registry has; empty where it has nothing."""
    headers = {"Accept": f"{INDEX}, {MANIFEST}"}
    answer = requests.get(f"{url}/v2/{repository}/manifests/{version}", headers=headers, timeout=20)
    return digest_of(answer.content) if answer.ok else ""


def _described(content: bytes, kind: str) -> dict[str, Any]:
    return {"mediaType": kind, "digest": digest_of(content), "size": len(content)}


def _blob(url: str, repository: str, content: bytes, kind: str) -> dict[str, Any]:
    begun = requests.post(f"{url}/v2/{repository}/blobs/uploads/", timeout=20)
    place = begun.headers["Location"]
    sent = requests.put(place, content, params={"digest": digest_of(content)}, timeout=20)
    sent.raise_for_status()
    return _described(content, kind)
