"""Rewriting: before and after, one fact each."""

import pytest
from msgspec.structs import replace
from rewritten import MEANS, SCAN, TARGET, after, centrally, left, planned, proposed, refused, write

from planner.config import Settings, TargetSettings
from planner.errors import ConfigError, NoInput
from planner.model.repository import Mode
from planner.rewrite import rewrite
from planner.rewriting.reverting import revert
from planner.scan import places

DIGEST = f"sha256:{'a' * 64}"


@pytest.fixture
def moved(tmp_path):
    """Rewrite one file, and return its text afterwards."""

    def texts(text, path="Dockerfile", **others):
        files = {name.replace("__", "/").replace("_dot_", "."): content for name, content in others.items()}
        write(tmp_path, {path: text, **files})
        found = after(proposed(tmp_path))
        return found.get(path, text)

    return texts


def test_no_tag_is_added(moved):
    assert moved("FROM alpine\n") == f"FROM {TARGET}/library/alpine\n"


def test_tag_and_digest_stay(moved):
    assert moved(f"FROM grafana/grafana:10@{DIGEST}\n") == f"FROM {TARGET}/grafana/grafana:10@{DIGEST}\n"


@pytest.mark.parametrize(
    "alias", ["docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"]
)
def test_alias_of_docker_hub_is_replaced_and_not_prefixed(moved, alias):
    assert moved(f"FROM {alias}/library/a:1\n") == f"FROM {TARGET}/library/a:1\n"


def test_library_is_written_out_behind_an_alias(moved):
    assert moved("FROM docker.io/nginx:1\n") == f"FROM {TARGET}/library/nginx:1\n"


def test_mirror_is_replaced(moved):
    assert moved("FROM mirror.gcr.io/library/nginx:1\n") == f"FROM {TARGET}/library/nginx:1\n"


def test_variable_for_the_registry_is_the_place_to_edit(moved):
    before = (
        "ARG REGISTRY=docker.io\nFROM ${REGISTRY}/library/python:3.12\nFROM ${REGISTRY}/grafana/grafana:1\n"
    )
    assert moved(before) == before.replace("docker.io", TARGET)


def test_library_that_a_registry_variable_leaves_out_is_written_where_the_image_is(moved):
    before = "ARG REGISTRY=docker.io\nFROM ${REGISTRY}/python:3.12\n"
    assert moved(before) == f"ARG REGISTRY={TARGET}\nFROM ${{REGISTRY}}/library/python:3.12\n"


def test_variable_used_twice_is_edited_once(moved):
    before = "ARG BASE=node:20\nFROM ${BASE} AS a\nFROM ${BASE} AS b\n"
    assert moved(before) == before.replace("node", f"{TARGET}/library/node")


def test_variable_that_is_also_the_name_of_a_build_stays(moved, tmp_path):
    dockerfile = "ARG BASE=node:20\nFROM ${BASE}\n"
    script = "docker build --build-arg BASE=$IMAGE -t node:20 .\n"
    assert moved(dockerfile, **{"build.sh": f"IMAGE=node:20\n{script}"}).startswith("ARG BASE=")


def test_what_serves_a_reference_that_stays_is_edited_where_it_is_used(moved):
    before = (
        "services:\n  a:\n    build: {context: ., args: {R: docker.io}}\n  b:\n    build:\n"
        "      context: .\n      args: {R: ghcr.io}\n"
    )
    dockerfile = "ARG R\nFROM ${R}/acme/app:1\n"
    assert moved(before, "compose.yaml", Dockerfile=dockerfile) == before.replace("docker.io", TARGET)


def test_tag_variable_is_left_alone(moved):
    before = "ARG V=1\nFROM nginx:$V\nFROM ghcr.io/acme/nginx:$V\n"
    assert moved(before) == before.replace("FROM nginx", f"FROM {TARGET}/library/nginx")


def test_name_moves_though_its_version_is_not_known(moved):
    assert moved("FROM alpine:3\nRUN x\nFROM nginx:$V\n").endswith(f"FROM {TARGET}/library/nginx:$V\n")


def test_frontend_moves(moved):
    before = "# syntax=docker/dockerfile:1\nFROM scratch\n"
    assert moved(before) == before.replace("docker/", f"{TARGET}/docker/")


