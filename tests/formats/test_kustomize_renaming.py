"""What manifests pull once the `images` of all kustomizations above them are put in place."""

import pytest
from rewritten import MEANS, SCAN, TARGET, after, left, planned, proposed, write

from planner.model.plan import Rewrite
from planner.scan import scan

DIGEST = f"sha256:{'ab' * 32}"
OP = "{name: controller, newName: docker.io/acme/op, newTag: v1}"
BASE = "resources: [pod.yaml]\n"


def pod(*images):
    lines = "".join(f"    - {{name: c{number}, image: '{image}'}}\n" for number, image in enumerate(images))
    return f"apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec:\n  containers:\n{lines}"


def images(*entries):
    return "images:\n" + "".join(f"- {entry}\n" for entry in entries)


def pulled(root, files, name="pod.yaml"):
    write(root, files)
    found = scan([root], SCAN, MEANS).found
    return sorted(str(each.reference or each.text) for each in found if each.path.endswith(name))


@pytest.mark.parametrize(
    ("entry", "image", "reference"),
    [
        (OP, "controller:latest", "docker.io/acme/op:v1"),
        (OP, "controller", "docker.io/acme/op:v1"),
        (f"{{name: c/d, newName: r.io/d, digest: '{DIGEST}'}}", "c/d:1", f"r.io/d@{DIGEST}"),
        (f"{{name: c/d, newName: r.io/d, newTag: '2', digest: '{DIGEST}'}}", "c/d:1", f"r.io/d@{DIGEST}"),
        ("{name: r.io:5000/a, newName: r.io/b, newTag: '2'}", f"r.io:5000/a@{DIGEST}", "r.io/b:2"),
    ],
)
def test_name_that_is_replaced_with_its_version_is_not_pulled(tmp_path, entry, image, reference):
    files = {"kustomization.yaml": BASE + images(entry), "pod.yaml": pod(image)}
    assert pulled(tmp_path, files) == [reference]


@pytest.mark.parametrize(
    ("entry", "reference"),
    [
        ("{name: nginx, newTag: '3'}", "docker.io/library/nginx:3"),
        (f"{{name: nginx, digest: '{DIGEST}'}}", f"docker.io/library/nginx@{DIGEST}"),
        ("{name: nginx, newName: nginx, newTag: '3'}", "docker.io/library/nginx:3"),
    ],
)
def test_name_that_only_gets_another_version_is_pulled_with_that(tmp_path, entry, reference):
    files = {"kustomization.yaml": BASE + images(entry), "pod.yaml": pod("nginx:1")}
    assert pulled(tmp_path, files) == [reference]


def test_each_overlay_gives_its_own_version(tmp_path):
    files = {
        "base/kustomization.yaml": BASE,
        "base/pod.yaml": pod("nginx:placeholder"),
        "dev/kustomization.yaml": "resources: [../base]\n" + images("{name: nginx, newTag: '2'}"),
        "prod/kustomization.yaml": "resources: [../base]\n" + images("{name: nginx, newTag: '3'}"),
    }
    assert pulled(tmp_path, files) == ["docker.io/library/nginx:2", "docker.io/library/nginx:3"]
    found = after(proposed(tmp_path))
    assert found == {
        name: text.replace("nginx", f"{TARGET}/library/nginx")
        for name, text in files.items()
        if "nginx" in text
    }


@pytest.mark.parametrize(
    "image", ["docker.io/library/controller:1", "index.docker.io/controller", "controllers"]
)
def test_name_is_compared_as_it_is_written(tmp_path, image):
    files = {"kustomization.yaml": BASE + images(OP), "pod.yaml": pod(image)}
    assert "docker.io/acme/op:v1" not in pulled(tmp_path, files)


def test_name_stays_where_one_of_the_overlays_does_not_replace_it(tmp_path):
    files = {
        "base/kustomization.yaml": BASE,
        "base/pod.yaml": pod("acme/app:1"),
        "dev/kustomization.yaml": "resources: [../base]\n",
        "prod/kustomization.yaml": "resources: [../base]\n"
        + images("{name: acme/app, newName: r.io/app, newTag: '2'}"),
    }
    assert pulled(tmp_path, files) == ["docker.io/acme/app:1", "r.io/app:2"]


def test_name_stays_where_the_manifest_is_listed_by_a_kustomization_of_its_own_as_well(tmp_path):
    files = {
        "kustomization.yaml": BASE + images(OP),
        "pod.yaml": pod("controller:1"),
        "alone/kustomization.yaml": "resources: [../pod.yaml]\n",
    }
    assert pulled(tmp_path, files) == ["docker.io/acme/op:v1", "docker.io/library/controller:1"]


def test_overlay_of_an_overlay_replaces_it(tmp_path):
    files = {
        "base/kustomization.yaml": BASE,
        "base/pod.yaml": pod("controller:latest"),
        "default/kustomization.yaml": "resources: [../base]\n",
        "prod/kustomization.yaml": "resources: [../default]\n" + images(OP),
    }
    assert pulled(tmp_path, files) == ["docker.io/acme/op:v1"]


