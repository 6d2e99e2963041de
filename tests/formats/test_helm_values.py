"""Values of Helm charts, one shape a test."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats._base import NOTHING, Binding, Candidate
from planner.formats._patterns import matcher
from planner.formats.helm_values import FORMAT, extract
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile

HEX = "ab" * 32


def candidates(text: str) -> list[Candidate]:
    return [item for item in extract(SourceFile("values.yaml", text), NOTHING) if isinstance(item, Candidate)]


def found(text: str) -> list[str]:
    return [str(item.value) for item in candidates(text) if not item.problem]


def problems(text: str) -> dict[str, str]:
    return {item.spelled: item.problem for item in candidates(text) if item.problem}


def only(text: str) -> Candidate:
    [candidate] = candidates(text)
    return candidate


@pytest.mark.parametrize(
    ("fields", "reference"),
    [
        ("registry: docker.io, repository: a/b, tag: 1.2.3, digest: ''", "docker.io/a/b:1.2.3"),
        (
            f"registry: docker.io, repository: a/b, tag: '1', digest: 'sha256:{HEX}'",
            f"docker.io/a/b:1@sha256:{HEX}",
        ),
        ("repository: a/b, tag: v1, pullPolicy: Always", "a/b:v1"),
        (f"registry: quay.io, repository: a/b, sha: {HEX}, tag: 1", f"quay.io/a/b:1@sha256:{HEX}"),
        (f"repository: a/b, digest: sha256:{HEX}", f"a/b@sha256:{HEX}"),
        ("name: a/b, tag: 1", "a/b:1"),
        ("name: a/b, version: 1", "a/b:1"),
        ("registry: r.io, image: a/b, tag: 1", "r.io/a/b:1"),
        ("repository: r.io, name: a, tag: 1", "r.io/a:1"),
        ("repository: 'a/b:1'", "a/b:1"),
        ("registry: '', repository: a/b, tag: 1", "a/b:1"),
        ("registry: null, repository: a/b, tag: 1", "a/b:1"),
        ("registry: docker.io/, repository: a/b, tag: 1", "docker.io/a/b:1"),
        (f"repository: a/b, tag: '1@sha256:{HEX}'", f"a/b:1@sha256:{HEX}"),
    ],
)
def test_image_in_parts(fields, reference):
    candidate = only(f"web:\n  image: {{{fields}}}\n")
    assert (str(candidate.value), candidate.role, candidate.confidence) == (
        reference,
        Role.WORKLOAD,
        Confidence.CERTAIN,
    )


@pytest.mark.parametrize(
    ("text", "references"),
    [
        ("image: nginx:1", ["nginx:1"]),
        ("image: nginx", ["nginx"]),
        ("exporterImage: a/b:1", ["a/b:1"]),
        ("WebImage: {repository: a/b, tag: 1}", ["a/b:1"]),
        ("{image: nginx, tag: 1}", ["nginx:1"]),
        ("{image: nginx, imageTag: 1}", ["nginx:1"]),
        ("{imageName: a/b, imageTag: 1}", ["a/b:1"]),
        ("{webImageRepository: a/b, webImageTag: 1}", ["a/b:1"]),
        ("image: {busybox: {repository: a, tag: 1}, kubectl: {repository: b, tag: 2}}", ["a:1", "b:2"]),
        ("images: {web: {repository: a, tag: 1}, job: 'b:2'}", ["b:2", "a:1"]),
        ("images: ['a:1', {repository: b, tag: 2}]", ["a:1", "b:2"]),
        ("web: {registry: r.io, repository: a, tag: 1}", ["r.io/a:1"]),
        ("web: {repository: r.io/a, image: b, version: v1}", ["r.io/a/b:v1"]),
        ("extraContainers: [{name: a, image: 'b:1', args: ['--helper-image=c:2']}]", ["c:2", "b:1"]),
        ("env: [{name: WEB_IMAGE, value: 'a:1'}]", ["a:1"]),
        ("redis: {enabled: true, repository: redis, tag: 7}", ["redis:7"]),
        ("ui: {registry: '', repository: acme/ui, tag: 1}", ["acme/ui:1"]),
        ("api: {imageRepository: ghcr.io/acme/api}", ["ghcr.io/acme/api"]),
        ("imageRepository: ghcr.io/acme", []),
        ("image: {name: ghcr.io/acme/web, version: ''}", ["ghcr.io/acme/web"]),
        ("image: {name: acme, version: ''}", []),
        ("images: {tags: {web: 'a/b:1', db: 'c:2', none: ''}}", ["a/b:1", "c:2"]),
        ("anything: quay.io/acme/b:1", ["quay.io/acme/b:1"]),
        ("serve: --opmImage=quay.io/acme/opm:1", ["quay.io/acme/opm:1"]),
        ('policy: {"get:image": "role:reader"}', []),
        ("git: {repository: acme/web, tag: 1}", []),
        ("web: {repository: acme/web, tag: 1, branch: main}", []),
        ("web: {repository: acme/web, version: 1}", []),
        ("json: |\n  {'image': 'acme/web:1', \"image\": \"acme/web:2\"}", ["acme/web:1", "acme/web:2"]),
        ("env: [{name: BUILDER, value: 'quay.io/acme/b:1'}]", ["quay.io/acme/b:1"]),
        ("base: &b {repository: a}\nimage: {<<: *b, tag: 2}", ["a:2"]),
    ],
)
def test_shapes(text, references):
    assert sorted(found(text)) == sorted(references)


@pytest.mark.parametrize(
    "text",
    [
        "git: {repository: https://github.com/o/r, tag: v1}",
        "git: {repository: o/r, tag: v1}",
        "snapshots: {repository: backups}",
        "image: {pullPolicy: Always}",
        "image: {repository: '', tag: ''}",
        "image: ''",
        "image: ~",
        "logoImage: https://x.io/a.png",
        "backgroundImage: bg.jpg",
        "headerImage: cover",
        "imagePullSecrets: [{name: regcred}]",
        "labels: {image: nginx}",
        "imageTag: 1.2",
        "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: nginx}]}",
    ],
)
def test_what_is_no_image(text):
    assert candidates(text) == []


@pytest.mark.parametrize("tag", ["7.0", "1.10", "1e5", "0x10", "1:30", "'1.20'"])
def test_a_tag_is_taken_as_it_is_spelled(tag):
    assert found(f"image: {{repository: redis, tag: {tag}}}") == [f"redis:{tag.strip(chr(39))}"]


def test_every_part_stands_where_it_is_written():
    text = "image:\n  registry: docker.io\n  repository: bitnami/redis\n  tag: 7.0 # c\n"
    places = [(run.text, run.start) for run in only(text).value.runs if run.start >= 0]
    assert places == [(part, text.index(part)) for part in ("docker.io", "bitnami/redis", "7.0")]


def test_a_missing_tag_is_told():
    candidate = only("image: {repository: a/b, tag: ''}")
    assert (str(candidate.value), candidate.trail) == (
        "a/b",
        ("no tag is set: the chart's appVersion usually gives it",),
    )


def test_global_registry_wins_where_a_chart_has_both():
    text = "global: {imageRegistry: r.io}\nimage: {registry: docker.io, repository: a/b, tag: 1}\n"
    assert (found(text), only(text).trail) == (["r.io/a/b:1"], ("global.imageRegistry=r.io",))


def test_global_registry_does_not_matter_to_an_image_without_registry():
    assert found("global: {imageRegistry: r.io}\nimage: {repository: a/b, tag: 1}\n") == ["a/b:1"]


def test_an_empty_global_registry_does_not_matter():
    assert found("global: {imageRegistry: ''}\nimage: {registry: q.io, repository: a, tag: 1}\n") == [
        "q.io/a:1"
    ]


def test_images_in_a_string_of_yaml():
    text = "extra: |\n  - name: a\n    image: busybox:1.36\n"
    assert [(run.text, run.start) for run in only(text).value.runs] == [
        ("busybox:1.36", text.index("busybox"))
    ]


@pytest.mark.parametrize("value", ["'{{ .Values.global.registry }}/a:1'", "{{ .x }}"])
def test_what_a_template_fills_in_is_told(value):
    assert list(problems(f"image: {value}\n")) == [value.strip("'")]


def test_a_part_that_a_template_fills_in_is_told():
    assert list(problems("image: {repository: '{{ .x }}/a', tag: 1}")) == ["{{ .x }}/a:1"]


def test_the_rest_of_a_broken_file_is_read_by_lines():
    text = (
        "a: b: c\nimage: nginx:1\nweb:\n  repository: redis\n  tag: 7.0\n"
        "git:\n  repository: https://x\n  tag: 1\n"
    )
    assert found(text) == ["nginx:1", "redis:7.0"]


def test_a_broken_file_is_told_once():
    assert list(problems("a: b: c\nimage: nginx:1\n")) == ["a: b: c"]


@pytest.mark.parametrize(
    "path", ["c/values.yaml", "values-prod.yml", "prod-values.yaml", "c/values/prod.yaml"]
)
def test_names_of_files(path):
    assert matcher(FORMAT.patterns).search(path)


_SCALARS = st.sampled_from(
    ["nginx", "a/b:1", "''", "1.0", "{{ .x }}", "*a", "&a x", "sha256:" + HEX, '"q\\t"', "|\n   image: x"]
)
_KEYS = st.sampled_from(
    ["image", "images", "repository", "registry", "tag", "digest", "sha", "name", "webImage", "global", "<<"]
)


@given(
    st.recursive(
        _SCALARS, lambda inner: st.lists(st.tuples(_KEYS, inner), min_size=1, max_size=4), max_leaves=10
    )
)
@settings(max_examples=200, deadline=None)
def test_every_piece_stands_where_it_says(values):
    def lines(value: object, indent: str) -> str:
        if isinstance(value, str):
            return f" {value}\n"
        return "\n" + "".join(f"{indent}{key}:{lines(item, indent + ' ')}" for key, item in value)

    text = lines(values, "")
    for item in candidates(text):
        for run in item.value.runs:
            assert run.start < 0 or text[run.start : run.start + len(run.text)] == run.text


# What the chart's templates are given


def bindings(text: str, path: str = "shop/values.yaml") -> list[Binding]:
    return [item for item in extract(SourceFile(path, text), NOTHING) if isinstance(item, Binding)]


def handed_on(text: str, target: str = "shop/templates/**") -> dict[str, str]:
    given = (binding.variables for binding in bindings(text) if binding.target == target)
    return {name: str(value) for each in given for name, value in each.items() if " " not in name}


@pytest.mark.parametrize(
    ("path", "target", "always"),
    [
        ("shop/values.yaml", "shop/templates/**", True),
        ("values.yml", "templates/**", True),
        ("shop/values-prod.yaml", "shop/templates/**", False),
    ],
)
def test_values_are_for_the_templates_beside_them(path, target, always):
    [binding] = bindings("image: nginx:1\n", path)
    assert (binding.target, binding.format, binding.always) == (target, "helm_template", always)


def test_values_that_an_image_can_be_made_of_are_handed_on():
    text = (
        "replicas: 2\nport: 80\nweb: {image: {repository: a/b, tag: 1.10, pullPolicy: Always}, host: x.io}\n"
        "global: {imageRegistry: ''}\nsidecar: 'redis:7'\npassword: hunter2\nlist: [80]\n"
    )
    assert handed_on(text) == {
        ".Values.web.image.repository": "a/b",
        ".Values.web.image.tag": "1.10",
        ".Values.global.imageRegistry": "",
        ".Values.sidecar": "redis:7",
    }


def test_items_of_a_list_are_handed_on_with_how_many_there_are():
    given = handed_on("list: [80, {image: nginx}, {image: redis}]\n")
    marked = sorted(given)
    assert [name.replace(marked[0][13:21], "MARK") for name in marked] == [
        ".Values.list[MARK:1].image",
        ".Values.list[MARK:2].image",
        ".Values.list[]",
    ]
    assert given[".Values.list[]"] == f"{marked[0][13:21]}:3"


@pytest.mark.parametrize("value", ["''", '""', "null", "~", ""])
def test_an_empty_value_is_handed_on_as_empty(value):
    assert handed_on(f"image: {{tag: {value}}}\n") == {".Values.image.tag": ""}


def test_a_value_is_handed_on_with_its_place():
    text = "image:\n  tag: '1.27'\n"
    assert bindings(text)[0].variables[".Values.image.tag"].start == text.index("1.27")


@pytest.mark.parametrize("text", ["replicas: 2\n", "[a]\n", "apiVersion: v1\nkind: Pod\nimage: nginx\n"])
def test_where_nothing_is_handed_on(text):
    assert bindings(text) == []


def test_aliases_that_stand_for_too_much_are_cut_off():
    levels = "".join(
        f"a{n}: &a{n} {{{', '.join(f'k{m}: *a{n - 1}' for m in range(9))}}}\n" for n in range(1, 9)
    )
    assert len(handed_on(f"a0: &a0 {{image: 'a:1'}}\n{levels}")) < 10_001


def test_values_below_the_name_of_a_chart_inside_are_for_its_templates():
    text = "redis: {image: {tag: '7'}}\nimage: {tag: '1'}\n"
    assert handed_on(text, "shop/charts/redis/templates/**") == {".Values.image.tag": "7"}


def test_global_values_are_for_all_charts_inside():
    text = "global: {imageRegistry: r.example.com}\n"
    assert handed_on(text, "shop/charts/**") == {".Values.global.imageRegistry": "r.example.com"}


def test_values_that_many_mappings_merge_are_cut_off():
    shared = "".join(f"  k{number}image: a\n" for number in range(1000))
    uses = "".join(f"s{number}: {{<<: *b}}\n" for number in range(1000))
    assert len(handed_on(f"base: &b\n{shared}{uses}")) < 60_000