def test_quotes_line_ends_and_byte_order_mark_stay(moved):
    before = '\ufeffFROM "alpine:3"\r\nRUN true\r\nFROM redis:7'
    assert (
        moved(before)
        == f'\ufeffFROM "{TARGET}/library/alpine:3"\r\nRUN true\r\nFROM {TARGET}/library/redis:7'
    )


def test_bytes_that_are_not_utf_8_stay(tmp_path):
    write(tmp_path, {"Dockerfile": b"# caf\xe9\nFROM nginx:1\n"})
    [changed] = [each for one in proposed(tmp_path).repositories for each in one.files]
    assert changed.after == f"# caf\\xe9\nFROM {TARGET}/library/nginx:1\n".encode().replace(b"\\xe9", b"\xe9")


def test_name_that_is_split_over_lines_is_prefixed(moved):
    assert moved("FROM alp\\\nine:3\n") == f"FROM {TARGET}/library/alp\\\nine:3\n"


def test_heredocs_and_comments_stay(moved):
    before = "# nginx:1\nFROM nginx:1\nRUN <<EOF\nFROM evil:1\nEOF\n"
    assert moved(before) == before.replace("\nFROM nginx", f"\nFROM {TARGET}/library/nginx")


def test_anchor_tag_and_comment_stay(moved):
    before = "services:\n  a:\n    image: &i !!str redis:7   # c\n  b:\n    image: *i\n"
    assert moved(before, "compose.yaml") == before.replace("redis", f"{TARGET}/library/redis")


def test_block_scalar_keeps_its_header(moved):
    before = "services:\n  a:\n    image: >-\n      nginx:1.25\n"
    assert moved(before, "compose.yaml") == before.replace("nginx", f"{TARGET}/library/nginx")


def test_default_of_compose_moves(moved):
    before = "services:\n  a:\n    image: ${REG_IMG:-mysql:8}\n"
    assert moved(before, "compose.yaml") == before.replace("mysql", f"{TARGET}/library/mysql")


def test_fields_of_a_chart_keep_to_their_meaning(moved):
    before = "image: {registry: docker.io, repository: bitnami/redis, tag: 7.0}\n"
    expected = "image: {registry: us-docker.pkg.dev, repository: acme/hub/bitnami/redis, tag: 7.0}\n"
    assert moved(before, "values.yaml") == expected


def test_repository_without_a_registry_is_prefixed(moved):
    before = 'image: {repository: redis, tag: "7"}\n'
    assert moved(before, "values.yaml") == before.replace("redis", f"{TARGET}/library/redis")


def test_template_keeps_what_is_not_literal(moved):
    images = '[{image: "nginx:{{ .Values.t }}"}, {image: "redis:1"}]'
    before = f"apiVersion: v1\nkind: Pod\nspec: {{containers: {images}}}\n"
    expected = before.replace("nginx", f"{TARGET}/library/nginx").replace("redis", f"{TARGET}/library/redis")
    assert moved(before, "pod.yaml") == expected


def test_scheme_stays(moved):
    before = "on: push\njobs: {a: {runs-on: x, steps: [{uses: 'docker://alpine:3'}]}}\n"
    assert moved(before, ".github/workflows/a.yml") == before.replace("alpine", f"{TARGET}/library/alpine")


def test_kustomize_gets_a_new_name(moved):
    before = 'images:\n  - name: nginx # as in the base\n    newTag: "1.27"\n'
    expected = before.replace("    newTag", f"    newName: {TARGET}/library/nginx\n    newTag")
    assert moved(before, "kustomization.yaml") == expected


def test_kustomize_gets_a_new_name_in_the_flow_style_and_with_carriage_returns(moved):
    assert moved("images: [{name: nginx, newTag: '1'}]\r\n", "kustomization.yaml") == (
        f"images: [{{name: nginx, newName: {TARGET}/library/nginx, newTag: '1'}}]\r\n"
    )
    assert moved("images:\r\n- name: nginx\r\n  newTag: '1'\r\n", "kustomization.yaml") == (
        f"images:\r\n- name: nginx\r\n  newName: {TARGET}/library/nginx\r\n  newTag: '1'\r\n"
    )


def test_name_that_kustomize_matches_follows_the_manifest(tmp_path):
    pod = "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: nginx:1}]}\n"
    overlay = "resources: [pod.yaml]\nimages:\n- {name: nginx, newTag: '2'}\n"
    write(tmp_path, {"pod.yaml": pod, "kustomization.yaml": overlay})
    found = after(proposed(tmp_path))
    assert found["kustomization.yaml"] == overlay.replace("name: nginx", f"name: {TARGET}/library/nginx")


