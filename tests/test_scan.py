import os
import subprocess

import pytest

from planner.config import ScanSettings
from planner.errors import NoInput
from planner.model.inventory import Occurrence, Output, Role, Unresolved
from planner.model.source import Part
from planner.repositories import merged
from planner.scan import scan, scan_bytes

LIMIT = 10**6


@pytest.fixture
def tree(tmp_path):
    def write(**files):
        for name, content in files.items():
            path = tmp_path / name.replace("__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path

    return write


def occurrences(root):
    return {f"{each.path}:{each.line}": str(each.reference) for each in scan([root]).occurrences}


def reasons(root):
    return {each.path: each.reason for each in scan([root]).unresolved}


def roles(root):
    return {str(each.reference): each.role for each in scan([root]).occurrences}


POD = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - {{name: c, image: {}}}\n"


def test_paths_are_relative_to_the_one_tree(tree):
    assert occurrences(tree(a__Dockerfile="FROM nginx:1\n")) == {
        "a/Dockerfile:1": "docker.io/library/nginx:1"
    }


def test_paths_of_several_trees_begin_with_the_argument(tree, monkeypatch):
    monkeypatch.chdir(tree(a__Dockerfile="FROM nginx:1\n", b__Dockerfile="FROM nginx:2\n"))
    from pathlib import Path

    found = scan([Path("a"), Path("b")]).occurrences
    assert [each.path for each in found] == ["a/Dockerfile", "b/Dockerfile"]


def test_file_is_known_by_the_folders_above_it(tree, monkeypatch):
    from pathlib import Path

    root = tree(**{".github__workflows__ci.yml": "jobs: {a: {container: 'node:22', runs-on: x}}\n"})
    monkeypatch.chdir(root / ".github" / "workflows")
    found = scan([Path("ci.yml")]).occurrences
    assert [(each.path, str(each.reference)) for each in found] == [("ci.yml", "docker.io/library/node:22")]


def test_no_tag_is_invented(tree):
    assert occurrences(tree(Dockerfile="FROM nginx\n")) == {"Dockerfile:1": "docker.io/library/nginx"}


def test_fragments_of_a_literal_are_name_and_tag(tree):
    (found,) = scan([tree(Dockerfile="FROM ghcr.io/a/b:1\n")]).occurrences
    assert [(each.part, each.text, each.start) for each in found.fragments] == [
        (Part.NAME, "ghcr.io/a/b", 5),
        (Part.TAG, "1", 17),
    ]


def test_fragments_of_a_split_name_are_registry_and_repository(tree):
    (found,) = scan([tree(Dockerfile="ARG R=docker.io\nFROM $R/library/python:3\n")]).occurrences
    assert [(each.part, each.text) for each in found.fragments] == [
        (Part.REGISTRY, "docker.io"),
        (Part.REPOSITORY, "library/python"),
        (Part.TAG, "3"),
        (Part.WHOLE, "$R/library/python:3"),
    ]


def test_name_that_no_file_spells_whole_keeps_what_stands_nowhere(tree):
    values = "image: {repository: grafana, image: loki, tag: '3'}\n"
    (found,) = scan([tree(**{"values.yaml": values})]).occurrences
    assert [(each.part, each.text or each.lead) for each in found.fragments] == [
        (Part.REPOSITORY, "grafana"),
        (Part.GIVEN, "/"),
        (Part.REPOSITORY, "loki"),
        (Part.TAG, "3"),
    ]


def test_name_is_known_where_only_its_version_is_not(tree):
    (found,) = scan([tree(Dockerfile="FROM docker.io/acme/app:$V\n")]).unresolved
    assert (found.column, str(found.reference)) == (6, "docker.io/acme/app")
    assert [(each.part, each.start, each.text) for each in found.fragments] == [
        (Part.NAME, 5, "docker.io/acme/app")
    ]


def test_name_that_is_built_here_is_not_known_elsewhere(tree):
    files = {
        "Makefile": "V = 1\nall:\n\tdocker build -t app:$(V) .\n",
        "compose.yaml": "services: {a: {image: 'app:$T'}}\n",
    }
    assert [each.reference for each in scan([tree(**files)]).unresolved] == [None]


def test_value_that_several_files_give_alike_has_the_place_in_each(tree):
    compose = "services: {a: {build: {context: .., args: {BASE: 'node:20'}}}}\n"
    folder = tree(Dockerfile="ARG BASE\nFROM $BASE\n")
    for name in ("a", "b"):
        (folder / name).mkdir()
        (folder / name / "compose.yaml").write_text(compose)
    (found,) = scan([folder]).occurrences
    names = [each.path for each in found.fragments if each.part is Part.NAME]
    assert names == ["a/compose.yaml", "b/compose.yaml"]


def test_file_that_only_sets_a_value_is_known_by_its_digest(tree):
    folder = tree(**{"compose.yaml": "services: {a: {image: 'redis:$V'}}\n"})
    (folder / ".env").write_text("V=7\n")
    assert set(scan([folder]).files) == {".env", "compose.yaml"}


def test_two_scans_are_the_same(tree):
    root = tree(
        Dockerfile="FROM a\nFROM b AS c\n",
        **{"x.yaml": POD.format("d"), "compose.yaml": "services: {a: {image: e}}"},
    )
    assert scan([root]) == scan([root])


def test_path_that_does_not_exist_is_no_input(tmp_path):
    with pytest.raises(NoInput, match="does not exist"):
        scan([tmp_path / "nowhere"])


def test_standard_input_is_read_as_a_cluster_prints_it():
    pod = b'{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"image": "nginx:1"}]}}'
    pods = b'{"apiVersion": "v1", "kind": "List", "items": [' + pod + b"]}"
    assert [str(each.reference) for each in scan_bytes(pods).occurrences] == ["docker.io/library/nginx:1"]


def test_standard_input_may_be_a_dockerfile():
    assert [each.path for each in scan_bytes(b"FROM nginx\n").occurrences] == ["-"]


def test_empty_standard_input_is_no_input():
    with pytest.raises(NoInput):
        scan_bytes(b" \n")


# --- across files


def test_build_argument_of_compose_reaches_the_dockerfile(tree):
    compose = "services: {web: {build: {context: web, args: {V: '3.20'}}}}\n"
    root = tree(**{"compose.yaml": compose}, web__Dockerfile="ARG V\nFROM alpine:$V\n")
    assert occurrences(root) == {"web/Dockerfile:2": "docker.io/library/alpine:3.20"}


def test_fragment_of_a_value_from_another_file_names_that_file(tree):
    compose = "services: {web: {build: {context: web, args: {V: '3.20'}}}}\n"
    root = tree(**{"compose.yaml": compose}, web__Dockerfile="ARG V\nFROM alpine:$V\n")
    (found,) = scan([root]).occurrences
    tag = found.fragments[-1]
    assert (tag.path, compose[tag.start : tag.end]) == ("compose.yaml", "3.20")


def test_default_counts_beside_the_values_of_builds(tree):
    compose = (
        "services: {a: {build: {context: ., args: {V: '2'}}}, b: {build: {context: ., args: {V: '3'}}}}\n"
    )
    root = tree(**{"compose.yaml": compose}, Dockerfile="ARG V=1\nFROM alpine:$V\n")
    found = {str(each.reference.tag) for each in scan([root]).occurrences}
    assert found == {"1", "2", "3"}


CONTEXT = "services: {web: {build: {context: web, additional_contexts: {'alpine:3': 'service:base'}}}}\n"


def test_context_that_every_build_has_hides_the_image_it_replaces(tree):
    root = tree(**{"compose.yaml": CONTEXT}, web__Dockerfile="FROM alpine:3\nCOPY --from=busybox /x /\n")
    assert list(occurrences(root).values()) == ["docker.io/library/busybox"]


@pytest.mark.parametrize(
    "other",
    [
        {"ci/compose.yaml": "services: {web: {build: ../web}}\n"},
        {"ci/compose.yaml": "services: {web: {build: {context: ../web, args: {V: '1'}}}}\n"},
        {"build.sh": "docker build -t acme/web:1 web\n"},
    ],
)
def test_context_of_one_file_hides_no_image_from_a_build_in_another(tree, other):
    root = tree(**{"compose.yaml": CONTEXT}, web__Dockerfile="FROM alpine:3\n", **other)
    assert occurrences(root).get("web/Dockerfile:1") == "docker.io/library/alpine:3"


def test_env_file_replaces_the_default_of_compose(tree):
    root = tree(**{"compose.yaml": "services: {db: {image: 'postgres:${PG:-16}'}}\n", ".env": "PG=17\n"})
    assert list(occurrences(root).values()) == ["docker.io/library/postgres:17"]


def test_env_file_reaches_the_dockerfile_through_compose(tree):
    compose = "services: {web: {build: {context: ., args: {V: '${ALPINE}'}}}}\n"
    root = tree(**{"compose.yaml": compose, ".env": "ALPINE=3.21\n"}, Dockerfile="ARG V\nFROM alpine:$V\n")
    assert list(occurrences(root).values()) == ["docker.io/library/alpine:3.21"]


def test_what_is_built_in_one_file_is_an_output_in_all(tree):
    build = "steps: [{name: docker, args: [build, ., -t, acme/web:1]}]\nimages: ['acme/web:1']\n"
    root = tree(**{"cloudbuild.yaml": build, "pod.yaml": POD.format("acme/web:2")})
    assert roles(root)["docker.io/acme/web:2"] is Role.OUTPUT


def test_own_build_under_an_official_name_does_not_hide_its_base(tree):
    compose = "services: {web: {image: nginx, build: .}}\n"
    root = tree(**{"compose.yaml": compose}, Dockerfile="FROM nginx\n")
    found = {each.path: each.role for each in scan([root]).occurrences}
    assert found == {"compose.yaml": Role.OUTPUT, "Dockerfile": Role.BASE}


_GRAFANA = "services:\n  grafana:\n    image: grafana/grafana:7.5.16\n    build: ./grafana\n"


@pytest.mark.parametrize("tag", ["7.5.16", "7.5.15"])
def test_base_of_what_compose_builds_under_the_name_of_its_base_is_pulled(tree, tag):
    root = tree(**{"compose.yaml": _GRAFANA}, grafana__Dockerfile=f"FROM grafana/grafana:{tag}\n")
    inventory = scan([root])
    assert {each.path: each.role for each in inventory.occurrences} == {
        "compose.yaml": Role.OUTPUT,
        "grafana/Dockerfile": Role.BASE,
    }
    assert merged([inventory, inventory]).occurrences == inventory.occurrences


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("publish.sh", "docker push grafana/grafana:7.5.16\n"),
        ("base/compose.yaml", "services: {base: {image: 'grafana/grafana:7.5.16', build: .}}\n"),
    ],
)
def test_base_that_more_than_one_file_builds_or_pushes_is_an_output(tree, path, text):
    files = {"compose.yaml": _GRAFANA, path: text, "base/Dockerfile": "FROM alpine:3\n"}
    root = tree(**files, grafana__Dockerfile="FROM grafana/grafana:7.5.16\n")
    assert {each.path: each.role for each in scan([root]).occurrences}["grafana/Dockerfile"] is Role.OUTPUT


