"""Compose files, one fact a test."""

import pytest
from extracted import extracted
from hypothesis import given as values
from hypothesis import settings
from hypothesis import strategies as st

from planner.formats._base import NOTHING, Binding, Candidate, Given
from planner.formats._patterns import matcher
from planner.formats.compose import FORMAT, extract
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text


def candidates(text: str, path: str = "compose.yaml", given: Given = NOTHING) -> list[Candidate]:
    return [item for item in extract(SourceFile(path, text), given) if isinstance(item, Candidate)]


def bound(text: str, path: str, given: Given = NOTHING) -> list[Binding]:
    return [item for item in extract(SourceFile(path, text), given) if isinstance(item, Binding)]


def bindings(text: str, path: str = "compose.yaml", given: Given = NOTHING) -> list[Binding]:
    """Return what is given to Dockerfiles."""
    return [item for item in bound(text, path, given) if item.format == "dockerfile"]


def found(text: str, path: str = "compose.yaml", given: Given = NOTHING) -> list[tuple[str, Role]]:
    return [(str(item.value), item.role) for item in candidates(text, path, given) if not item.problem]


def services(text: str, path: str = "compose.yaml", given: Given = NOTHING) -> list[str]:
    return [value for value, role in found(text, path, given) if role is Role.SERVICE]


def problems(text: str, path: str = "compose.yaml") -> dict[str, str]:
    return {item.spelled: item.problem for item in candidates(text, path) if item.problem}


def build(lines: str) -> str:
    """Return a file with one service and these lines in its build section."""
    return "services:\n  web:\n    build:\n" + "".join(f"      {line}\n" for line in lines.splitlines())


# What a service runs


@pytest.mark.parametrize(
    "image",
    [
        "nginx:1.27",
        "'nginx:1.27'",
        '"nginx:1.27"',
        "nginx:1.27 # comment",
        "&web !!str nginx:1.27",
        ">-\n      nginx:1.27",
    ],
)
def test_image_of_a_service_however_it_is_written(image):
    assert services(f"services:\n  web:\n    image: {image}\n") == ["nginx:1.27"]


def test_flow_style_and_json():
    assert services('{"services": {"web": {"image": "nginx:1.27"}}}') == ["nginx:1.27"]


def test_every_document_of_a_file():
    assert services("services: {a: {image: nginx}}\n---\nservices: {b: {image: redis}}\n") == [
        "nginx",
        "redis",
    ]


def test_image_that_is_commented_out_is_none():
    assert services("services:\n  web:\n    # image: nginx\n    image: caddy\n") == ["caddy"]


@pytest.mark.parametrize("image", ["", "~", "null", "''", "!reset null", "${X:-}"])
def test_image_that_says_nothing_is_none(image):
    assert candidates(f"services:\n  web:\n    image: {image}\n") == []


def test_image_keys_elsewhere_are_none():
    text = (
        "services: {web: {image: nginx, labels: {image: a}, deploy: {image: b}}}\nnetworks: {n: {image: c}}"
    )
    assert services(text) == ["nginx"]


def test_image_stands_where_it_says():
    (item,) = candidates("services: {a: {image: 'nginx:1.27'}}")
    assert (item.value, item.start, item.spelled) == (Text.at(23, "nginx:1.27"), 23, "nginx:1.27")


def test_literal_image_is_certain():
    (item,) = candidates("services: {a: {image: nginx}}")
    assert item.confidence is Confidence.CERTAIN


def test_byte_order_mark_and_carriage_returns():
    text = "\ufeffservices:\r\n  web:\r\n    image: nginx\r\n"
    (item,) = candidates(text)
    assert item.value == Text.at(text.index("nginx"), "nginx")


# Variables


def test_default_is_the_place_to_edit():
    text = "services:\n  db:\n    image: ${DB:-mysql:8}\n"
    (item,) = candidates(text)
    assert item.value == Text.at(text.index("mysql"), "mysql:8")
    assert (item.start, item.spelled) == (text.index("$"), "${DB:-mysql:8}")


def test_default_shows_in_confidence_and_trail():
    (item,) = candidates("services: {db: {image: '${DB:-mysql:8}'}}")
    assert (item.confidence, item.trail) == (Confidence.RESOLVED, ("DB=mysql:8 (default)",))


def test_given_variable_wins_over_the_default():
    text = "services: {db: {image: 'mysql:${V:-8}'}}"
    assert services(text, given={"V": Text.at(2, "9", ".env")}) == ["mysql:9"]


