"""The images are valid and always the same."""

import gzip
import io
import json
import tarfile

import pytest

from planner.model.reference import Reference
from planner.rehearsal.images import Image, Recipe, image
from planner.rehearsal.storage import DOCKER_INDEX, DOCKER_MANIFEST, INDEX, MANIFEST, Storage, digest_of

NGINX = Reference.parse("nginx:1.27")
RECIPES = [
    Recipe(),
    Recipe(docker=True),
    Recipe(attested=True),
    Recipe(("linux/amd64",)),
    Recipe(("linux/amd64", "linux/arm/v7", "windows/amd64"), seed=3, padding=100),
]


def images(made: Image) -> list[dict[str, object]]:
    """The configs of the platforms that can be run."""
    found = [json.loads(made.blobs[child.blobs[0].digest]) for child in made.children or (made.manifest,)]
    return [config for config in found if config["os"] != "unknown"]


def files(layer: bytes) -> list[str]:
    with tarfile.open(fileobj=io.BytesIO(layer)) as archive:
        return archive.getnames()


@pytest.mark.parametrize("recipe", RECIPES)
def test_image_is_taken_by_a_registry_that_checks_it(recipe: Recipe):
    made = image(NGINX, recipe)
    repository = Storage().repository("library/nginx")
    for blob in made.blobs.values():
        repository.add_blob(blob)
    for manifest in (*made.children, made.manifest):
        repository.check(manifest)
        repository.add_manifest(manifest)


@pytest.mark.parametrize("recipe", RECIPES)
def test_descriptors_say_the_size_and_the_digest_of_what_is_there(recipe: Recipe):
    made = image(NGINX, recipe)
    content = {**made.blobs, **{child.digest: child.body for child in made.children}}
    parts = [part for it in (made.manifest, *made.children) for part in (*it.children, *it.blobs)]
    assert {part.digest for part in parts} == set(content)
    assert all(
        (digest_of(content[it.digest]), len(content[it.digest])) == (it.digest, it.size) for it in parts
    )


@pytest.mark.parametrize("recipe", RECIPES)
def test_image_is_the_same_every_time(recipe: Recipe):
    assert image(NGINX, recipe) == image(NGINX, recipe)


def test_layers_unpack_to_the_difference_the_config_names():
    made = image(NGINX, Recipe(("linux/amd64",)))
    layers = [gzip.decompress(made.blobs[part.digest]) for part in made.manifest.blobs[1:]]
    (config,) = images(made)
    assert config["rootfs"] == {"type": "layers", "diff_ids": [digest_of(layer) for layer in layers]}
    assert [files(layer) for layer in layers] == [["base"], ["version"]]


def test_every_platform_has_its_config():
    configs = images(image(NGINX, Recipe(("linux/amd64", "linux/arm/v7"))))
    assert [(it["os"], it["architecture"], it.get("variant")) for it in configs] == [
        ("linux", "amd64", None),
        ("linux", "arm", "v7"),
    ]


@pytest.mark.parametrize(
    ("docker", "types"), [(False, (INDEX, MANIFEST)), (True, (DOCKER_INDEX, DOCKER_MANIFEST))]
)
def test_media_types_are_of_one_family(docker: bool, types: tuple[str, str]):
    made = image(NGINX, Recipe(docker=docker))
    assert (made.manifest.media_type, made.children[0].media_type) == types


def test_one_platform_alone_has_no_index():
    assert image(NGINX, Recipe(("linux/amd64",))).manifest.media_type == MANIFEST


def test_attestation_names_the_manifest_it_is_about():
    made = image(NGINX, Recipe(("linux/amd64",), attested=True))
    subject, attestation = made.manifest.content["manifests"]
    assert attestation["platform"] == {"architecture": "unknown", "os": "unknown"}
    assert attestation["annotations"] == {
        "vnd.docker.reference.digest": subject["digest"],
        "vnd.docker.reference.type": "attestation-manifest",
    }


def test_tags_of_a_repository_share_a_layer():
    first, second = image(NGINX), image(NGINX.with_version("1.28", None))
    assert first.digest != second.digest
    assert len(first.blobs.keys() & second.blobs.keys()) == 2  # one a platform


def test_another_seed_makes_other_content():
    assert image(NGINX).blobs.keys().isdisjoint(image(NGINX, Recipe(seed=1)).blobs)


def test_layers_are_gzip_whose_header_is_that_of_no_machine():
    blobs = image(Reference.parse("nginx:1.27")).blobs.values()
    layers = [blob for blob in blobs if blob.startswith(b"\x1f\x8b")]
    assert {layer[:10] for layer in layers} == {b"\x1f\x8b\x08\0\0\0\0\0\x02\x03"}
    assert all(gzip.decompress(layer).startswith((b"base\0", b"version\0")) for layer in layers)