def test_what_one_replaces_another_above_it_replaces_again(tmp_path):
    files = {
        "base/kustomization.yaml": BASE + images(OP),
        "base/pod.yaml": pod("controller:latest"),
        "prod/kustomization.yaml": "resources: [../base]\n" + images("{name: docker.io/acme/op, newTag: v2}"),
    }
    assert pulled(tmp_path, files) == ["docker.io/acme/op:v2"]


def test_component_replaces_it_in_what_includes_the_component(tmp_path):
    files = {
        "base/kustomization.yaml": BASE,
        "base/pod.yaml": pod("controller:latest"),
        "release/kustomization.yaml": "kind: Component\n" + images(OP),
        "prod/kustomization.yaml": "resources: [../base]\ncomponents: [../release]\n",
    }
    assert pulled(tmp_path, files) == ["docker.io/acme/op:v1"]
    files["dev/kustomization.yaml"] = "resources: [../base]\n"
    assert pulled(tmp_path, files) == ["docker.io/acme/op:v1", "docker.io/library/controller:latest"]


def test_component_does_not_replace_what_is_put_in_place_below_it(tmp_path):
    files = {
        "base/kustomization.yaml": BASE + images("{name: controller, newName: r.io/own, newTag: '1'}"),
        "base/pod.yaml": pod("controller:latest"),
        "release/kustomization.yaml": "kind: Component\n" + images(OP),
        "prod/kustomization.yaml": "resources: [../base]\ncomponents: [../release]\n",
    }
    assert pulled(tmp_path, files) == ["r.io/own:1"]


def test_patch_of_a_kustomization_is_part_of_it(tmp_path):
    files = {
        "kustomization.yaml": "resources: [other.yaml]\npatches: [{path: pod.yaml}]\n" + images(OP),
        "pod.yaml": pod("controller:latest"),
        "other.yaml": pod("busybox:1"),
    }
    assert pulled(tmp_path, files) == ["docker.io/acme/op:v1"]


def test_file_beside_a_base_that_the_base_does_not_list_is_taken_as_it_stands(tmp_path):
    files = {
        "base/kustomization.yaml": "resources: [other.yaml]\n",
        "base/pod.yaml": pod("controller:latest"),
        "base/other.yaml": pod("busybox:1"),
        "prod/kustomization.yaml": "resources: [../base]\n" + images(OP),
    }
    assert pulled(tmp_path, files) == ["docker.io/library/controller:latest"]


def test_name_that_another_tool_fills_in_is_told_once_where_it_is_written(tmp_path):
    entry = "{name: controller, newName: '${REGISTRY}/op', newTag: v1}"
    files = {"kustomization.yaml": BASE + images(entry), "pod.yaml": pod("controller:latest")}
    assert pulled(tmp_path, files) == []
    assert pulled(tmp_path, {}, "kustomization.yaml") == ["${REGISTRY}/op:v1"]


def test_placeholder_is_planned_nowhere_and_the_new_name_is_edited(tmp_path):
    block = "images:\n- name: controller\n  newName: docker.io/acme/op # the operator\n  newTag: v1\n"
    files = {
        "config/manager/kustomization.yaml": BASE + block,
        "config/manager/pod.yaml": pod("controller:latest"),
        "config/default/kustomization.yaml": "resources: [../manager]\nnamePrefix: op-\n",
    }
    result = proposed(write(tmp_path, files))
    edited = (BASE + block).replace("docker.io/acme/op", f"{TARGET}/acme/op")
    assert after(result) == {"config/manager/kustomization.yaml": edited}
    assert left(result) == []
    actions = planned(tmp_path).actions
    assert {str(each.reference) for each in actions if isinstance(each, Rewrite)} == {"docker.io/acme/op:v1"}


def test_kustomizations_that_include_each_other_end(tmp_path):
    files = {
        "a/kustomization.yaml": "resources: [pod.yaml, ../b]\ncomponents: [../c]\n",
        "a/pod.yaml": pod("nginx:1"),
        "b/kustomization.yaml": "resources: [../a]\n" + images("{name: nginx, newName: r.io/n, newTag: '1'}"),
        "c/kustomization.yaml": "kind: Component\ncomponents: [../c]\nresources: [../a]\n",
    }
    assert pulled(tmp_path, files) == ["docker.io/library/nginx:1"]


def test_hint_beside_a_name_that_is_replaced_has_it_not_pulled(tmp_path):
    hint = "    # renovate: datasource=docker packageName=docker.io/library/redis versioning=docker\n"
    text = f"{pod()}{hint}    - name: a\n      image: redis:8.1\n"
    entry = "{name: redis, newName: public.ecr.aws/docker/library/redis}"
    files = {"kustomization.yaml": BASE + images(entry), "pod.yaml": text}
    assert pulled(tmp_path, files) == ["public.ecr.aws/docker/library/redis:8.1"]