def test_base_that_another_service_of_the_same_file_builds_is_an_output(tree):
    compose = (
        "services:\n  base: {image: acme/app:base, build: base}\n  app: {image: acme/app:1, build: app}\n"
    )
    root = tree(
        **{"compose.yaml": compose},
        base__Dockerfile="FROM alpine:3\n",
        app__Dockerfile="FROM acme/app:base\n",
    )
    found = {each.path: each.role for each in scan([root]).occurrences}
    assert (found["base/Dockerfile"], found["app/Dockerfile"]) == (Role.BASE, Role.OUTPUT)


def test_base_that_is_given_by_the_file_that_builds_it_is_an_output(tree):
    compose = (
        "services:\n  base: {image: web-local, build: base}\n"
        "  web: {image: cron-local, build: {context: cron, args: {BASE: web-local}}}\n"
    )
    root = tree(**{"compose.yaml": compose}, cron__Dockerfile="ARG BASE\nFROM $BASE\n")
    found = {(each.path, str(each.reference)): each.role for each in scan([root]).occurrences}
    assert found["cron/Dockerfile", "docker.io/library/web-local"] is Role.OUTPUT


@pytest.mark.parametrize("base", ["node-base", "node-base:latest", "node-base:2"])
def test_base_that_is_built_here_and_no_official_image_is_an_output(tree, base):
    root = tree(**{"build.sh": "docker build -t node-base base\n"}, web__Dockerfile=f"FROM {base}\n")
    assert {each.role for each in scan([root]).occurrences} == {Role.OUTPUT}


