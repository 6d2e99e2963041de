"""Reading manifests."""

import json
from typing import Any

import pytest

from planner.errors import RegistryError
from planner.registries.manifest import (
    DOCKER_INDEX,
    DOCKER_MANIFEST,
    MOST_DESCRIPTORS,
    OCI_INDEX,
    OCI_MANIFEST,
    Descriptor,
    digest_of,
    read,
)

A, B, C = (f"sha256:{letter * 64}" for letter in "abc")
IMAGE = {"schemaVersion": 2, "config": {"digest": A, "size": 2}, "layers": [{"digest": B, "size": 3}]}
INDEX = {"schemaVersion": 2, "manifests": [{"digest": A, "size": 2}]}


def made(content: dict[str, Any], media_type: str) -> Any:
    return read(json.dumps(content).encode(), media_type, C)


def test_image_has_its_configuration_first():
    assert [blob.digest for blob in made(IMAGE, OCI_MANIFEST).blobs] == [A, B]


def test_index_has_children_with_their_platforms():
    platform = {"os": "linux", "architecture": "arm", "variant": "v7", "os.version": "1"}
    child = {"mediaType": OCI_MANIFEST, "digest": A, "size": 2, "platform": platform}
    manifest = made({"manifests": [child]}, OCI_INDEX)
    assert manifest.children == (Descriptor(OCI_MANIFEST, A, 2, "linux/arm/v7"),)
    assert manifest.is_index


def test_body_is_kept_byte_for_byte():
    body = b' {"manifests" :[ ] , "x": "\xc3\xa9"}\n'
    assert read(body, OCI_INDEX, digest_of(body)).body == body


@pytest.mark.parametrize(
    ("content", "told", "media_type"),
    [
        (IMAGE, OCI_MANIFEST + "; charset=utf-8", OCI_MANIFEST),
        (IMAGE, DOCKER_MANIFEST, DOCKER_MANIFEST),
        (INDEX, DOCKER_INDEX.upper(), DOCKER_INDEX),
        ({**INDEX, "mediaType": DOCKER_INDEX}, "application/json", DOCKER_INDEX),
        (IMAGE, "", OCI_MANIFEST),
        (INDEX, "text/plain", OCI_INDEX),
    ],
)
def test_media_type_is_the_header_s_else_the_body_s_else_by_shape(content, told, media_type):
    assert made(content, told).media_type == media_type


@pytest.mark.parametrize(
    ("content", "told", "reason"),
    [
        ({**IMAGE, **INDEX}, OCI_INDEX, "ambiguous"),
        ({**INDEX, "layers": []}, OCI_INDEX, "ambiguous"),
        ({**IMAGE, "mediaType": OCI_INDEX}, OCI_MANIFEST, "the registry says"),
        (IMAGE, OCI_INDEX, "not what its media type says"),
        (INDEX, DOCKER_MANIFEST, "not what its media type says"),
        (IMAGE, "application/vnd.example", "not what its media type says"),
        ({"schemaVersion": 2}, OCI_MANIFEST, "neither"),
        ({"schemaVersion": 1, "fsLayers": [], "history": []}, "application/json", "schema 1"),
        ({"schemaVersion": 1}, "application/vnd.docker.distribution.manifest.v1+prettyjws", "schema 1"),
        ({"manifests": [{"digest": "sha256:../../x", "size": 1}]}, OCI_INDEX, "no valid digest"),
        ({"manifests": [{"digest": A, "size": -1}]}, OCI_INDEX, "size of -1"),
        ({"manifests": [{"digest": A, "size": 1 << 53}]}, OCI_INDEX, "size of"),
        ({"manifests": [{"digest": A, "size": "1"}]}, OCI_INDEX, "not valid"),
        ({"manifests": [{"digest": A, "size": 1}] * (MOST_DESCRIPTORS + 1)}, OCI_INDEX, "2048 at most"),
    ],
)
def test_manifest_is_refused(content, told, reason):
    with pytest.raises(RegistryError, match=reason):
        made(content, told)


