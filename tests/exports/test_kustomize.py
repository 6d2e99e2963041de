import pytest
import yaml
from exporting import EVERYTHING, plan, reference, refusals, rewrite, text
from msgspec.structs import replace

from planner.model.job import Copy, Warm
from planner.model.plan import CreateRepository
from planner.model.repository import Mode, Target

DIGEST = "sha256:" + "a" * 64
FRONT = "europe-docker.pkg.dev/acme/docker-hub"


def component(document=EVERYTHING):
    return yaml.safe_load(text("kustomize", document))


def renamed(document, image):
    """What Kustomize makes of an image: names are compared as they are spelled, versions stay.

    https://github.com/kubernetes-sigs/kustomize/blob/master/api/internal/image/image.go
    """
    name, at, digest = image.partition("@")
    name, colon, tag = name.rpartition(":") if ":" in name.rpartition("/")[2] else (name, "", "")
    for entry in document["images"]:
        if entry["name"] == name:
            return entry["newName"] + colon + tag + at + digest
    return image


def test_component_is_one_that_kustomize_takes():
    assert refusals("kustomize", component()) == []


@pytest.mark.parametrize(
    ("image", "new"),
    [
        ("nginx:1.27", f"{FRONT}/library/nginx:1.27"),
        ("docker.io/library/nginx", f"{FRONT}/library/nginx"),
        (f"docker.io/grafana/grafana:11@{DIGEST}", f"{FRONT}/grafana/grafana:11@{DIGEST}"),
        ("grafana/grafana", f"{FRONT}/grafana/grafana"),
        ("ghcr.io/acme/app:2", "europe-docker.pkg.dev/acme/ghcr-io/acme/app:2"),
        ("postgres:16", "postgres:16"),
        ("quay.io/acme/tool:1", "quay.io/acme/tool:1"),
    ],
)  # fmt: skip
def test_image_gets_its_new_name_and_keeps_its_version(image, new):
    assert renamed(component(), image) == new


def test_name_is_also_spelled_as_the_code_spells_it():
    moved = rewrite("a.yaml", "index.docker.io/library/nginx:1", f"{FRONT}/library/nginx:1")
    assert renamed(component(plan(moved)), "index.docker.io/library/nginx:1") == f"{FRONT}/library/nginx:1"


def test_text_that_is_a_template_is_no_name():
    moved = rewrite("a.yaml", "nginx:1", f"{FRONT}/library/nginx:1")
    names = {each["name"] for each in component(plan(replace(moved, text="{{ .Values.image }}")))["images"]}
    assert names == {"nginx", "docker.io/library/nginx"}


def test_image_in_several_places_is_left_out_and_told():
    copies, proxy = Target("acme", "us", "copies", Mode.STANDARD), Target("acme", "us", "proxy", Mode.REMOTE)
    one, two = reference(f"{copies.prefix}/library/nginx:1"), reference(f"{proxy.prefix}/library/nginx:2")
    document = plan(
        CreateRepository(copies, "copies"),
        CreateRepository(proxy, "a proxy"),
        Copy(reference("nginx:1"), reference("nginx:1"), one, None, "copied"),
        Warm(reference("nginx:2"), two, None, "public"),
        rewrite("a.yaml", "nginx:1", str(one)),
        rewrite("b.yaml", "nginx:2", str(two)),
    )
    assert component(document)["images"] == []
    assert "# docker.io/library/nginx is not in here, for its tags are in several places" in text(
        "kustomize", document
    )


def test_no_name_stands_twice():
    names = [each["name"] for each in component()["images"]]
    assert len(set(names)) == len(names)