@pytest.mark.parametrize("name", ["compose.yml.patch", "Dockerfile.diff", "pod.yaml.rej"])
def test_changes_to_a_file_are_no_file_of_its_kind(tree, name):
    assert occurrences(tree(**{name: "services:\n  a:\n    image: a/b:1\nFROM nginx\n"})) == {}


def test_settings_of_a_script_reach_the_scripts_beside_it(tree):
    root = tree(
        **{
            ".env": "WEB_IMAGE=a/web:1\n",
            "install.sh": "#!/bin/sh\n. install/_lib.sh\n. install/pull.sh\n",
            "install/_lib.sh": "set -a && . .env\n",
            "install/pull.sh": "docker pull ${WEB_IMAGE}\n",
        }
    )
    assert (occurrences(root), reasons(root)) == ({"install/pull.sh:1": "docker.io/a/web:1"}, {})


def test_settings_reach_the_scripts_of_a_workflow_that_reads_them(tree):
    action = "runs:\n  steps:\n  - shell: bash\n    run: |\n      %s\n      docker run $WEB_IMAGE\n"
    root = tree(
        **{
            ".env": "WEB_IMAGE=a/web:1\n",
            "action.yaml": action % "source ${{ github.action_path }}/.env",
            "other/action.yaml": action % "true",
        }
    )
    assert (occurrences(root), list(reasons(root))) == (
        {"action.yaml:6": "docker.io/a/web:1"},
        ["other/action.yaml"],
    )


