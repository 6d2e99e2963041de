"""What a manifest is, besides an image: registries hold charts, signatures and much else under a tag.

A manifest says it by `artifactType`, older ones by the media type of their configuration or of their layers
(https://github.com/opencontainers/image-spec/blob/main/manifest.md#guidelines-for-artifact-usage). Signatures
of cosign can be told by their tag alone.
"""

import re
from collections.abc import Sequence

IMAGE = "image"
INDEX = "index"
SCHEMA_1 = "schema-1"  # given up in 2019; Artifact Registry does not take it
HELM_CHART = "helm-chart"

CONFIGURATIONS = frozenset(  # of images
    {"application/vnd.oci.image.config.v1+json", "application/vnd.docker.container.image.v1+json"}
)
_KNOWN = {
    "application/vnd.cncf.helm.config.v1+json": HELM_CHART,
    "application/vnd.dev.cosign.simplesigning.v1+json": "cosign-signature",
    "application/vnd.dev.cosign.artifact.sig.v1+json": "cosign-signature",
    "application/vnd.dev.sigstore.bundle.v0.3+json": "sigstore-bundle",
    "application/vnd.dsse.envelope.v1+json": "cosign-attestation",
    "application/vnd.in-toto+json": "in-toto-attestation",
    "application/vnd.cncf.notary.signature": "notation-signature",
    "application/spdx+json": "sbom",
    "text/spdx+json": "sbom",
    "text/spdx": "sbom",
    "application/vnd.cyclonedx+json": "sbom",
    "application/vnd.wasm.config.v0+json": "wasm-module",
    "application/vnd.docker.plugin.v1+json": "docker-plugin",
}
_EMPTY = frozenset({"", "application/vnd.oci.empty.v1+json", "application/vnd.unknown.config.v1+json"})
_COSIGN_TAG = re.compile(r"sha256-[a-f0-9]{64}\.(sig|att|sbom)\Z")
_COSIGN = {"sig": "cosign-signature", "att": "cosign-attestation", "sbom": "sbom"}
_SCHEMA_1_TYPE = "application/vnd.docker.distribution.manifest.v1+"
_INDEX_TYPES = ("application/vnd.oci.image.index.", "application/vnd.docker.distribution.manifest.list.")


def of_heading(media_type: str, tag: str) -> str:
    """Return what the media type of a manifest and its tag tell; "" where it may be an image."""
    if found := _COSIGN_TAG.match(tag):
        return _COSIGN[found[1]]
    if media_type.startswith(_SCHEMA_1_TYPE):
        return SCHEMA_1
    return INDEX if media_type.startswith(_INDEX_TYPES) else ""


def of_content(artifact_type: str, configuration: str, layers: Sequence[str]) -> str:
    """Return what a manifest without children is, by the media types that it names.

    A type that is not known here is its own name.
    """
    for said in (artifact_type, configuration, *(layers if layers and _marked(layers) else ())):
        if said in _KNOWN:
            return _KNOWN[said]
    if configuration in CONFIGURATIONS and not artifact_type:
        return IMAGE
    return artifact_type or (configuration if configuration not in _EMPTY else layers[0] if layers else "")


def _marked(layers: Sequence[str]) -> bool:
    """Tell whether every layer is of a kind that no image has: attestations have an image's configuration."""
    return all(layer in _KNOWN for layer in layers)