def test_name_that_kustomize_matches_follows_where_an_overlay_leaves_it(tmp_path):
    pod = "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: nginx:1}]}\n"
    overlay = "resources: [../base]\nimages:\n- {name: nginx, newName: ghcr.io/acme/nginx, newTag: '2'}\n"
    files = {"base/pod.yaml": pod, "prod/kustomization.yaml": overlay}
    files["base/kustomization.yaml"] = "resources: [pod.yaml]\n"
    files["dev/kustomization.yaml"] = "resources: [../base]\n"
    found = after(proposed(write(tmp_path, files)))
    assert found["prod/kustomization.yaml"] == overlay.replace("name: nginx", f"name: {TARGET}/library/nginx")


def test_name_that_kustomize_matches_stays_where_the_new_name_is_edited(tmp_path):
    pod = "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: nginx:1}]}\n"
    overlay = "resources: [pod.yaml]\nimages:\n- {name: nginx, newName: acme/nginx}\n"
    write(tmp_path, {"pod.yaml": pod, "kustomization.yaml": overlay})
    found = after(proposed(tmp_path))
    assert found == {"kustomization.yaml": overlay.replace("acme/nginx", f"{TARGET}/acme/nginx")}


def test_name_that_kustomize_matches_stays_whatever_other_manifests_call_so(tmp_path):
    pod = "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: nginx:1}]}\n"
    other = "resources: [pod.yaml]\nimages:\n- {name: nginx, newName: nginx, newTag: '2'}\n"
    files = {"a/pod.yaml": pod, "b/pod.yaml": pod, "b/kustomization.yaml": other}
    files["a/kustomization.yaml"] = "resources: [pod.yaml]\n"
    found = after(proposed(write(tmp_path, files)))
    assert found == {
        "a/pod.yaml": pod.replace("nginx", f"{TARGET}/library/nginx"),
        "b/kustomization.yaml": other.replace("newName: nginx", f"newName: {TARGET}/library/nginx"),
    }


def test_name_that_kustomize_matches_in_a_remote_base_stays(tmp_path):
    pod = "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: nginx:1}]}\n"
    overlay = (
        "resources: ['https://example.com/base?ref=1']\n"
        "images:\n- {name: nginx, newName: ghcr.io/acme/nginx, newTag: '2'}\n"
    )
    write(tmp_path, {"pod.yaml": pod, "kustomization.yaml": overlay})
    assert "kustomization.yaml" not in after(proposed(tmp_path))


def test_marker_of_flux_stays_beside_its_image(moved):
    before = (
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n"
        '    - image: stefanprodan/podinfo:6 # {"$imagepolicy": "a:b"}\n'
        "---\napiVersion: image.toolkit.fluxcd.io/v1beta2\nkind: ImageRepository\nmetadata: {name: b}\n"
        "spec:\n  image: stefanprodan/podinfo\n"
    )
    assert moved(before, "app.yaml") == before.replace("stefanprodan", f"{TARGET}/stefanprodan")


def test_container_class_of_testcontainers_is_told_what_its_image_stands_for(moved):
    before = (
        "import org.testcontainers.utility.DockerImageName;\n"
        'class A { Object a = new PostgreSQLContainer<>("postgres:16"); }\n'
    )
    name = f'DockerImageName.parse("{TARGET}/library/postgres:16").asCompatibleSubstituteFor("postgres")'
    assert moved(before, "A.java") == before.replace('"postgres:16"', name)


def test_rule_for_an_image_moves_with_it(tmp_path):
    rules = '{"packageRules": [{"matchDatasources": ["docker"], "matchPackageNames": ["grafana/grafana"]}]}\n'
    write(tmp_path, {"Dockerfile": "FROM grafana/grafana:1\n", "renovate.json": rules})
    found = after(proposed(tmp_path))
    assert found["renovate.json"] == rules.replace("grafana/", f"{TARGET}/grafana/")


def test_manifest_in_a_config_map_moves(moved):
    before = (
        "apiVersion: v1\nkind: ConfigMap\ndata:\n  pod.yaml: |\n    apiVersion: v1\n    kind: Pod\n"
        "    spec:\n      containers:\n        - image: nginx:1\n"
    )
    assert moved(before, "cm.yaml") == before.replace("nginx", f"{TARGET}/library/nginx")