def test_output_with_a_part_known_only_at_run_time_is_kept_apart(tree):
    root = tree(**{"cloudbuild.yaml": "steps: [{name: node}]\nimages: ['gcr.io/$PROJECT_ID/web']\n"})
    found = scan([root]).found
    assert [item.text for item in found if isinstance(item, Output)] == ["gcr.io/$PROJECT_ID/web"]


def test_rule_pulls_nothing_and_says_what_it_matches(tree):
    rules = "admissionWhitelistPatterns: [{namePattern: 'docker.io/library/*'}, {namePattern: nginx}]\n"
    inventory = scan([tree(**{"policy.yaml": rules})])
    assert (inventory.references(), len(inventory.rules)) == ((), 2)


def test_rule_for_what_is_built_stays_a_rule(tree):
    rules = "admissionWhitelistPatterns: [{namePattern: acme/web}]\n"
    compose = "services: {web: {image: 'acme/web:1', build: .}}\n"
    root = tree(**{"policy.yaml": rules, "compose.yaml": compose})
    assert [item.role for item in scan([root]).occurrences] == [Role.OUTPUT, Role.RULE]


@pytest.mark.parametrize(
    ("image", "rules"), [("postgres:16", ["docker.io/library/postgres"]), ("redis:7", [])]
)
def test_rule_for_everything_counts_where_something_is_an_image_of_its_name(tree, image, rules):
    renovate = '{"packageRules": [{"matchPackageNames": ["postgres", "react"]}]}'
    root = tree(**{"renovate.json": renovate, "compose.yaml": f"services: {{db: {{image: '{image}'}}}}\n"})
    assert [str(item.reference) for item in scan([root]).rules] == rules


def test_compiled_program_is_passed_over_and_a_script_is_not(tree):
    script = "#!/bin/sh\ndocker pull alpine:3\n"
    root = tree(docs__make=script, program=b"\x7fELF\0\xff image docker pull redis:7\n")
    inventory = scan([root])
    assert [(item.path, str(item.reference)) for item in inventory.occurrences] == [
        ("docs/make", "docker.io/library/alpine:3")
    ]
    assert inventory.unresolved == ()


def test_text_that_is_the_name_of_a_build_is_an_output_where_it_is_a_value(tree):
    skaffold = (
        "apiVersion: skaffold/v4beta6\nkind: Config\nbuild:\n  artifacts:\n  - {image: base, context: base}\n"
        "  - {image: app, context: app, requires: [{image: base, alias: BASE}]}\n"
    )
    files = {"skaffold.yaml": skaffold, "base/Dockerfile": "FROM alpine:3\n"}
    root = tree(**files, app__Dockerfile="ARG BASE\nFROM $BASE\n")
    found = {item.path: item.role for item in scan([root]).occurrences}
    assert (found["app/Dockerfile"], found["base/Dockerfile"]) == (Role.OUTPUT, Role.BASE)


def test_official_image_with_a_tag_is_pulled_though_a_variable_also_names_a_build(tree):
    script = "B=golang:1.26\ndocker build -t $B tools\ndocker build --build-arg B=$B app\n"
    root = tree(**{"build.sh": script}, app__Dockerfile="ARG B\nFROM $B\n")
    assert {item.path: item.role for item in scan([root]).occurrences}["app/Dockerfile"] is Role.BASE


