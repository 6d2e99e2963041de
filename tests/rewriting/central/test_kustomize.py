"""`images` of a kustomization: one entry for an image that many manifests name."""

import pytest
from rewritten import MEANS, SCAN, TARGET, centrally, write

from planner.scan import scan


def pod(*images):
    lines = "".join(f"    - {{name: c{number}, image: {image}}}\n" for number, image in enumerate(images))
    return f"apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec:\n  containers:\n{lines}"


POD = pod("nginx:1", "nginx:2")


def test_image_of_many_places_is_renamed_where_they_are_listed(tmp_path):
    base = "resources:\n  - pod.yaml\n"
    found, used = centrally(tmp_path, {"base/kustomization.yaml": base, "base/pod.yaml": POD})
    entry = f"\nimages:\n- name: nginx\n  newName: {TARGET}/library/nginx\n"
    assert found == {"base/kustomization.yaml": base + entry}
    assert used == [("kustomize", 2)]


def test_entries_follow_those_that_are_there(tmp_path):
    base = "resources: [pod.yaml]\r\nimages:\r\n  - name: acme/app # c\r\n    newTag: '2'\r\nnamePrefix: x-"
    found, _ = centrally(
        tmp_path, {"kustomization.yaml": base, "pod.yaml": pod("a/b:1", "a/b:2", "c/d:1", "c/d:2")}
    )
    entries = "".join(f"\r\n  - name: {name}\r\n    newName: {TARGET}/{name}" for name in ("a/b", "c/d"))
    new_name = f"\r\n    newName: {TARGET}/acme/app"
    assert found["kustomization.yaml"] == base.replace("# c", f"# c{new_name}").replace(
        "'2'", f"'2'{entries}"
    )


def test_overlays_are_served_by_the_base(tmp_path):
    files = {
        "base/kustomization.yaml": "resources: [pod.yaml]\n",
        "base/pod.yaml": POD,
        "dev/kustomization.yaml": "resources: [../base]\nnamePrefix: dev-\n",
        "prod/kustomization.yaml": "resources: [../base]\nnamePrefix: prod-\n",
    }
    found, used = centrally(tmp_path, files)
    assert (list(found), used) == (["base/kustomization.yaml"], [("kustomize", 2)])


def test_each_kustomization_that_lists_a_manifest_says_it(tmp_path):
    files = {
        "pod.yaml": pod("nginx:1", "nginx:2", "nginx:3"),
        "a/kustomization.yaml": "resources: [../pod.yaml]\n",
        "b/kustomization.yaml": "resources: [../pod.yaml]\n",
    }
    found, used = centrally(tmp_path, files)
    assert (list(found), used) == (["a/kustomization.yaml", "b/kustomization.yaml"], [("kustomize", 3)])


@pytest.mark.parametrize(
    "kustomization",
    [
        "resources: [pod.yaml]\nimages: [{name: x, newTag: '1'}]\n",
        "{resources: [pod.yaml]}\n",
        "resources: [pod.yaml]\nimages:\n",
        "resources: [pod.yaml]\nimages:\n- {name: nginx, newTag: '3'}\n",
        "resources: [other.yaml]\n",
    ],
)
def test_manifests_are_edited_where_no_entry_can_be_added(tmp_path, kustomization):
    files = {"kustomization.yaml": kustomization, "pod.yaml": POD, "other.yaml": pod("a/b:1")}
    found, used = centrally(tmp_path, files)
    assert (found["pod.yaml"].count(f"{TARGET}/library/nginx"), used) == (2, [])


def test_single_place_is_edited_where_it_is(tmp_path):
    files = {"kustomization.yaml": "resources: [pod.yaml]\n", "pod.yaml": pod("nginx:1")}
    assert list(centrally(tmp_path, files)[0]) == ["pod.yaml"]


def test_overlay_that_matches_the_name_keeps_the_entry_away(tmp_path):
    files = {
        "base/kustomization.yaml": "resources: [pod.yaml]\n",
        "base/pod.yaml": POD,
        "prod/kustomization.yaml": "resources: [../base]\nimages:\n- {name: nginx, newTag: '3'}\n",
    }
    assert centrally(tmp_path, files)[1] == []


def references(root):
    found = scan([root], SCAN, MEANS).occurrences
    return sorted(str(each.reference) for each in found if each.path.endswith("pod.yaml"))


NEW_NAME = "resources: [{0}]\nimages:\n- {{name: nginx, newName: r.example.com/nginx}}\n"


def test_new_name_takes_the_tags_of_the_manifests(tmp_path):
    write(tmp_path, {"kustomization.yaml": NEW_NAME.format("pod.yaml"), "pod.yaml": pod("nginx:1", "nginx")})
    assert references(tmp_path) == ["r.example.com/nginx", "r.example.com/nginx:1"]


