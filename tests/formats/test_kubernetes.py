"""Kubernetes objects, one fact a test."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats._base import NOTHING, Candidate, Embedded, Given
from planner.formats._patterns import matcher
from planner.formats.kubernetes import FORMAT, extract
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text


def candidates(text: str, given: Given = NOTHING) -> list[Candidate]:
    return [item for item in extract(SourceFile("x.yaml", text), given) if isinstance(item, Candidate)]


def found(text: str) -> list[str]:
    return [str(item.value) for item in candidates(text) if not item.problem]


def problems(text: str) -> dict[str, str]:
    return {item.spelled: item.problem for item in candidates(text) if item.problem}


def only(text: str) -> Candidate:
    [candidate] = candidates(text)
    return candidate


def pod(container: str, kind: str = "containers") -> str:
    return f"apiVersion: v1\nkind: Pod\nspec:\n  {kind}:\n  - name: x\n    {container}\n"


def resource(spec: str) -> str:
    return f"apiVersion: example.com/v1\nkind: Thing\nspec:\n  {spec}\n"


POD = '{"kind":"Pod","apiVersion":"v1","spec":{"containers":[{"image":"nginx"}]}}'

# Containers


@pytest.mark.parametrize("kind", ["containers", "initContainers", "ephemeralContainers"])
def test_image_of_a_container(kind):
    candidate = only(pod("image: nginx:1.27", kind))
    assert (str(candidate.value), candidate.role, candidate.confidence) == (
        "nginx:1.27",
        Role.WORKLOAD,
        Confidence.CERTAIN,
    )


@pytest.mark.parametrize(
    "written",
    ["'nginx'", '"nginx"', "nginx # was redis", "&i !!str nginx", ">-\n      nginx", "\tnginx", "nginx\r"],
)
def test_image_however_it_is_written(written):
    assert found(pod(f"image: {written}")) == ["nginx"]


@pytest.mark.parametrize(
    "text",
    [
        POD,
        f'{{"apiVersion":"v1","kind":"List","items":[{POD}]}}',
        f'{{"items":[{POD}]}}',
        f"[{POD}]",
        '{"apiVersion":"v1","kind":"PodList","items":[{"spec":{"containers":[{"image":"nginx"}]}}]}',
        f"{POD}\n{POD.replace('nginx', 'x').replace('image', 'name')}\n",
        "\ufeffapiVersion: v1\nkind: Pod\nspec: {containers: [{name: c, image: nginx}]}",
        "a: b\n---\napiVersion: v1\nkind: Pod\nspec: {containers: [{name: c, image: nginx}]}",
    ],
)
def test_objects_of_every_form(text):
    assert found(text) == ["nginx"]


def test_a_document_that_is_no_object_does_not_count():
    assert candidates("image: nginx\n---\nkind: pipeline\nimage: redis\n") == []


def test_one_node_under_two_names_is_found_at_one_place():
    text = "apiVersion: v1\nkind: Pod\nspec: {containers: [{name: a, image: &i nginx}, {name: b, image: *i}]}"
    assert {(str(item.value), item.start) for item in candidates(text)} == {("nginx", text.index("nginx"))}


def test_merged_fields_count():
    assert (
        found("apiVersion: v1\nkind: Pod\nx: &x {image: nginx}\nspec: {containers: [{<<: *x, name: a}]}")
        == ["nginx"] * 2
    )


def test_what_is_no_reference_in_a_container_is_kept_for_the_report():
    candidate = only(pod("image: <YOUR-IMAGE>"))
    assert (candidate.spelled, candidate.confidence) == ("<YOUR-IMAGE>", Confidence.CERTAIN)


def test_a_pattern_of_a_policy_is_no_image():
    assert candidates(pod('image: "!*:latest"')) == []


def test_placeholder_of_kubebuilder_is_doubtful():
    assert only(pod("image: controller:latest")).confidence is Confidence.HEURISTIC


def test_image_volume_is_a_mount():
    candidate = only(resource("volumes: [{name: v, image: {reference: a/b:1, pullPolicy: Always}}]"))
    assert (str(candidate.value), candidate.role) == ("a/b:1", Role.MOUNT)


# Arguments and variables


@pytest.mark.parametrize(
    "arguments",
    [
        "[--sidecar-image=redis:7]",
        "[--sidecar-image, redis:7]",
        "[-image=redis:7]",
        "[--sidecarImage=redis:7]",
        '["--image", redis:7]',
    ],
)
def test_arguments_that_name_images(arguments):
    assert found(pod(f"args: {arguments}")) == ["redis:7"]


@pytest.mark.parametrize(
    "arguments",
    [
        "[--image-pull-policy=Always]",
        "[--image=$(IMAGE)]",
        "[--save-image, --now]",
        "[--image=/a/b.img]",
        "[--cover-image=x.png]",
    ],
)
def test_arguments_that_name_no_image(arguments):
    assert candidates(pod(f"args: {arguments}")) == []


@pytest.mark.parametrize("name", ["RELATED_IMAGE_WEB", "WEB_IMAGE", "IMAGE", "IMAGE_NAME", "webImage"])
def test_variables_that_name_images(name):
    assert found(pod(f"env: [{{name: {name}, value: 'redis:7'}}]")) == ["redis:7"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("IMAGE_TAG", "1.2"), ("IMAGE_PULL_POLICY", "Always"), ("IMAGE_NAME", "web"),
     ("IMAGE_DIR", "/var/images"),
     ("IMAGE_SERVER", "proxy:8080"), ("COVER_IMAGE", "https://x/y.png"), ("MY_IMAGE", "$(OTHER)")],
)  # fmt: skip
def test_variables_that_name_no_image(name, value):
    assert candidates(pod(f"env: [{{name: {name}, value: '{value}'}}]")) == []


# Custom resources


@pytest.mark.parametrize(
    "field", ["image: a/b:1", "baseImage: a/b:1", "agent-image: a/b:1", "imageName: a/b:1"]
)
def test_fields_of_custom_resources_are_guessed(field):
    candidate = only(resource(field))
    assert (str(candidate.value), candidate.confidence) == ("a/b:1", Confidence.HEURISTIC)


@pytest.mark.parametrize(
    "spec",
    [
        "image: {repository: a/b, tag: 1}",
        "image: {registry: docker.io, repository: a/b, tag: '1'}",
        "webImage: {name: a/b, version: 1}",
        "{baseImage: a/b, baseImageTag: 1}",
        "values: {image: {repository: a/b, tag: 1}}",
    ],
)
def test_images_in_parts(spec):
    assert [text.removeprefix("docker.io/") for text in found(resource(spec))] == ["a/b:1"]


@pytest.mark.parametrize(
    "spec",
    [
        "rbd: {monitors: [a], pool: kube, image: foo}",
        "options: {image: foo, pool: kube}",
        "image: https://example.com/logo.png",
        "image: ./logo.svg",
        "headerImage: foo",
        "imagePullPolicy: Always",
        "imagePullSecrets: [{name: image}]",
        "selector: {image: nginx}",
        "image: ''",
        "image: null",
        "image: projects/p/global/images/debian-12",
    ],
)
def test_what_is_called_image_and_is_none(spec):
    assert candidates(resource(spec)) == []


def test_schema_of_a_custom_resource_names_a_default():
    spec = "schema: {image: {type: string, default: 'a/b:1', description: an image}}"
    assert found(resource(spec)) == ["a/b:1"]


@pytest.mark.parametrize(
    "group",
    ["skaffold/v4", "infrastructure.cluster.x-k8s.io/v1", "kustomize.config.k8s.io/v1beta1", "kyverno.io/v1",
     "image.openshift.io/v1", "operators.coreos.com/v1alpha1", "pkg.crossplane.io/v1", "k3d.io/v1alpha5"],
)  # fmt: skip
def test_objects_of_other_tools_are_left_to_them(group):
    assert candidates(f"apiVersion: {group}\nkind: X\nspec: {{image: acme/app:1}}\n") == []


def test_openshift_reference_counts_by_its_kind():
    spec = "{a: {from: {kind: DockerImage, name: node:20}}, b: {from: {kind: ImageStreamTag, name: node:18}}}"
    assert found(resource(spec)) == ["node:20"]


def test_what_an_openshift_build_pushes_is_an_output():
    assert only(resource("output: {to: {kind: DockerImage, name: acme/app:1}}")).role is Role.OUTPUT


def test_flux_repository_without_tag_is_a_problem():
    text = "apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageRepository\nspec: {image: docker.io/a/b}\n"
    assert list(problems(text)) == ["docker.io/a/b"]


@pytest.mark.parametrize("value", ["docker.io/a/b:1", "docker.io/a/b"])
def test_annotation_that_names_an_image(value):
    text = f"apiVersion: v1\nkind: X\nmetadata: {{annotations: {{containerImage: '{value}'}}}}\n"
    assert found(text) == [value]


def test_examples_of_an_operator_are_read():
    text = (
        "apiVersion: v1\nkind: X\nmetadata:\n  annotations:\n"
        """    alm-examples: '[{"kind": "Y", "spec": {"image": "redis:7"}}]'\n"""
    )
    assert (found(text), candidates(text)[0].start) == (["redis:7"], text.index("redis"))


# What a cluster reports


def test_status_of_a_live_object_is_passed_over():
    text = (
        pod("image: nginx") + "status: {containerStatuses: [{name: x, image: nginx:1, imageID: sha256:aa}]}\n"
    )
    assert found(text) == ["nginx"]


def test_the_last_applied_configuration_is_passed_over():
    inner = '{"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"image":"old"}]}}'
    text = (
        "apiVersion: v1\nkind: Pod\nmetadata:\n  annotations:\n"
        f"    kubectl.kubernetes.io/last-applied-configuration: |\n      {inner}\n"
        "spec: {containers: [{name: a, image: nginx}]}\n"
    )
    assert found(text) == ["nginx"]


DIGEST = "sha256:" + "ab" * 32


def live(image: str, running: str) -> str:
    return (
        f"apiVersion: v1\nkind: Pod\nspec: {{containers: [{{name: x, image: '{image}'}}]}}\n"
        f"status: {{containerStatuses: [{{name: x, image: '{image}', imageID: '{running}'}}]}}\n"
    )


@pytest.mark.parametrize("scheme", ["", "docker-pullable://"])
def test_the_digest_that_runs_is_found(scheme):
    running = f"docker.io/library/nginx@{DIGEST}"
    assert found(live("nginx:1", scheme + running)) == ["nginx:1", running]


@pytest.mark.parametrize("running", [DIGEST, f"docker://{DIGEST}", f"nginx@{DIGEST}", ""])
def test_a_status_that_adds_nothing_is_passed_over(running):
    assert found(live(f"nginx@{DIGEST}", running)) == [f"nginx@{DIGEST}"]


# Custom resources that say an image in their own way


@pytest.mark.parametrize(
    ("spec", "reference"),
    [
        ("{baseImage: quay.io/a/b, version: v2}", "quay.io/a/b:v2"),
        ("{baseImage: quay.io/a/b, version: v2, tag: v3}", "quay.io/a/b:v3"),
        (f"{{baseImage: quay.io/a/b, sha: {'ab' * 32}}}", f"quay.io/a/b@{DIGEST}"),
        ("source: {registry: {url: 'docker://a/b:1'}}", "a/b:1"),
        ("volumes: [{name: d, containerDisk: {image: 'a/b:1'}}]", "a/b:1"),
    ],
)
def test_images_of_operators(spec, reference):
    assert found(resource(spec)) == [reference]


# Files in objects


def embedded(text: str) -> list[tuple[str, str]]:
    items = extract(SourceFile("x.yaml", text), NOTHING)
    return [(item.name, str(item.text)) for item in items if isinstance(item, Embedded)]


@pytest.mark.parametrize(("kind", "key"), [("ConfigMap", "data"), ("Secret", "stringData")])
def test_keys_of_a_config_map_are_files(kind, key):
    text = f"apiVersion: v1\nkind: {kind}\n{key}:\n  run.sh: |\n    docker run a\n"
    assert embedded(text) == [("run.sh", "docker run a\n")]


def test_a_key_that_holds_objects_is_read_at_once():
    inner = pod("image: nginx").replace("\n", "\n    ")
    assert embedded(f"apiVersion: v1\nkind: ConfigMap\ndata:\n  pod.yaml: |\n    {inner}\n") == []


def test_object_in_quotes_is_a_file():
    inner = '{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"image": "nginx"}]}}'
    text = f"apiVersion: v1\nkind: ConfigMap\ndata: {{pod.json: '{inner}'}}\n"
    assert (embedded(text), candidates(text)) == ([("pod.json", inner)], [])


def test_prose_is_no_file():
    text = "apiVersion: v1\nkind: X\nspec:\n  description: |\n    kind: apiVersion: image: x: y\n"
    assert candidates(text) == []


# Objects in strings


def test_objects_in_a_string_are_found_where_they_stand():
    text = (
        "apiVersion: v1\nkind: ConfigMap\ndata:\n  pod.yaml: |\n"
        "    apiVersion: v1\n    kind: Pod\n    spec:\n"
        "      containers:\n      - name: a\n        image: nginx:1.27\n"
    )
    candidate = only(text)
    assert [(run.text, run.start) for run in candidate.value.runs] == [("nginx:1.27", text.index("nginx"))]


def test_a_string_that_is_no_object_is_text():
    assert (
        candidates(
            "apiVersion: v1\nkind: ConfigMap\ndata:\n  a.yaml: |\n    image: nginx\n    apiVersion: v1\n"
        )
        == []
    )


def test_an_object_in_a_string_that_cannot_be_read_is_told():
    inner = "    apiVersion: v1\n    kind: Pod\n    image: a: b\n"
    text = f"apiVersion: v1\nkind: ConfigMap\ndata:\n  p.yaml: |\n{inner}"
    assert [
        problem.startswith("in the text of p.yaml: not valid YAML") for problem in problems(text).values()
    ] == [True]


def test_strings_in_strings_are_read_to_a_limit():
    text = ""
    for level in range(150):
        indented = "".join(f"  {line}\n" for line in text.splitlines())
        text = f"apiVersion: v1\nkind: X\nimage: a/b:{level}\ndata: |\n{indented}"
    assert found(text) == ["a/b:149", "a/b:148", "a/b:147", "a/b:146", "a/b:145"]


# Templates and broken files


@pytest.mark.parametrize(
    "value", ["{{ .Values.image }}", "nginx:{{ .Values.tag }}", "$(params.img)", "${IMAGE}", "nginx:$TAG"]
)
def test_what_a_template_fills_in_is_told_as_it_is_written(value):
    assert list(problems(pod(f"image: {value}"))) == [value]


def test_given_values_are_filled_in():
    candidate = candidates(pod("image: nginx:${TAG}"), {"TAG": Text.at(5, "1.27", "values.env")})[0]
    assert (str(candidate.value), candidate.problem) == ("nginx:1.27", "")


def test_template_that_only_controls_leaves_a_readable_file():
    text = pod("image: nginx").replace("spec:", "{{- if .x }}\nspec:") + "{{- end }}\n"
    assert (found(text), problems(text)) == (["nginx"], {})


def test_the_rest_of_a_broken_file_is_read_by_lines():
    text = pod("image: nginx") + "  bad: a: b\n  x:\n  - image: redis:7 # comment\n"
    assert found(text) == ["nginx", "redis:7"]


def test_a_broken_file_is_told_once():
    text = pod("image: nginx") + "  bad: a: b\n  - image: redis:7\n"
    assert list(problems(text)) == ["bad: a: b"]


def test_a_broken_file_whose_rest_holds_no_image_is_not_told():
    assert problems(pod("image: nginx") + "  bad: a: b\n") == {}


@pytest.mark.parametrize(
    "path",
    ["a/pod.yaml", "a.yml", "a.json", "pod", "k8s/deploy.yaml.j2", "x.yaml.tpl", "templates/a.yml.erb"],
)
def test_names_of_files(path):
    assert matcher(FORMAT.patterns).search(path)


# Laws

_TEXT = (
    pod("image: nginx:1.27")
    + "---\n"
    + resource("image: {repository: a/b, tag: {{ .x }}}")
    + resource("a: |\n    kind: apiVersion\n    image: x: y\n")
)


@given(
    st.lists(
        st.tuples(
            st.integers(0, len(_TEXT)),
            st.sampled_from(
                ["", " ", "\n", "{{", "}}", "'", '"', ":", "*a", "&a ", "\t", "- ", "|\n", "#", "\x00"]
            ),
            st.integers(0, 3),
        ),
        max_size=5,
    )
)
@settings(max_examples=150, deadline=None)
def test_every_piece_of_every_candidate_of_a_mutated_file_stands_where_it_says(edits):
    text = _TEXT
    for start, inserted, removed in edits:
        text = text[:start] + inserted + text[start + removed :]
    for item in candidates(text):
        assert 0 <= item.start <= len(text)
        for run in item.value.runs:
            assert run.start < 0 or text[run.start : run.start + len(run.text)] == run.text


def test_a_variable_may_hold_a_text_with_an_object():
    inner = pod("image: a/b:1").replace("\n", "\n      ")
    assert found(pod(f"env:\n  - name: POD\n    value: |\n      {inner}\n")) == ["a/b:1"]


IN_A_POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: images}\nspec: {containers: [{name: x, %s}]}\n"


@pytest.mark.parametrize(
    "field",
    [
        "args: ['--config-reloader=quay.io/acme/reloader:1']",
        "command: [run, quay.io/acme/reloader:1]",
        "args: ['-images=reloader=quay.io/acme/reloader:1']",
        "env: [{name: DEFAULT_BUILDER, value: 'quay.io/acme/reloader:1'}]",
        "env: [{name: WEB_IMAGES, value: '1.0=quay.io/acme/reloader:1'}]",
    ],
)
def test_whole_reference_in_what_a_container_is_started_with(field):
    assert found(IN_A_POD % field) == ["quay.io/acme/reloader:1"]


@pytest.mark.parametrize(
    "field",
    [
        "args: ['--address=example.com/a:80', '--web=acme/web:1', 'x=y=quay.io/a/b:1']",
        "env: [{name: A, value: 'https://quay.io/acme/web:1'}, {name: B, value: acme/web:1}]",
        "params: [{name: a, value: 'quay.io/acme/web:1'}]",
    ],
)
def test_other_things_that_a_container_is_started_with(field):
    assert found(IN_A_POD % field) == []


def test_each_line_of_a_variable_of_images_is_one():
    variable = 'env: [{name: APP_IMAGES, value: "1=quay.io/a/b:1\\n2=quay.io/a/b:2\\n"}]'
    assert found(IN_A_POD % variable) == ["quay.io/a/b:1", "quay.io/a/b:2"]


def test_whole_reference_in_a_map_about_an_image():
    text = "apiVersion: a/v1\nkind: Web\nspec: {image: {custom: 'quay.io/acme/web:1', note: web}}\n"
    assert found(text) == ["quay.io/acme/web:1"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("repository: quay.io/acme/web, tag: 1", ["quay.io/acme/web:1"]),
        ("registry: '', repository: acme/web, tag: 1", ["acme/web:1"]),
        ("repository: acme/web, tag: 1", []),
        ("repository: quay.io/acme/web, version: 1", []),
        ("repository: quay.io/acme/web, tag: 1, branch: main", []),
    ],
)
def test_repository_with_a_tag_is_one_of_images(fields, expected):
    assert found(f"apiVersion: a/v1\nkind: Web\nspec: {{web: {{{fields}}}}}\n") == expected


def test_whole_reference_in_a_config_map():
    data = "{a: 'quay.io/acme/web:1', b: 'acme/w:1'}"
    text = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: images}}\ndata: {data}\n"
    assert found(text) == ["quay.io/acme/web:1"]


def test_settings_of_a_program_in_a_config_map():
    text = """apiVersion: v1