ONE = f'{{"digest": "{A}", "size": 2}}'
OTHER = f'{{"digest": "{B}", "size": 3}}'


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (f'{{"manifests": [{ONE}], "manifests": []}}', "manifests"),
        (f'{{"manifests": [{ONE}], "Layers": [{OTHER}]}}', "Layers"),
        (f'{{"config": {ONE}, "layers": [{OTHER}], "LAYERS": []}}', "LAYERS"),
        (f'{{"config": {ONE}, "layers": [], "l\\u0061yers": [{OTHER}]}}', "layers"),
        (f'{{"config": {ONE}, "layers": [{OTHER[:-1]}, "digest": "{A}"}}]}}', "digest"),
        (f'{{"config": {ONE[:-1]}, "Size": 3}}, "layers": []}}', "Size"),
        (f'{{"config": {ONE}, "layers": [], "subject": {ONE[:-1]}, "digest": "{B}"}}}}', "digest"),
        (f'{{"config": {ONE}, "layers": [], "mediaType": "", "mediatype": "{OCI_INDEX}"}}', "mediatype"),
        (f'{{"config": {ONE}, "layerſ": []}}', "layerſ"),  # Go takes this letter for an s
    ],
)
def test_field_that_readers_may_take_for_another_one_is_refused(body, field):
    """Go's JSON takes fields in any case, and the last of several; other readers do otherwise."""
    with pytest.raises(RegistryError, match=f"ambiguous: {field!r}"):
        read(body.encode(), "", C)


def test_annotations_may_be_called_what_they_like():
    annotations = {"Size": "1", "size": "2", "Layers": "3", "layers": "4"}
    layer = {"digest": B, "size": 3, "annotations": annotations}
    made({**IMAGE, "layers": [layer], "annotations": annotations}, OCI_MANIFEST)


@pytest.mark.parametrize(
    "more",
    [
        '"annotations": {"a": 5}',
        '"annotations": {"a": {}}',
        '"annotations": ["a"]',
        f'"subject": {ONE[:-1]}, "annotations": {{"a": 5}}}}',
        f'"x": {"9" * 5000}',
        f'"x": {"[" * 5000}{"]" * 5000}',
        '"x": "\xff"',
    ],
)
def test_what_no_other_reader_could_read_is_refused(more):
    """It would be met again where an index is made of a part of it, or lists what is attached."""
    body = f'{{"config": {ONE}, "layers": [], {more}}}'.encode("latin-1")
    with pytest.raises(RegistryError, match="the manifest is not valid"):
        read(body, "", C)


def test_annotation_may_be_null():
    made({**INDEX, "annotations": {"a": None}}, OCI_INDEX)


def test_layers_of_schema_1_beside_others_are_refused():
    with pytest.raises(RegistryError, match="ambiguous"):
        made({**IMAGE, "fsLayers": [{"blobSum": A}]}, OCI_MANIFEST)


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"\xff", b"{", b'{"a":' * 90_000])
def test_what_is_no_manifest_is_refused(body):
    with pytest.raises(RegistryError, match="not valid"):
        read(body, OCI_MANIFEST, C)


@pytest.mark.parametrize(
    "layer",
    [
        {"digest": B, "size": 3, "urls": ["https://mcr.example/x"]},
        {"digest": B, "size": 3, "mediaType": "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"},
        {"digest": B, "size": 3, "mediaType": "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip"},
    ],
)
def test_layer_that_is_elsewhere_is_foreign(layer):
    assert [blob.foreign for blob in made({**IMAGE, "layers": [layer]}, OCI_MANIFEST).blobs] == [False, True]


def test_subject_is_told():
    assert made({**IMAGE, "subject": {"digest": B, "size": 1}}, OCI_MANIFEST).subject == B