def test_trail_names_the_file_that_gave_a_variable():
    (item,) = candidates("services: {db: {image: 'mysql:$V'}}", given={"V": Text.at(2, "9", ".env")})
    assert item.trail == ("V=9 (.env)",)


def test_variables_that_are_given_and_not_used_are_not_told():
    given = {"V": Text.at(2, "9", ".env"), "PASSWORD": Text.at(20, "hunter2", ".env")}
    text = "services: {db: {image: 'mysql:$V', environment: {PASSWORD: $PASSWORD}, build: {args: [A]}}}"
    assert "hunter2" not in repr(list(extract(SourceFile("compose.yaml", text), given)))


@pytest.mark.parametrize("image", ["nginx:$V", "nginx:${V}", "grafana/grafana:${V?set it}", "${V}"])
def test_variable_that_nothing_sets_is_a_problem_that_names_it(image):
    assert problems(f"services:\n  web:\n    image: {image}\n")[image].startswith("V is ")


def test_escaped_dollar_stays_in_the_value_and_in_the_spelling():
    (item,) = candidates("services: {c: {image: 'nginx:$${NOT}1'}}")
    assert (str(item.value), item.spelled, item.problem) == ("nginx:${NOT}1", "nginx:$${NOT}1", "")


def test_image_that_a_template_fills_in_is_a_problem():
    assert "{{ tag }}" in problems('services:\n  web:\n    image: "nginx:{{ tag }}"\n')["nginx:{{ tag }}"]


# One node, one candidate


def test_merged_image_counts_once():
    assert services("x-a: &a {image: nginx}\nservices:\n  b: {<<: *a}\n  c: {<<: *a}\n") == ["nginx"]


def test_shared_scalar_counts_once():
    assert services("x-image: &i nginx\nservices:\n  b: {image: *i}\n  c: {image: *i}\n") == ["nginx"]


def test_same_image_written_twice_counts_twice():
    assert services("services:\n  b: {image: nginx}\n  c: {image: nginx}\n") == ["nginx", "nginx"]


def test_image_in_an_extension_that_no_service_takes_counts_as_a_guess():
    (item,) = candidates("x-spare: {deep: {image: nginx}}\nservices: {}\n")
    assert (str(item.value), item.confidence) == ("nginx", Confidence.HEURISTIC)


def test_own_image_overrides_the_merged_one():
    assert services(".a: &a {image: nginx}\nservices:\n  b: {<<: *a, image: redis}\n") == ["redis"]


# What is built


@pytest.mark.parametrize("section", ["build: .", "build: {context: .}", "build: {}"])
def test_image_of_a_service_that_is_built_is_an_output(section):
    assert found(f"services:\n  web:\n    image: acme/web\n    {section}\n") == [("acme/web", Role.OUTPUT)]


@pytest.mark.parametrize("section", ["build: !reset null", "build:"])
def test_build_that_says_nothing_builds_nothing(section):
    assert found(f"services:\n  web:\n    image: acme/web\n    {section}\n") == [("acme/web", Role.SERVICE)]


def test_shared_image_is_an_output_when_one_service_builds_it():
    text = "x-a: &a {image: acme/app}\nservices:\n  worker: {<<: *a}\n  web: {<<: *a, build: .}\n"
    assert found(text) == [("acme/app", Role.OUTPUT)]


@pytest.mark.parametrize("extends", ["base", "{service: base}"])
def test_build_may_come_from_the_service_that_is_extended(extends):
    text = f"services:\n  base: {{build: .}}\n  web: {{extends: {extends}, image: acme/web}}\n"
    assert found(text) == [("acme/web", Role.OUTPUT)]


def test_services_that_extend_one_another_in_a_circle_end():
    assert services("services:\n  a: {extends: b, image: nginx}\n  b: {extends: a}\n") == ["nginx"]


@pytest.mark.parametrize(
    "text",
    [
        "services: {a: {models: [m]}}\nmodels: {m: {model: ai/x:1}}",
        "services: {a: {provider: {type: model, options: {model: ai/x:1}}}}",
    ],
)
def test_models_that_services_use_are_pulled(text):
    assert services(text) == ["ai/x:1"]


def test_options_of_other_providers_are_no_models():
    assert found("services: {a: {provider: {type: awesomecloud, options: {model: ai/x:1}}}}") == []