@pytest.mark.parametrize(
    ("path", "read"),
    [
        ("vendor/github.com/acme/tool/Dockerfile", False),
        ("vendor/laravel/sail/Dockerfile", True),
        ("vendored/github.com/Dockerfile", True),
        ("vendor.github.com/Dockerfile", True),
    ],
)
def test_how_a_vendored_module_is_built_is_of_no_use(tree, path, read):
    assert bool(occurrences(tree(**{path: "FROM alpine:3\n"}))) is read


def test_what_a_vendored_module_deploys_counts(tree):
    root = tree(**{"vendor/github.com/acme/tool/pod.yaml": POD.format("alpine:3")})
    assert list(occurrences(root).values()) == ["docker.io/library/alpine:3"]


# --- bad input: a line each, and the rest goes on


def rest(**files):
    return {"other__Dockerfile": "FROM nginx:1\n", **files}


OTHER = {"other/Dockerfile:1": "docker.io/library/nginx:1"}


def test_file_that_is_not_utf8_is_read_and_told(tree):
    root = tree(**rest(Dockerfile=b"# caf\xe9\nFROM alpine:3\n"))
    assert occurrences(root) == {"Dockerfile:2": "docker.io/library/alpine:3", **OTHER}
    assert "byte 0xe9" in reasons(root)["Dockerfile"]


def test_file_in_utf16_is_told(tree):
    root = tree(**rest(Dockerfile="FROM alpine:3\n".encode("utf-16")))
    assert (occurrences(root), "UTF-16" in reasons(root)["Dockerfile"]) == (OTHER, True)


def test_file_in_utf_16_that_says_nothing_of_images_is_no_problem(tree):
    root = tree(**{"Acme.psd1": "@{ ModuleVersion = '1.0' }\n".encode("utf-16"), "b/Dockerfile": "FROM x\n"})
    assert reasons(root) == {}


def test_huge_file_is_told_and_not_read(tree):
    root = tree(**rest())
    with (root / "huge.yaml").open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    assert (occurrences(root), "over the limit" in reasons(root)["huge.yaml"]) == (OTHER, True)


def test_alias_bomb_is_told_and_still_read(tree):
    levels = "".join(
        f"  {chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9)
    )
    pod = POD.format("alpine:3") + f"metadata:\n  a: &a [x, x]\n{levels}"
    root = tree(**rest(**{"bomb.yaml": pod}))
    assert occurrences(root) == {"bomb.yaml:5": "docker.io/library/alpine:3", **OTHER}
    assert "aliases" in reasons(root)["bomb.yaml"]


def test_nesting_ten_thousand_deep_is_told(tree):
    deep = "apiVersion: v1\nkind: Pod\nimage: " + "[" * 10_000 + "]" * 10_000 + "\n"
    root = tree(**rest(**{"deep.yaml": deep}))
    assert (occurrences(root), "deep" in reasons(root)["deep.yaml"]) == (OTHER, True)


def test_broken_yaml_is_told_and_read_line_by_line(tree):
    root = tree(**rest(**{"broken.yaml": POD.format("alpine:3") + "\t- broken: [\n"}))
    assert occurrences(root) == {"broken.yaml:5": "docker.io/library/alpine:3", **OTHER}
    assert "broken.yaml" in reasons(root)


def test_dockerfile_with_a_syntax_error_is_told_and_the_rest_of_it_read(tree):
    root = tree(**rest(Dockerfile="FROM alpine:3\nRUNN x\n"))
    assert occurrences(root) == {"Dockerfile:1": "docker.io/library/alpine:3", **OTHER}
    assert "RUNN" in str(scan([root]).unresolved)


def test_fifo_is_told_and_never_opened(tree):
    root = tree(**rest())
    os.mkfifo(root / "Dockerfile")
    assert (occurrences(root), reasons(root)) == (OTHER, {"Dockerfile": "a named pipe, not read"})


def test_link_out_of_the_tree_is_told_and_not_followed(tree, tmp_path_factory):
    secret = tmp_path_factory.mktemp("outside") / "Dockerfile"
    secret.write_text("FROM secret:1\n")
    root = tree(**rest())
    (root / "Dockerfile").symlink_to(secret)
    assert (occurrences(root), "out of the tree" in reasons(root)["Dockerfile"]) == (OTHER, True)