def test_value_of_another_file_is_edited_there(tmp_path):
    write(tmp_path, {".env": "IMAGE=redis:7\n", "compose.yaml": "services: {a: {image: '${IMAGE}'}}\n"})
    assert after(proposed(tmp_path)) == {".env": f"IMAGE={TARGET}/library/redis:7\n"}


def test_value_that_several_files_give_is_edited_in_each(tmp_path):
    compose = "services: {a: {build: {context: .., args: {BASE: 'node:20'}}}}\n"
    files = {"Dockerfile": "ARG BASE\nFROM $BASE\n", "a/compose.yaml": compose, "b/compose.yaml": compose}
    write(tmp_path, files)
    moved = compose.replace("node", f"{TARGET}/library/node")
    assert after(proposed(tmp_path)) == {"a/compose.yaml": moved, "b/compose.yaml": moved}


def test_what_is_built_and_what_documents_mention_stays(tmp_path):
    files = {
        "compose.yaml": "services: {a: {build: ., image: acme/a:1}}\n",
        "Dockerfile": "FROM ghcr.io/a/b:1\n",
    }
    write(tmp_path, {**files, "README.md": "```sh\ndocker run nginx:1\n```\n"})
    assert after(proposed(tmp_path)) == {}


def test_place_that_spells_no_name_is_left_with_the_setting_that_moves_it(tmp_path):
    workflow = "on: push\njobs: {a: {runs-on: x, steps: [{uses: docker/setup-qemu-action@v3}]}}\n"
    write(tmp_path, {".github/workflows/a.yml": workflow})
    [reason] = left(proposed(tmp_path))
    assert "input image" in reason


def test_organisation_that_two_registries_share_stays(tmp_path):
    settings = Settings(
        target=TargetSettings(
            project="acme", location="us", repository="hub", upstreams=("docker.io", "ghcr.io")
        )
    )
    before = "ARG ORG=acme\nFROM docker.io/${ORG}/a:1\nFROM ghcr.io/${ORG}/b:1\n"
    write(tmp_path, {"Dockerfile": before})
    expected = before.replace("docker.io", TARGET).replace("ghcr.io", "us-docker.pkg.dev/acme/ghcr-io")
    assert after(proposed(tmp_path, settings))["Dockerfile"] == expected


def test_uses_that_disagree_on_a_shared_text_are_left_with_both_destinations(tmp_path):
    playbook = (
        "- hosts: all\n  vars:\n    images:\n      - {name: nginx, tag: '1'}\n"
        "    mirror: docker.io/library/\n"
        "  tasks:\n    - docker_image_pull: {name: '{{ mirror ~ item.name }}', tag: '{{ item.tag }}'}\n"
        "      loop: '{{ images }}'\n"
        "    - docker_image_pull: {name: '{{ item.name }}', tag: '{{ item.tag }}'}\n"
        "      loop: '{{ images }}'\n"
    )
    write(tmp_path, {"playbooks/site.yaml": playbook})
    [reason] = left(proposed(tmp_path))
    assert f"write out {TARGET}/library/nginx:1" in reason


def test_file_that_has_changed_refuses_its_repository(tmp_path):
    document = planned(write(tmp_path, {"Dockerfile": "FROM nginx:1\n", "b/Dockerfile": "FROM redis:1\n"}))
    write(tmp_path, {"b/Dockerfile": "FROM redis:2\n"})
    result = rewrite(document, places([tmp_path]), SCAN, MEANS)
    assert refused(result) == ["b/Dockerfile has changed since the plan was made"]


def test_file_that_is_gone_refuses_its_repository(tmp_path):
    document = planned(write(tmp_path, {"Dockerfile": "FROM nginx:1\n", "b/Dockerfile": "FROM redis:1\n"}))
    (tmp_path / "b/Dockerfile").unlink()
    assert refused(rewrite(document, places([tmp_path]), SCAN, MEANS)) == ["b/Dockerfile is gone"]


def test_plan_of_other_files_is_no_input(tmp_path):
    document = planned(write(tmp_path / "a", {"Dockerfile": "FROM nginx:1\n"}))
    (tmp_path / "b").mkdir()
    with pytest.raises(NoInput, match="no file of the plan"):
        rewrite(document, places([tmp_path / "b"]), SCAN, MEANS)


