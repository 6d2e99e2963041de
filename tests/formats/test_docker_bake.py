"""Docker Bake: targets, what they inherit, matrices, functions, inline Dockerfiles."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats._base import Binding, Candidate
from planner.formats._patterns import matcher
from planner.formats.docker_bake import FORMAT, extract
from planner.model.source import SourceFile

SCANNER = "docker.io/docker/buildkit-syft-scanner:stable-1"
TOKENS = (
    'target "a" {\n', 'target "b" {\n', "}\n", 'inherits = ["a", "b"]\n',
    'matrix = { v = ["1", "2"] }\n', "name = v\n", 'args = { A = "x:${v}" }\n',
    'contexts = { A = "docker-image://${V}" }\n', 'variable "V" { default = "1" }\n',
    "dockerfile-inline = <<EOT\nFROM a\nEOT\n", "tags = f(1)\n", "${", "}", '"', "[", "{", "\n",
    'function "f" {\n params = [x]\n result = [f(x), x.y]\n}\n',
)  # fmt: skip


def found(text, path="docker-bake.hcl", **given_):
    return extracted("docker_bake", text, path, **given_)


def target(fields, before=""):
    return found(f'{before}\ntarget "app" {{\n{fields}\n}}\n')


@pytest.mark.parametrize(
    "path",
    [
        "docker-bake.hcl",
        "a/docker-bake.json",
        "docker-bake.override.hcl",
        "docker-bake-dev.hcl",
        "app.bake.hcl",
    ],
)
def test_path_that_is_read(path):
    assert matcher(FORMAT.patterns).search(path)


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ('contexts = { a = "docker-image://x/y:1" }', [("docker.io/x/y:1", "base")]),
        ('contexts = { a = "target:b", c = "./d", e = "oci-layout://f", g = "https://h/i.git" }', []),
        ('args = { BASE = "x/y:1", VERSION = "1.2", USER = "a:b" }', [("docker.io/x/y:1", "base")]),
        ('args = { BUILDKIT_SYNTAX = "x/y:1" }', [("docker.io/x/y:1", "frontend")]),
        ('cache-from = ["x/y:1"]', [("docker.io/x/y:1", "cache")]),
        ('cache-from = ["type=registry,ref=x/y:1", "type=gha"]', [("docker.io/x/y:1", "cache")]),
        ('cache-from = [{ type = "registry", ref = "x/y:1" }]', [("docker.io/x/y:1", "cache")]),
        ('cache-to = ["type=registry,ref=x/y:1,mode=max"]', [("docker.io/x/y:1", "output")]),
        ('tags = ["x/y:1"]', [("docker.io/x/y:1", "output")]),
        ('output = ["type=image,name=x/y:1,push=true"]', [("docker.io/x/y:1", "output")]),
        ('output = ["type=local,dest=out"]', []),
        ('attest = ["type=sbom,generator=x/y:1"]', [("docker.io/x/y:1", "step")]),
        ('attest = ["type=sbom"]', [(SCANNER, "implicit")]),
        ('attest = [{ type = "sbom" }]', [(SCANNER, "implicit")]),
        ('attest = ["type=sbom,disabled=true", "type=provenance"]', []),
    ],
)
def test_field_of_a_target(field, expected):
    result = target(field)
    assert (result.roles, result.unresolved) == (expected, [])


@pytest.mark.parametrize(
    "before", ['variable "V" { default = "1" }', 'V = "1"', 'variable "V" { default = U }\nU = "1"']
)
def test_variable_has_its_default(before):
    assert target('tags = ["x/y:${V}"]', before).outputs == ["docker.io/x/y:1"]


def test_variable_without_default_is_told():
    ((text, reason),) = target('cache-from = ["x/y:${V}"]', 'variable "V" {}').unresolved
    assert (text, reason.startswith("V has no default")) == ("x/y:${V}", True)


def test_variable_of_a_file_beside_it_is_known():
    assert found('target "a" { cache-from = ["x:${V}"] }', V="1").pulled == ["docker.io/library/x:1"]


def test_own_default_counts_before_that_of_a_file_beside_it():
    text = 'variable "V" { default = "2" }\ntarget "a" { cache-from = ["x:${V}"] }'
    assert found(text, V="1").pulled == ["docker.io/library/x:2"]


def test_variables_are_given_to_the_files_beside_it():
    result = found('variable "V" { default = "1" }\nvariable "W" {}\n', "deploy/docker-bake.hcl")
    assert result.bindings == [("deploy/", "docker_bake", {"V": "1"})]


@pytest.mark.parametrize("call", ['tag("y")', 'tags("y")[0]', 'join("/", ["x", suffixed("y")])'])
def test_function_of_the_file_is_called(call):
    functions = (
        'variable "V" { default = "1" }\n'
        'function "tag" {\n  params = [name]\n  result = "x/${name}:${V}"\n}\n'
        'function "tags" {\n  params = [name]\n  result = [tag(name)]\n}\n'
        'function "suffixed" {\n  params = [name]\n  result = "${name}:${V}"\n}\n'
    )
    assert target(f"cache-from = [{call}]", functions).pulled == ["docker.io/x/y:1"]


def test_function_that_nobody_knows_is_told():
    assert len(target('cache-from = ["x/y:${nobody(1)}"]').unresolved) == 1


def test_functions_that_call_each_other_come_to_an_end():
    functions = 'function "a" {\n params = [x]\n result = "${a(x)}${a(x)}"\n}\n'
    assert target('cache-from = ["x/y:${a(1)}"]', functions).pulled == []


def test_fields_are_inherited_and_maps_added_to():
    result = found(
        'target "a" {\n dockerfile = "D"\n args = { V = "1", W = "1" }\n}\n'
        'target "b" {\n inherits = ["a"]\n args = { W = "2" }\n}\n'
    )
    assert result.bindings == [("D", "dockerfile", {"V": "1", "W": "2"})]


def test_last_of_the_inherited_counts():
    result = found(
        'target "a" { context = "a" }\ntarget "b" { context = "b" }\n'
        'target "c" {\n inherits = ["a", "b"]\n args = { V = "1" }\n}\n'
    )
    assert result.bindings == [("b/Dockerfile", "dockerfile", {"V": "1"})]


def test_target_that_inherits_from_itself_is_read():
    assert target('inherits = ["app"]\ntags = ["x/y:1"]').outputs == ["docker.io/x/y:1"]


def test_base_that_a_group_builds_is_built_by_itself():
    text = 'target "a" { args = { V = "1" } }\ntarget "b" {\n inherits = ["a"]\n args = { V = "2" }\n}\n'
    group = 'group "default" { targets = ["a", "b"] }\n'
    assert [found(each).bindings for each in (text, group + text)] == [
        [("Dockerfile", "dockerfile", {"V": "2"})],
        [("Dockerfile", "dockerfile", {"V": "1"}), ("Dockerfile", "dockerfile", {"V": "2"})],
    ]


@pytest.mark.parametrize(
    ("fields", "path", "targets"),
    [
        ('context = "a"\ndockerfile = "b/D"', "docker-bake.hcl", ["a/b/D"]),
        ('context = "a"', "x/docker-bake.hcl", ["x/a/Dockerfile", "a/Dockerfile"]),
        ('context = "cwd://a"', "docker-bake.hcl", ["a/Dockerfile"]),
        ('context = "https://github.com/a/b.git"', "docker-bake.hcl", []),
        ('context = ".."', "docker-bake.hcl", []),
    ],
)
def test_dockerfile_that_is_built(fields, path, targets):
    result = found(f'target "a" {{\n{fields}\nargs = {{ V = "1" }}\n}}\n', path)
    assert [each for each, _, _ in result.bindings] == targets


def test_matrix_is_a_target_for_each_value():
    result = target(
        'name = "a-${v.name}"\nmatrix = { v = [{ name = "x", tag = "1" }, { name = "y", tag = "2" }] }\n'
        'args = { V = v.tag }\ntags = ["x/y:${v.tag}"]'
    )
    assert result.outputs == ["docker.io/x/y:1", "docker.io/x/y:2"]
    assert [variables for _, _, variables in result.bindings] == [{"V": "1"}, {"V": "2"}]


def test_matrix_whose_names_are_not_known_is_kept_apart():
    result = target('name = nobody(v)\nmatrix = { v = ["1", "2"] }\ntags = ["x/y:${v}"]')
    assert result.outputs == ["docker.io/x/y:1", "docker.io/x/y:2"]


def test_inline_dockerfile_has_the_arguments_and_contexts_of_its_target():
    inline = "ARG V=1\nFROM a AS one\nFROM x/y:$V\nCOPY --from=b:latest / /\nCOPY --from=c / /\n"
    fields = 'contexts = { a = "target:z", b = "./b" }\nargs = { V = "2" }\n'
    result = target(f"{fields}dockerfile-inline = <<EOT\n{inline}EOT")
    assert result.roles == [("docker.io/x/y:2", "base"), ("docker.io/library/c", "copy-from")]
    assert result.occurrences[0].fragments[-1].text == "2"


def test_json_is_read_alike():
    text = (
        '{"variable": {"V": {"default": "1"}}, "target": {"a": {"tags": ["x/y:${V}"], "args": {"A": "b:1"}}}}'
    )
    result = found(text, "docker-bake.json")
    assert (result.pulled, result.outputs) == (["docker.io/library/b:1"], ["docker.io/x/y:1"])


@settings(deadline=None)
@given(st.lists(st.sampled_from(TOKENS), max_size=30).map("".join), st.sampled_from(["a.hcl", "a.json"]))
def test_any_text_is_read(text, path):
    for item in extract(SourceFile(path, text), {}):
        assert not isinstance(item, Candidate) or 0 <= item.start <= len(text)


def test_contexts_are_given_to_the_dockerfile():
    always, plain, build = found(
        'target "app" {\n contexts = { base = "target:base" }\n args = { V = "1" }\n}\n'
    ).bindings
    context = {"--build-context base": "target:base"}
    assert always == ("Dockerfile", "dockerfile", {})
    assert plain == ("Dockerfile", "dockerfile", context)
    assert build == ("Dockerfile", "dockerfile", context | {"V": "1"})


def test_context_of_one_target_is_not_that_of_another():
    text = 'target "a" { contexts = { base = "./b" } }\ntarget "b" {}\n'
    items = [item for item in found(text).items if isinstance(item, Binding)]
    assert [(list(item.variables), item.always) for item in items] == [
        (["--build-context base"], False),
        ([], False),
    ]
