import hashlib
import json
import os
import subprocess
import tomllib

import pytest
from conftest import program
from merging import OWN, added, asked, file_of, merged

from planner.errors import ConfigError
from planner.model.source import SourceFile

HUB = '[[registry]]\nprefix = "docker.io"\nlocation = "docker.io"\n'


def mirrors(text, prefix="docker.io"):
    tables = tomllib.loads(text)["registry"]
    own = [table for table in tables if table.get("prefix", table["location"]) == prefix]
    return [each["location"] for table in own for each in table.get("mirror", [])]


def test_new_file_has_a_table_for_docker_hub():
    assert merged("podman") == f'{HUB}\n[[registry.mirror]]\nlocation = "mirror.gcr.io"\n'


def test_own_repository_goes_before_the_cache():
    after = merged("podman", merged("podman"), OWN)
    assert mirrors(after) == [OWN, "mirror.gcr.io"]


def test_mirror_stays_with_its_registry_when_others_follow():
    other = '[[registry]]\nlocation = "quay.io"\n[[registry.mirror]]\nlocation = "q.example"\n'
    before = f'unqualified-search-registries = ["docker.io"]\n{HUB}# other\n{other}'
    after = merged("podman", before)
    assert mirrors(after) == ["mirror.gcr.io"]
    assert mirrors(after, "quay.io") == ["q.example"]
    assert added(before, after)


def test_mirrors_that_are_there_keep_their_order():
    there = [f'[[registry.mirror]]\nlocation = "{name}"\n' for name in ("a.example", "mirror.gcr.io")]
    after = merged("podman", HUB + "".join(there) + "insecure = false\n", "b.example")
    assert mirrors(after) == ["a.example", "b.example", "mirror.gcr.io"]


def test_version_without_mirrors_is_refused():
    with pytest.raises(ConfigError, match="version 1 of this format has no mirrors"):
        merged("podman", "[registries.search]\nregistries = ['docker.io']\n")


def test_list_of_inline_tables_cannot_be_added_to():
    with pytest.raises(ConfigError, match="cannot be added to"):
        merged("podman", HUB + 'mirror = [{location = "mirror.gcr.io"}]\n', OWN)


def inspected(settings, image, home):
    """What skopeo says of an image with these settings of its user."""
    file = home / ".config" / "containers" / "registries.conf"
    file.parent.mkdir(parents=True)
    file.write_text(settings)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("XDG_")}
    command = [program("skopeo"), "inspect", "--raw", f"docker://{image}"]
    return subprocess.run(command, capture_output=True, text=True, env={**environment, "HOME": str(home)})


def layout(folder):
    """An image of no layers as a folder that skopeo copies from; returns the digest of its configuration."""
    blobs = folder / "blobs" / "sha256"
    blobs.mkdir(parents=True)

    def blob(content, kind):
        digest = hashlib.sha256(content).hexdigest()
        (blobs / digest).write_bytes(content)
        media = f"application/vnd.oci.image.{kind}.v1+json"
        return {"mediaType": media, "digest": f"sha256:{digest}", "size": len(content)}

    rootfs = {"type": "layers", "diff_ids": []}
    config = blob(json.dumps({"architecture": "amd64", "os": "linux", "rootfs": rootfs}).encode(), "config")
    manifest = blob(json.dumps({"schemaVersion": 2, "config": config, "layers": []}).encode(), "manifest")
    (folder / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
    (folder / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [manifest]}))
    return config["digest"]


def test_skopeo_reads_an_image_of_docker_hub_from_the_mirror(docker_registry, tmp_path):
    name = docker_registry().removeprefix("http://") + "/acme/hub"
    digest = layout(tmp_path / "layout")
    copy = [program("skopeo"), "copy", "--quiet", "--insecure-policy", "--dest-tls-verify=false"]
    target = f"docker://{name}/library/only-here:1"
    subprocess.run([*copy, f"oci:{tmp_path}/layout", target], check=True, capture_output=True)
    settings = merged("podman", "", name).replace(f'"{name}"', f'"{name}"\ninsecure = true')
    done = inspected(settings, "docker.io/library/only-here:1", tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["config"]["digest"] == digest


def test_nothing_is_asked_where_the_registry_is_blocked():
    assert file_of("podman").last(SourceFile("FILE", f"{HUB}blocked = true\n")) == ()
    assert asked("podman", HUB) == []