def test_plan_that_does_not_say_what_files_held_is_refused(tmp_path):
    document = replace(planned(write(tmp_path, {"Dockerfile": "FROM nginx:1\n"})), files={})
    with pytest.raises(ConfigError, match="does not say what Dockerfile held"):
        rewrite(document, places([tmp_path]), SCAN, MEANS)


def test_second_run_has_nothing_to_write(tmp_path):
    document = planned(write(tmp_path, {"Dockerfile": "FROM nginx:1\nFROM redis:1\n"}))
    for repository in rewrite(document, places([tmp_path]), SCAN, MEANS).repositories:
        for each in repository.files:
            each.file.file.write_bytes(each.after)
    again = rewrite(document, places([tmp_path]), SCAN, MEANS)
    assert [(len(each.files), each.pending, each.refused) for each in again.repositories] == [(1, (), "")]


def test_revert_gives_back_the_bytes(tmp_path):
    files = {
        "Dockerfile": b"ARG R=docker.io\r\nFROM $R/library/a:1\nFROM \\\n nginx\n# caf\xe9",
        "kustomization.yaml": "images:\n- name: nginx\n  newTag: '1'\n",
        "A.java": 'class A { Object a = new PostgreSQLContainer<>("postgres:16"); } // estcontainers',
    }
    document = planned(write(tmp_path, files))
    before = {name: (tmp_path / name).read_bytes() for name in files}
    for repository in rewrite(document, places([tmp_path]), SCAN, MEANS).repositories:
        for each in repository.files:
            each.file.file.write_bytes(each.after)
    assert all((tmp_path / name).read_bytes() != content for name, content in before.items())
    for repository in revert(document, places([tmp_path]), SCAN.max_file_size):
        for each in repository.files:
            each.file.file.write_bytes(each.after)
    assert {name: (tmp_path / name).read_bytes() for name in files} == before


def test_copies_do_not_take_a_name_whose_version_is_not_known(tmp_path):
    settings = Settings(
        target=TargetSettings(project="acme", location="us", repository="hub", mode=Mode.STANDARD)
    )
    write(tmp_path, {"Dockerfile": "FROM nginx:1\nFROM nginx:$V\n"})
    assert (
        after(proposed(tmp_path, settings))["Dockerfile"] == f"FROM {TARGET}/library/nginx:1\nFROM nginx:$V\n"
    )


def test_central_strategy_tells_which_variable_serves_which_places(tmp_path):
    before = "ARG REGISTRY=docker.io\nFROM ${REGISTRY}/acme/a:1\nFROM ${REGISTRY}/acme/b:1\n"
    found, names = centrally(tmp_path, {"Dockerfile": before})
    assert found == {"Dockerfile": before.replace("docker.io", TARGET)}
    assert names == [("shared", 2)]


def test_registry_that_several_images_take_gets_the_path_with_the_central_strategy(tmp_path):
    before = (
        "a: {image: {registry: &r docker.io, repository: acme/a, tag: '1'}}\n"
        "b: {image: {registry: *r, repository: acme/b, tag: '1'}}\n"
    )
    found, names = centrally(tmp_path, {"values.yaml": before})
    assert (found, names) == ({"values.yaml": before.replace("docker.io", TARGET)}, [("shared", 2)])


USER = (
    "package shop;\nimport org.testcontainers.containers.PostgreSQLContainer;\n"
    "class A { Object a = new PostgreSQLContainer<>(Images.POSTGRES); }\n"
)


def test_constant_of_another_class_is_told_what_it_stands_for_where_it_is_used(tmp_path):
    images = (
        "package shop;\n/** For org.testcontainers. */\n"
        'final class Images { static final String POSTGRES = "postgres:16"; }\n'
    )
    write(tmp_path, {"A.java": USER, "Images.java": images})
    found = after(proposed(tmp_path))
    name = "org.testcontainers.utility.DockerImageName.parse(Images.POSTGRES)"
    assert found["Images.java"] == images.replace("postgres:16", f"{TARGET}/library/postgres:16")
    expected = f'{name}.asCompatibleSubstituteFor("postgres")'
    assert found["A.java"] == USER.replace("Images.POSTGRES", expected)