def test_tags_are_outputs():
    assert found(build("tags: [acme/web:1, 'acme/web:${V:-2}']")) == [
        ("acme/web:1", Role.OUTPUT),
        ("acme/web:2", Role.OUTPUT),
    ]


@pytest.mark.parametrize(
    "entry",
    ["acme/web:cache", "type=registry,ref=acme/web:cache", "type=registry,ref=acme/web:cache,mode=max"],
)
def test_cache_is_read_from_an_image_and_written_to_an_output(entry):
    text = build(f"cache_from: ['{entry}']\ncache_to: ['{entry}']")
    assert found(text) == [("acme/web:cache", Role.CACHE), ("acme/web:cache", Role.OUTPUT)]


@pytest.mark.parametrize("entry", ["type=gha", "type=local,src=cache", "type=s3,ref=a", "type=registry"])
def test_cache_that_is_no_image(entry):
    assert found(build(f"cache_from: ['{entry}']")) == []


def test_reference_of_a_cache_stands_where_it_says():
    text = build("cache_from: ['type=registry,ref=acme/web:$V']")
    (item,) = candidates(text)
    assert (item.spelled, text[item.start :][:8]) == ("acme/web:$V", "acme/web")


@pytest.mark.parametrize("entry", ["{base: 'docker-image://alpine:3'}", "['base=docker-image://alpine:3']"])
def test_named_context_may_be_an_image(entry):
    assert found(build(f"additional_contexts: {entry}")) == [("alpine:3", Role.BASE)]


@pytest.mark.parametrize(
    "entry", ["{base: ./dir}", "{base: 'https://example.com/a.git'}", "{base: 'service:db'}", "[base=./dir]"]
)
def test_named_context_that_is_no_image(entry):
    assert found(build(f"additional_contexts: {entry}")) == []


def test_settings_for_bake_name_images_too():
    text = build(
        "x-bake: {tags: [acme/a], cache-from: [acme/b], cache-to: [acme/c], contexts: {d: 'docker-image://e'}}"
    )
    assert found(text) == [
        ("acme/a", Role.OUTPUT),
        ("acme/b", Role.CACHE),
        ("acme/c", Role.OUTPUT),
        ("e", Role.BASE),
    ]


def test_image_may_be_mounted():
    text = (
        "services:\n  a:\n    volumes:\n    - {type: image, source: acme/data:1, target: /d}\n    - ./x:/x\n"
    )
    assert found(text) == [("acme/data:1", Role.MOUNT)]


@pytest.mark.parametrize("kind", ["bind", "volume"])
def test_other_mounts_are_no_images(kind):
    assert found(f"services:\n  a:\n    volumes:\n    - {{type: {kind}, source: data, target: /d}}\n") == []


# What is given to Dockerfiles


@pytest.mark.parametrize(
    ("lines", "target"),
    [
        ("args: {V: '1'}", "deploy/Dockerfile"),
        ("context: .\nargs: {V: '1'}", "deploy/Dockerfile"),
        ("context: ./web\nargs: {V: '1'}", "deploy/web/Dockerfile"),
        ("context: ..\nargs: {V: '1'}", "Dockerfile"),
        ("context: ../web/\ndockerfile: docker/app.Dockerfile\nargs: {V: '1'}", "web/docker/app.Dockerfile"),
        ("context: web\ndockerfile: ../other/Dockerfile\nargs: {V: '1'}", "deploy/other/Dockerfile"),
        ("context: ${DIR:-web}\nargs: {V: '1'}", "deploy/web/Dockerfile"),
    ],
)
def test_arguments_are_for_the_dockerfile_that_is_named(lines, target):
    (binding,) = bindings(build(lines), "deploy/compose.yaml")
    assert (binding.target, binding.format) == (target, "dockerfile")


@pytest.mark.parametrize(
    "lines",
    [
        "context: https://github.com/acme/web.git\nargs: {V: '1'}",
        "context: git@github.com:acme/web.git\nargs: {V: '1'}",
        "context: github.com/acme/web\nargs: {V: '1'}",
        "context: ../..\nargs: {V: '1'}",
        "context: /srv/web\nargs: {V: '1'}",
        "context: ~/web\nargs: {V: '1'}",
        "context: ${DIR}\nargs: {V: '1'}",
        "dockerfile: /srv/Dockerfile\nargs: {V: '1'}",
        "args: {}",
        "args: {V: }",
        "args: [V]",
        "args: ['V=$X']",
        "context: .",
    ],
)
def test_build_that_gives_nothing_to_a_dockerfile_of_the_tree(lines):
    assert [each for each in bindings(build(lines), "deploy/compose.yaml") if each.variables] == []