kind: ConfigMap
data:
  agent: |
    {"image": "acme/agent:1", "title": "the image: x", "other": {"image": "word", "icon": "a/b:1"}}
"""
    assert found(text) == ["acme/agent:1"]


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: kops.k8s.io/v1alpha2\nkind: InstanceGroup\nspec: {image: ubuntu/focal-20.04}\n",
        "apiVersion: acme.io/v1\nkind: Pool\nspec: {image: 099720109477/ubuntu/images/hvm-ssd/focal-20.04}\n",
    ],
)
def test_disk_of_a_machine_is_no_image(text):
    assert found(text) == []


def test_images_of_a_custom_resource_may_stand_together_by_what_they_are_for():
    head = "apiVersion: platform.example.com/v1\nkind: Broker\nspec:\n  image:\n"
    fields = "    application: acme/broker:7.5.0\n    init: acme/init:2.7.0\n    path: /a/b:c\n"
    assert found(head + fields) == ["acme/broker:7.5.0", "acme/init:2.7.0"]


ADDON = "apiVersion: addons.example.com/v1\nkind: Addon\nspec:\n  chart:\n    values: |\n      ---\n"


def test_settings_in_a_text_that_speak_of_versions_of_the_api_are_read():
    text = (
        "      rbac: {apiVersion: v1}\n      initContainers:\n      - name: a\n        image: acme/init:1\n"
    )
    assert found(ADDON + text) == ["acme/init:1"]


def test_settings_in_a_text_that_have_what_containers_have_are_read_whole():
    text = (
        "      image: acme/dex\n      imageTag: v2\n      resources: {}\n      initContainers:\n"
        "      - {name: a, image: 'acme/init:1'}\n"
    )
    assert found(ADDON + text) == ["acme/dex:v2", "acme/init:1"]