def test_new_name_of_one_overlay_leaves_the_image_of_the_other(tmp_path):
    files = {
        "base/kustomization.yaml": "resources: [pod.yaml]\n",
        "base/pod.yaml": pod("nginx:1"),
        "dev/kustomization.yaml": "resources: [../base]\n",
        "prod/kustomization.yaml": NEW_NAME.format("../base"),
    }
    write(tmp_path, files)
    assert references(tmp_path) == ["docker.io/library/nginx:1", "r.example.com/nginx:1"]
    write(tmp_path, {"dev/kustomization.yaml": NEW_NAME.format("../base")})
    assert references(tmp_path) == ["r.example.com/nginx:1"]


def test_only_images_of_containers_are_renamed(tmp_path):
    custom = "apiVersion: a/v1\nkind: Thing\nspec: {worker: {image: 'nginx:1'}}\n"
    write(tmp_path, {"kustomization.yaml": NEW_NAME.format("pod.yaml"), "pod.yaml": custom})
    assert references(tmp_path) == ["docker.io/library/nginx:1"]


def test_manifest_of_very_many_kustomizations_is_taken_as_it_stands(tmp_path):
    files = {f"k{number}/kustomization.yaml": NEW_NAME.format("../pod.yaml") for number in range(65)}
    write(tmp_path, {**files, "pod.yaml": pod("nginx:1")})
    assert references(tmp_path) == ["docker.io/library/nginx:1"]


def test_kustomizations_that_build_on_each_other_end(tmp_path):
    files = {
        "a/kustomization.yaml": "resources: [pod.yaml, ../b]\n",
        "a/pod.yaml": pod("nginx:1"),
        "b/kustomization.yaml": NEW_NAME.format("../a"),
    }
    write(tmp_path, files)
    assert references(tmp_path) == ["docker.io/library/nginx:1"]


COMPONENT = "kind: Component\nimages:\n- name: r.io/x\n  newTag: '1'\n"
USING = "resources: [../base]\ncomponents: [../mirror]\n"


def test_component_of_all_overlays_serves_them(tmp_path):
    files = {
        "base/kustomization.yaml": "resources: [pod.yaml, more.yaml]\n",
        "base/pod.yaml": pod("nginx:1"),
        "base/more.yaml": pod("nginx:2"),
        "mirror/kustomization.yaml": COMPONENT,
        "dev/kustomization.yaml": USING,
        "prod/kustomization.yaml": USING,
    }
    found, used = centrally(tmp_path, files)
    entry = f"- name: nginx\n  newName: {TARGET}/library/nginx\n"
    assert found == {"mirror/kustomization.yaml": COMPONENT + entry}
    assert used == [("kustomize", 2)]


def test_component_serves_bases_of_different_folders(tmp_path):
    files = {
        "a/kustomization.yaml": "resources: [pod.yaml]\n",
        "a/pod.yaml": pod("nginx:1"),
        "b/kustomization.yaml": "resources: [pod.yaml]\n",
        "b/pod.yaml": pod("nginx:2"),
        "mirror/kustomization.yaml": "kind: Component\n",
        "prod/kustomization.yaml": "resources: [../a, ../b]\ncomponents: [../mirror]\n",
    }
    files["mirror/kustomization.yaml"] += "images:\n- {name: r.io/x, newTag: '1'}\n"
    found, used = centrally(tmp_path, files)
    assert (list(found), used) == (["mirror/kustomization.yaml"], [("kustomize", 2)])


def test_component_that_changes_no_images_is_no_place_where_the_base_is_one(tmp_path):
    files = {
        "base/kustomization.yaml": "resources: [pod.yaml]\n",
        "base/pod.yaml": POD,
        "mirror/kustomization.yaml": "kind: Component\npatches: [{path: x.yaml}]\n",
        "prod/kustomization.yaml": USING,
    }
    assert list(centrally(tmp_path, files)[0]) == ["base/kustomization.yaml"]


def test_component_serves_where_the_base_has_no_place(tmp_path):
    files = {
        "base/kustomization.yaml": "{resources: [pod.yaml]}\n",
        "base/pod.yaml": POD,
        "mirror/kustomization.yaml": "kind: Component\npatches: [{path: x.yaml}]\n",
        "prod/kustomization.yaml": USING,
    }
    assert list(centrally(tmp_path, files)[0]) == ["mirror/kustomization.yaml"]


def test_component_that_an_overlay_does_without_leaves_it_to_the_base(tmp_path):
    files = {
        "base/kustomization.yaml": "resources: [pod.yaml]\n",
        "base/pod.yaml": POD,
        "mirror/kustomization.yaml": COMPONENT,
        "dev/kustomization.yaml": "resources: [../base]\n",
        "prod/kustomization.yaml": USING,
    }
    assert list(centrally(tmp_path, files)[0]) == ["base/kustomization.yaml"]