def test_build_that_is_only_a_folder_is_a_use_with_the_defaults():
    (binding,) = bindings("services: {web: {build: ./web}}")
    assert (binding.target, dict(binding.variables), binding.always) == ("web/Dockerfile", {}, False)


@pytest.mark.parametrize(
    "args", ["{V: '1.27'}", "{V: 1.27}", "['V=1.27']", "['V=${X:-1.27}']", "{V: '${X-1.27}'}"]
)
def test_argument_of_a_map_and_of_a_list(args):
    (binding,) = bindings(build(f"args: {args}"))
    assert {name: str(value) for name, value in binding.variables.items()} == {"V": "1.27"}


def test_argument_stands_where_it_says():
    text = build("args: ['V=1.27']")
    (binding,) = bindings(text)
    assert binding.variables["V"] == Text.at(text.index("1.27"), "1.27")


def test_number_loses_its_last_zeros_as_it_does_in_compose():
    (binding,) = bindings(build("args: {A: 3.10, B: 3.0, C: '3.10', D: 20}"))
    assert {name: str(value) for name, value in binding.variables.items()} == {
        "A": "3.1",
        "B": "3",
        "C": "3.10",
        "D": "20",
    }


def test_arguments_may_be_merged():
    text = "x-a: &a {V: '1'}\nservices: {web: {build: {context: ., args: {<<: *a, W: '2'}}}}\n"
    (binding,) = bindings(text)
    assert {name: str(value) for name, value in binding.variables.items()} == {"V": "1", "W": "2"}


@pytest.mark.parametrize("args", ["[V]", "{V: }", "['V=$V']"])
def test_argument_without_a_value_has_that_of_the_environment(args):
    (binding,) = bindings(build(f"args: {args}"), given={"V": Text.at(2, "9", ".env")})
    assert binding.variables == {"V": Text.at(2, "9", ".env")}


def test_each_service_gives_its_own_arguments():
    text = (
        "services:\n  a: {build: {context: ., args: {V: '1'}}}\n  b: {build: {context: ., args: {V: '2'}}}\n"
    )
    assert [str(binding.variables["V"]) for binding in bindings(text)] == ["1", "2"]


def test_shared_build_gives_its_arguments_once():
    text = "x-b: &b {context: ., args: {V: '1'}}\nservices:\n  a: {build: *b}\n  b: {build: *b}\n"
    assert len(bindings(text)) == 1


def test_dockerfile_inside_the_file_is_read():
    assert found(build("dockerfile_inline: |\n  FROM nginx")) == [("nginx", Role.BASE)]


# Which files are read


@pytest.mark.parametrize(
    "path", ["compose.yaml", "docker-compose.prod.yml", "web-compose.yml", "docker-stack.yml", "fig.yml"]
)
def test_file_of_the_first_version_holds_services_only(path):
    assert services("web:\n  image: nginx\ndb:\n  image: mysql\n", path) == ["nginx", "mysql"]


@pytest.mark.parametrize(
    "text",
    [
        "version: '3'\nweb: {image: nginx}\n",
        "name: x\nweb: {image: nginx}\n",
        "on: {push: }\njobs: {a: {steps: []}}\nenv: {image: nginx}\n",
        "services: [nginx]\nweb: {image: nginx}\n",
        "apiVersion: v1\nkind: Pod\nservices: {a: {image: nginx}}\n",
        "[]",
        "image",
        "services: {a: nginx, b: [image], c: {image: [nginx]}}",
    ],
)
def test_what_only_resembles_a_compose_file_is_none(text):
    assert candidates(text) == []


@pytest.mark.parametrize("path", ["infra/app.yml", "stack.yaml", "portainer.yml", ""])
def test_content_tells_a_compose_file(path):
    assert services("name: x\nservices: {a: {image: nginx}}\nvolumes: {}\nx-y: 1\n", path) == ["nginx"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".gitlab-ci.yml", "image: ruby\nservices: [postgres]\ntest: {script: [a]}\n"),
        (".woodpecker.yml", "steps: {a: {image: golang}}\nservices: {db: {image: postgres}}\n"),
        (".drone.yml", "kind: pipeline\nservices: [{name: db, image: postgres}]\n"),
        ("service.yaml", "apiVersion: a/v1\nkind: B\nservices: {a: {image: nginx}}\n"),
        ("services.yaml", "services: {App\\Mailer: {class: Mailer}}\n"),
        ("values.yaml", "web: {image: nginx}\n"),
    ],
)
def test_other_kinds_of_files_are_left_to_their_formats(path, text):
    assert candidates(text, path) == []


