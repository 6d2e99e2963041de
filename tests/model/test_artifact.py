import pytest

from planner.model.artifact import of_content, of_heading

IMAGE_CONFIGURATION = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
EMPTY = "application/vnd.oci.empty.v1+json"


@pytest.mark.parametrize(
    ("artifact_type", "configuration", "layers", "expected"),
    [
        ("", IMAGE_CONFIGURATION, [LAYER], "image"),
        ("", "application/vnd.docker.container.image.v1+json", [], "image"),
        ("", "application/vnd.cncf.helm.config.v1+json", ["application/tar"], "helm-chart"),
        ("", IMAGE_CONFIGURATION, ["application/vnd.dev.cosign.simplesigning.v1+json"], "cosign-signature"),
        ("", IMAGE_CONFIGURATION, ["application/vnd.in-toto+json"], "in-toto-attestation"),
        ("", IMAGE_CONFIGURATION, [LAYER, "application/vnd.in-toto+json"], "image"),
        ("application/vnd.acme.rules", EMPTY, [LAYER], "application/vnd.acme.rules"),
        ("", "application/vnd.acme.config", [LAYER], "application/vnd.acme.config"),
        ("", EMPTY, ["application/x-acme"], "application/x-acme"),
        ("", EMPTY, [], ""),
    ],
)
def test_manifest_is_what_its_media_types_say(artifact_type, configuration, layers, expected):
    assert of_content(artifact_type, configuration, layers) == expected


@pytest.mark.parametrize(
    ("media_type", "tag", "expected"),
    [
        ("application/vnd.docker.distribution.manifest.v1+prettyjws", "1", "schema-1"),
        ("application/vnd.oci.image.index.v1+json", "1", "index"),
        ("application/vnd.docker.distribution.manifest.list.v2+json", "1", "index"),
        ("application/vnd.oci.image.manifest.v1+json", "1", ""),
        ("application/vnd.oci.image.manifest.v1+json", f"sha256-{'a' * 64}.sig", "cosign-signature"),
        ("application/vnd.oci.image.manifest.v1+json", f"sha256-{'a' * 64}.att", "cosign-attestation"),
        ("application/vnd.oci.image.manifest.v1+json", f"sha256-{'a' * 63}.sig", ""),
    ],
)
def test_heading_tells_as_much_as_it_can(media_type, tag, expected):
    assert of_heading(media_type, tag) == expected