def test_name_that_a_class_keeps_for_others_is_told_what_it_stands_for_where_it_is_set(tmp_path):
    images = (
        "package shop;\nimport org.testcontainers.utility.DockerImageName;\nfinal class Images {\n"
        '  static final DockerImageName POSTGRES = DockerImageName.parse("postgres:16");\n}\n'
    )
    write(tmp_path, {"A.java": USER, "Images.java": images})
    found = after(proposed(tmp_path))
    new = f'"{TARGET}/library/postgres:16").asCompatibleSubstituteFor("postgres")'
    assert found == {"Images.java": images.replace('"postgres:16")', new)}


ENV = ("R=docker.io\n", "services:\n  a: {image: '${R}/acme/a:1'}\n  b: {image: '${R}/acme/b:1'}\n")
GITLAB = (
    "variables: {R: docker.io}\na: {image: $R/acme/a:1, script: [x]}\nb: {image: $R/acme/b:1, script: [x]}\n"
)
MAKE = "R ?= docker.io\na:\n\tdocker run $(R)/acme/a:1\nb:\n\tdocker run $(R)/acme/b:1\n"
TERRAFORM = (
    'variable "registry" {\n  default = "docker.io"\n}\n'
    'resource "docker_image" "a" {\n  name = "${var.registry}/acme/a:1"\n}\n'
    'resource "docker_image" "b" {\n  name = "${var.registry}/acme/b:1"\n}\n'
)
CIRCLECI = (
    "version: 2.1\nparameters: {r: {type: string, default: docker.io}}\njobs:\n"
    "  a: {docker: [{image: '<< pipeline.parameters.r >>/acme/a:1'}], steps: [checkout]}\n"
    "  b: {docker: [{image: '<< pipeline.parameters.r >>/acme/b:1'}], steps: [checkout]}\n"
)


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({".env": ENV[0], "compose.yaml": ENV[1]}, ".env"),
        ({".gitlab-ci.yml": GITLAB}, ".gitlab-ci.yml"),
        ({"Makefile": MAKE}, "Makefile"),
        ({"main.tf": TERRAFORM}, "main.tf"),
        ({".circleci/config.yml": CIRCLECI}, ".circleci/config.yml"),
    ],
)
def test_variable_that_holds_the_registry_is_the_one_place(tmp_path, files, place):
    found, names = centrally(tmp_path, files)
    assert (found, names) == ({place: files[place].replace("docker.io", TARGET)}, [("shared", 2)])


@pytest.mark.parametrize("first", [True, False])
def test_run_with_the_other_strategy_leaves_what_that_alone_would(tmp_path, first):
    pod = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: nginx:1\n  - image: nginx:2\n"
    kustomization = "resources: [pod.yaml]\n"
    write(tmp_path, {"pod.yaml": pod, "kustomization.yaml": kustomization})
    document = planned(tmp_path)
    for central in (first, not first):
        result = rewrite(document, places([tmp_path]), SCAN, MEANS, central=central)
        assert refused(result) == []
        for repository in result.repositories:
            for each in repository.pending:
                each.file.file.write_bytes(each.after)
    moved = pod.replace("nginx", f"{TARGET}/library/nginx")
    entry = f"\nimages:\n- name: nginx\n  newName: {TARGET}/library/nginx\n"
    expected = (moved, kustomization) if first else (pod, kustomization + entry)
    assert ((tmp_path / "pod.yaml").read_text(), (tmp_path / "kustomization.yaml").read_text()) == expected


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("${R:-}acme/app:1", f"${{R:-{TARGET}/}}acme/app:1"),
        ("${R-}nginx:${TAG:-1}", f"${{R-{TARGET}/}}library/nginx:${{TAG:-1}}"),
    ],
)
def test_empty_default_before_a_name_is_filled(moved, before, expected):
    compose = "services:\n  a:\n    image: '{}' # c\n"
    assert moved(compose.format(before), "compose.yaml") == compose.format(expected)


@pytest.mark.parametrize("name", ["acme/app", "nginx"])
def test_empty_argument_before_a_name_is_filled(moved, name):
    text = f"ARG R\nFROM ${{R}}{name}:1\n"
    prefix = f"{TARGET}/" if "/" in name else f"{TARGET}/library/"
    assert moved(text, "Dockerfile") == text.replace("ARG R", f"ARG R={prefix}")


def test_empty_argument_that_a_stage_takes_stays(moved):
    text = 'ARG R=\nFROM ${R}acme/app:1\nARG R\nRUN test -z "$R"\n'
    assert moved(text, "Dockerfile") == text.replace("}acme", f"}}{TARGET}/acme")