def test_composer_is_not_compose():
    assert services("web: {image: nginx}", "composer.yaml") == []


@pytest.mark.parametrize(
    "path",
    [
        "compose.yaml",
        "a/docker-compose.yml",
        "docker-compose.dev.yaml",
        "my-compose.yml",
        "compose.yml.j2",
        "any.yaml",
        "a.dockerapp",
    ],
)
def test_name_is_opened(path):
    assert matcher(FORMAT.patterns).search(path)


# What cannot be parsed


def test_file_that_is_no_yaml_is_read_by_lines():
    text = "services:\n  web:\n    image: nginx:1.27\n    command: a: b\n  db:\n    image: redis:7\n"
    assert set(services(text)) >= {"nginx:1.27", "redis:7"}


def test_file_that_is_no_yaml_is_reported():
    assert any("not valid YAML" in problem for problem in problems("services:\n  web: {image: [\n").values())


def test_other_file_that_is_no_yaml_is_not_ours():
    assert candidates("services: {image: nginx\n  x: ]", "app.yaml") == []


# Laws

_PIECES = (
    *(
        "services:",
        "image: ",
        "build: ",
        "args: ",
        "dockerfile_inline: ",
        "FROM ",
        "x-a:",
        "a:",
        "b: ",
        "<<: ",
        "- ",
        "&x ",
        "*x",
        "# ",
        "|\n",
    ),
    *("\n", "\n  ", "\n    ", "\r\n", "\t", "\ufeff", "nginx", "V=1", "é", "${V", ":-", "$", "'", '"', "\\"),
    *("{", "}", "[", "]", ", "),
)
_TEXT = st.lists(st.sampled_from(_PIECES), max_size=40).map("".join)


@settings(max_examples=300)
@values(_TEXT)
def test_every_piece_of_every_value_stands_where_it_says(text):
    given = {"V": Text.at(0, "1", ".env")}
    for item in extract(SourceFile("compose.yaml", text), given):
        texts = item.variables.values() if isinstance(item, Binding) else (item.value,)
        for run in (run for value in texts for run in value.runs if run.start >= 0 and not run.path):
            assert text[run.start : run.start + len(run.text)] == run.text


@values(st.text())
def test_any_text_is_read(text):
    list(extract(SourceFile("compose.yaml", text), {}))


# Contexts, and other Compose files


def test_dockerfile_whose_builds_all_have_a_context_does_not_count_as_it_stands():
    first, second = bindings(build("additional_contexts: {base: 'service:b'}"))
    assert (dict(first.variables), first.always) == ({}, True)
    assert (dict(second.variables), second.always) == (
        {"--build-context base": Text.at(63, "service:b")},
        False,
    )


def test_context_of_one_build_counts_for_that_build():
    text = (
        "services:\n"
        "  a: {build: {additional_contexts: ['base=./b']}}\n"
        "  b: {build: .}\n"
        "  c: {build: {args: {V: '1'}}}\n"
    )
    assert [(list(each.variables), each.always) for each in bindings(text)] == [
        (["--build-context base"], False),
        ([], False),
        (["V"], False),
    ]


def test_build_of_another_stage_may_lack_the_context():
    text = (
        "services:\n"
        "  a: {build: {additional_contexts: ['base=./b']}}\n"
        "  b: {build: {target: lint, args: {V: '1'}}}\n"
    )
    assert [each.always for each in bindings(text)] == [True, False, False]


def test_inline_dockerfile_has_the_contexts_of_its_build():
    lines = 'additional_contexts: {base: ./b}\ndockerfile_inline: "FROM base\\nCOPY --from=x:1 / /"'
    assert found(build(lines)) == [("x:1", Role.COPY_FROM)]


@pytest.mark.parametrize(
    ("path", "other"),
    [
        ("a/compose.yaml", "a/docker-compose.override.yml"),
        ("docker-compose.yml", "docker-compose.override.yml"),
        ("docker-compose.override.yml", "compose.yaml"),
    ],
)
def test_override_is_told_what_is_built_and_tells(path, other):
    text = "services: {a: {build: .}, b: {image: x}}"
    variables = {each.target: list(each.variables) for each in bound(text, path)}
    assert variables[other] == ["services.a"]