def test_link_loop_is_told(tree):
    root = tree(**rest())
    (root / "Dockerfile").symlink_to("Dockerfile")
    assert (occurrences(root), "back to itself" in reasons(root)["Dockerfile"]) == (OTHER, True)


def test_control_characters_do_not_stop_a_scan(tree):
    root = tree(**rest(**{"pod.yaml": POD.format("alpine:3") + "x: '\x00\x01\x7f'\n"}))
    assert occurrences(root)["pod.yaml:5"] == "docker.io/library/alpine:3"


def test_name_of_a_file_that_is_not_utf8_is_written_out(tree):
    root = tree(**rest())
    (root / os.fsdecode(b"caf\xe9")).mkdir()
    (root / os.fsdecode(b"caf\xe9") / "Dockerfile").write_text("FROM alpine:3\n")
    assert occurrences(root) == {"caf\\xe9/Dockerfile:1": "docker.io/library/alpine:3", **OTHER}


def test_files_with_findings_have_their_digest_in_the_inventory(tree):
    root = tree(Dockerfile="FROM nginx\n")
    expected = subprocess.run(
        ["sha256sum", root / "Dockerfile"], capture_output=True, text=True, check=True
    ).stdout[:64]
    assert scan([root]).files == {"Dockerfile": expected}


def test_what_a_file_names_is_found_in_order(tree):
    found = scan([tree(Dockerfile="FROM b\nFROM a\nFROM $X\n")]).found
    assert [type(each) for each in found] == [Occurrence, Occurrence, Unresolved]


def test_text_that_is_built_under_the_same_text_is_an_output(tree):
    build = "steps:\n- {name: gcr.io/cloud-builders/docker, args: [build, -t, 'gcr.io/$PROJECT_ID/a:1', .]}\n"
    found = scan([tree(**{"cloudbuild.yaml": build + "- {name: 'gcr.io/$PROJECT_ID/a'}\n"})]).found
    assert [type(each) for each in found if "$" in each.text] == [Output, Output]


def test_text_that_nothing_builds_is_not_known(tree):
    found = scan([tree(**{"cloudbuild.yaml": "steps:\n- {name: 'gcr.io/$PROJECT_ID/b'}\n"})]).found
    assert [type(each) for each in found] == [Unresolved]


def test_package_of_ko_is_an_output(tree):
    pod = "apiVersion: v1\nkind: Pod\nspec: {containers: [{name: c, image: 'ko://github.com/a/b'}]}\n"
    (found,) = scan([tree(**{"pod.yaml": pod})]).found
    assert isinstance(found, Output)


def test_empty_value_names_nothing(tree):
    assert scan([tree(**{"compose.yaml": "services: {a: {image: ''}}\n"})]).found == ()


def test_what_prose_leaves_open_is_no_finding(tree):
    kustomization = "```yaml\nimages:\n  - name: nginx\n    newName: example.com/nginx\n```\n"
    command = "\n```sh\ndocker run alpine\n```\n"
    found = scan([tree(**{"README.md": kustomization + command})]).found
    assert [(type(item), item.line) for item in found] == [(Occurrence, 8)]


def test_what_cannot_be_read_is_told_only_where_paths_are_read(tree):
    root = tree(a__Dockerfile="FROM a\n", b__Dockerfile="FROM b\n")
    (root / "a/broken").symlink_to("nowhere")
    (root / "b/broken").symlink_to("nowhere")
    assert reasons(root).keys() == {"a/broken", "b/broken"}
    for settings in (ScanSettings(exclude=("a/**",)), ScanSettings(include=("b/**",))):
        assert [each.path for each in scan([root], settings).unresolved] == ["b/broken"]


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        (ScanSettings(select=("plain_json",)), ["docker.io/acme/tool:2"]),
        (ScanSettings(ignore=("devcontainer",)), ["docker.io/acme/tool:2"]),
        (ScanSettings(ignore=("plain_json",)), ["docker.io/acme/base:1"]),
    ],
)
def test_file_of_a_known_kind_that_is_not_selected_is_not_read_as_one_of_no_known_kind(
    tmp_path, chosen, found
):
    (tmp_path / "devcontainer.json").write_text('{"image": "docker.io/acme/base:1"}')
    (tmp_path / "tools.json").write_text('{"tool": {"image": "docker.io/acme/tool:2", "ports": []}}')
    assert [str(item.reference) for item in scan([tmp_path], chosen).occurrences] == found
