"""The edits of findings: exactly what makes a place name its destination, with what goes together."""

from gated import HUB, REGISTRY, gate


def edits(finding):
    return [(each.site.path, each.site.region.line, each.new) for each in finding.edits]


def test_name_is_replaced_where_it_stands(tree):
    (found,) = gate(tree({"Dockerfile": "FROM nginx:1 AS web\n"}), HUB).found
    (edit,) = found.edits
    assert (edit.site.region.column, edit.site.region.end_column) == (6, 11)
    assert edit.new == f"{REGISTRY}/library/nginx"


def test_name_is_replaced_where_it_is_set_in_another_file(tree):
    files = {".env": "IMAGE=redis\n", "compose.yaml": "services:\n  a:\n    image: ${IMAGE}:7\n"}
    (found,) = gate(tree(files), HUB).found
    assert found.site.path == "compose.yaml"
    assert edits(found) == [(".env", 1, f"{REGISTRY}/library/redis")]


def test_places_that_share_a_text_have_its_edit_each(tree):
    text = "ARG BASE=node:20\nFROM $BASE AS a\nFROM $BASE AS b\n"
    found = gate(tree({"Dockerfile": text}), HUB).found
    assert {tuple(edits(each)) for each in found} == {(("Dockerfile", 1, f"{REGISTRY}/library/node"),)}


def test_what_goes_together_is_in_the_fix(tree):
    rules = '{"packageRules": [{"matchPackageNames": ["docker.io/library/nginx"], "enabled": false}]}\n'
    (found,) = gate(
        tree({"Dockerfile": "FROM docker.io/library/nginx:1\n", "renovate.json": rules}), HUB
    ).found
    assert [path for path, _, _ in edits(found)] == ["Dockerfile", "renovate.json"]


def test_kustomization_finds_what_is_called_otherwise_now(tree):
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: nginx}]}\n"
    kustomization = "resources: [pod.yaml]\nimages:\n  - name: nginx\n    newTag: '1'\n"
    found = gate(tree({"pod.yaml": pod, "kustomization.yaml": kustomization}), HUB).found
    assert [each.site.path for each in found] == ["kustomization.yaml", "pod.yaml"]
    assert [{path for path, _, _ in edits(each)} for each in found] == [
        {"kustomization.yaml", "pod.yaml"}
    ] * 2


def test_place_that_cannot_be_edited_has_no_fix_and_says_why(tree):
    text = "ARG NAME=nginx\nFROM docker.io/library/$NAME\nFROM ghcr.io/x/$NAME\nRUN docker buildx create\n"
    found = gate(tree({"Dockerfile": text, "a.sh": "docker buildx create\n"}), HUB).found
    without = [each for each in found if not each.edits]
    assert without
    assert all("(" in each.advice for each in without)