@pytest.mark.parametrize("path", ["docker-compose.dev.yml", "stack.yml"])
def test_file_that_is_joined_only_on_demand_tells_nothing(path):
    assert [each for each in bound("services: {a: {build: .}}", path) if each.format == "compose"] == []


def test_service_that_the_other_file_builds_is_an_output():
    given = {"services.a": Text.of("build")}
    text = "services: {a: {image: acme/a:1}, b: {image: b:1}}"
    assert found(text, given=given) == [("acme/a:1", Role.OUTPUT), ("b:1", Role.SERVICE)]


@pytest.mark.parametrize(
    "named",
    [
        "include: [sub/c.yml]",
        "include: [{path: sub/c.yml}]",
        "include: [{path: [./sub/c.yml]}]",
        "services: {a: {extends: {file: sub/c.yml, service: a}}}",
        "services: {a: {extends: {file: '${V}/c.yml', service: a}}}",
    ],
)
def test_variables_are_handed_on_to_a_file_that_is_named(named):
    given = {"V": Text.at(0, "sub", ".env"), "services.a": Text.of("build")}
    (binding,) = bound(named, "compose.yaml", given)
    assert (binding.target, binding.format, list(binding.variables)) == ("sub/c.yml", "compose", ["V"])


@pytest.mark.parametrize(
    "named",
    ["include: [../c.yml]", "include: ['https://x/y.git']", "include: [oci://x/y]", "include: [/c.yml]"],
)
def test_file_outside_of_the_tree_is_handed_nothing(named):
    assert bound(named, "compose.yaml", {"V": Text.of("1")}) == []


@pytest.mark.parametrize(
    "named",
    ["include: [oci://docker.io/acme/app:1]", "services: {a: {extends: {file: oci://docker.io/acme/app:1}}}"],
)
def test_compose_file_in_a_registry_is_an_artifact(named):
    assert found(named) == [("docker.io/acme/app:1", Role.CHART)]


@pytest.mark.parametrize("key", ["labels", "environment", "args"])
def test_label_or_variable_of_shared_settings_is_no_image(key):
    assert found(f"x-a: &a {{{key}: {{image: nowhere:1}}}}\nservices: {{b: {{image: b:1}}}}") == [
        ("b:1", Role.SERVICE)
    ]


@pytest.mark.parametrize("prefix", ["${REGISTRY}", "${REGISTRY}${MIRROR}"])
@pytest.mark.parametrize("name", ["acme/web:1", "nginx"])
def test_prefix_that_is_not_set_is_left_out_and_no_place_for_an_edit(prefix, name):
    written = f"{prefix}{name}"
    (item,) = candidates(f"services: {{web: {{image: '{written}'}}}}\n")
    assert (str(item.value), item.problem, item.spelled) == (name, "", written)
    assert (item.confidence, item.value.start) == (Confidence.RESOLVED, -1)


@pytest.mark.parametrize("image", ["${REG}/web:1", "${REG}web:1", "${REG}acme/web:${TAG}", "acme/${WEB}:1"])
def test_other_variables_that_are_not_set_are_told(image):
    (item,) = candidates(f"services: {{web: {{image: '{image}'}}}}\n")
    assert "not set" in item.problem


@pytest.mark.parametrize(
    "environment",
    [
        "{RUNNER_IMAGE: 'a/b:1'}",
        "['RUNNER_IMAGE=a/b:1', 'OTHER=c/d:1']",
        """{IMAGES: '{"runner": "a/b:1", "port": "1:2"}'}""",
        """['IMAGES=["a/b:1"]']""",
    ],
)
def test_variable_that_is_named_after_images_holds_some(environment):
    text = f"services:\n  x:\n    image: w:1\n    environment: {environment}\n"
    assert extracted("compose", text, "compose.yml").roles[-1] == ("docker.io/a/b:1", "workload")


@pytest.mark.parametrize(
    "variable", ["RUNNER_IMAGE: redis", "IMAGE_SIZE: 'a/b:1'", "IMAGE_URL: 'http://a/b:1'"]
)
def test_other_variable_holds_no_image(variable):
    text = f"services:\n  x:\n    image: w:1\n    environment:\n      {variable}\n"
    assert len(extracted("compose", text, "compose.yml").roles) == 1
