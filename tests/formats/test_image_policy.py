"""Admission policies: patterns are no images, what rules add is."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st

READERS = ("image_policy", "kubernetes", "openshift", "compose")


def policy(spec, kind="kyverno.io/v1 ClusterPolicy"):
    group, kind = kind.split()
    return f"apiVersion: {group}\nkind: {kind}\nspec: {spec}\n"


def found(spec, kind="kyverno.io/v1 ClusterPolicy"):
    return extracted("image_policy", policy(spec, kind), "policy.yaml").pulled


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        ("kyverno.io/v1 ClusterPolicy", "{rules: [{verifyImages: [{imageReferences: ['a/b:1']}]}]}"),
        ("kyverno.io/v1 Policy", "{rules: [{verifyImages: [{image: 'docker.io/a/b:1'}]}]}"),
        ("kyverno.io/v1 ClusterPolicy",
         "{rules: [{validate: {pattern: {spec: {containers: [{image: 'a/b:1'}]}}}}]}"),
        ("policies.kyverno.io/v1 ImageValidatingPolicy", "{matchImageReferences: [{glob: 'ghcr.io/a/*'}]}"),
        ("constraints.gatekeeper.sh/v1beta1 K8sAllowedRepos",
         "{parameters: {repos: ['docker.io/a/b:1'], image: 'a/b:1'}}"),
        ("constraints.gatekeeper.sh/v1beta1 K8sX", "{parameters: {exemptImages: ['docker.io/a/b:1']}}"),
        ("policy.sigstore.dev/v1beta1 ClusterImagePolicy", "{images: [{glob: 'docker.io/a/b:1'}]}"),
        ("operator.openshift.io/v1alpha1 ImageContentSourcePolicy",
         "{repositoryDigestMirrors: [{source: quay.io/a/b, mirrors: [r.io/a/b]}]}"),
        ("config.openshift.io/v1 ImageDigestMirrorSet",
         "{imageDigestMirrors: [{source: q.io/a, mirrors: [r.io/a]}]}"),
        ("config.openshift.io/v1 ImageTagMirrorSet",
         "{imageTagMirrors: [{source: quay.io/a, mirrors: [r.io/a]}]}"),
    ],
)  # fmt: skip
def test_patterns_are_no_images(kind, spec):
    text = policy(spec, kind)
    read = [extracted(name, text, "policy.yaml") for name in READERS]
    assert [each.pulled + each.unresolved for each in read] == [[], [], [], []]
    assert read[0].rules


@pytest.mark.parametrize(
    ("kind", "spec", "rules"),
    [
        ("kyverno.io/v1 Policy", "{rules: [{verifyImages: [{imageReferences: ['a/b:1', 'ghcr.io/a/*']}]}]}",
         [("docker.io/a/b:1", "name"), ("ghcr.io/a/*", "glob")]),
        ("kyverno.io/v1 ClusterPolicy",
         "{rules: [{validate: {pattern: {spec: {=(initContainers): [{=(image): 'r.io/* | !*:latest'}]}}}}]}",
         [("r.io/*", "glob"), ("*:latest", "glob")]),
        ("kyverno.io/v1 ClusterPolicy",
         "{rules: [{validate: {deny: {conditions: {any: [{key: '{{ images.containers.*.registry }}', "
         "operator: AnyNotIn, value: [docker.io, ghcr.io/acme/, latest]}]}}}}]}",
         [("docker.io", "prefix"), ("ghcr.io/acme/", "prefix")]),
        ("policies.kyverno.io/v1 ImageValidatingPolicy", "{matchImageReferences: [{glob: 'docker.io/*'}]}",
         [("docker.io/*", "glob")]),
        ("constraints.gatekeeper.sh/v1beta1 K8sAllowedRepos", "{parameters: {repos: [docker.io/library/]}}",
         [("docker.io/library/", "prefix")]),
        ("constraints.gatekeeper.sh/v1beta1 K8sX", "{parameters: {exemptImages: ['docker.io/a/*', 'b:1']}}",
         [("docker.io/a/*", "glob"), ("docker.io/library/b:1", "name")]),
        ("policy.sigstore.dev/v1beta1 ClusterImagePolicy", "{images: [{glob: 'index.docker.io/**'}]}",
         [("index.docker.io/**", "glob")]),
        ("policy.sigstore.dev/v1alpha1 ClusterImagePolicy", "{images: [{regex: '^docker.io/.*$'}]}",
         [("^docker.io/.*$", "regex")]),
        ("config.openshift.io/v1 Image", "{registrySources: {allowedRegistries: [docker.io, '*.acme.io']}}",
         [("docker.io", "prefix"), ("*.acme.io", "glob")]),
        ("operator.openshift.io/v1alpha1 ImageContentSourcePolicy",
         "{repositoryDigestMirrors: [{source: docker.io/library, mirrors: [r.io/library]}]}",
         [("docker.io/library", "prefix")]),
        ("binaryauthorization.cnrm.cloud.google.com/v1beta1 BinaryAuthorizationPolicy",
         "{admissionWhitelistPatterns: [{namePattern: 'docker.io/library/*'}]}",
         [("docker.io/library/*", "glob")]),
        ("policies.kubewarden.io/v1 ClusterAdmissionPolicy",
         "{settings: {registries: {allow: [docker.io]}, images: {reject: ['a/b:1']}}}",
         [("docker.io/a/b:1", "name"), ("docker.io", "prefix")]),
        ("kyverno.io/v1 ClusterPolicy", "{rules: [{verifyImages: [{imageReferences: ['{{ allowed }}']}]}]}",
         []),
    ],
)  # fmt: skip
def test_what_rules_compare_names_with(kind, spec, rules):
    assert extracted("image_policy", policy(spec, kind), "policy.yaml").rules == rules


def test_rego_of_a_template_is_read_as_such():
    spec = "{targets: [{target: t, rego: 'package a'}]}"
    found = extracted("image_policy", policy(spec, "templates.gatekeeper.sh/v1 ConstraintTemplate"), "x.yaml")
    assert [(str(item.text), item.formats) for item in found.embedded] == [("package a", ("rego",))]


@pytest.mark.parametrize(
    "rule",
    [
        "{mutate: {patchStrategicMerge: {spec: {containers: [{name: x, image: 'a/b:1'}]}}}}",
        "{mutate: {foreach: [{patchStrategicMerge: {spec: {containers: [{name: x, image: 'a/b:1'}]}}}]}}",
        "{generate: {data: {spec: {containers: [{name: x, image: 'a/b:1'}]}}}}",
        "{mutate: {patchesJson6902: \"- {op: add, path: /spec/containers/0/image, value: 'a/b:1'}\"}}",
        "{mutate: {patchesJson6902: \"- {op: add, path: /x, value: {name: c, image: 'a/b:1'}}\"}}",
    ],
)
def test_what_a_rule_adds_is_an_image(rule):
    assert found(f"{{rules: [{rule}]}}") == ["docker.io/a/b:1"]


def test_what_is_made_of_other_names_is_none():
    spec = "{rules: [{mutate: {patchStrategicMerge: {spec: {containers: [{image: 'r.io/{{ x }}'}]}}}}]}"
    assert extracted("image_policy", policy(spec), "policy.yaml").found == []


@pytest.mark.parametrize("value", ["'a/b:1'", "{name: x, image: 'a/b:1'}"])
def test_what_gatekeeper_assigns(value):
    spec = f"{{location: 'spec.containers[name:x].image', parameters: {{assign: {{value: {value}}}}}}}"
    assert found(spec, "mutations.gatekeeper.sh/v1 Assign") == ["docker.io/a/b:1"]


def test_a_module_of_kubewarden_is_pulled():
    spec = "{module: 'registry://ghcr.io/kubewarden/policies/x:v1'}"
    assert found(spec, "policies.kubewarden.io/v1 ClusterAdmissionPolicy") == [
        "ghcr.io/kubewarden/policies/x:v1"
    ]


@given(
    st.lists(
        st.sampled_from(
            [
                "rules: ",
                "[",
                "]",
                "{",
                "}",
                "mutate: ",
                "patchesJson6902: ",
                '"- a"',
                "image: a",
                ", ",
                "\n  ",
            ]
        )
    )
)
@settings(max_examples=100, deadline=None)
def test_any_text_is_read(tokens):
    text = policy("".join(tokens))
    for item in extracted("image_policy", text, "x.yaml").items:
        assert 0 <= item.start <= len(text)
