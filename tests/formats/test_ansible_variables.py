"""Variables of Ansible: for whom they are, and which of them are images."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats._patterns import matcher
from planner.formats.ansible_variables import FORMAT
from planner.scan import scan


def found(text, path):
    return extracted("ansible_variables", text, path)


@pytest.mark.parametrize(
    ("path", "target", "tier", "always"),
    [
        ("roles/web/defaults/main.yml", "roles/web/**", "defaults", True),
        ("roles/web/vars/main.yml", "roles/web/**", "vars", True),
        ("roles/web/vars/Debian.yml", "roles/web/**", "vars", False),
        ("group_vars/all.yml", "**", "group", True),
        ("group_vars/all/images.yml", "**", "group", True),
        ("deploy/inventories/prod/group_vars/web.yml", "deploy/**", "group", False),
        ("host_vars/a.example.com.yml", "**", "host", False),
        ("group_vars/all", "**", "group", True),
        ("inventory/group_vars/web/images", "**", "group", False),
        ("host_vars/a.example.com", "**", "host", False),
        ("roles/web/defaults/main", "roles/web/**", "defaults", True),
    ],
)
def test_files_of_variables(path, target, tier, always):
    item = found("web_image: nginx:1\n", path)
    bindings = [each for each in item.items if not hasattr(each, "role")]
    of_every_host = always and tier == "group"  # other files of variables are made of these
    formats = ["ansible", "ansible_template", *(["ansible_variables"] if of_every_host else [])]
    expected = [(target, name, {f"{tier} web_image": "nginx:1"}) for name in formats]
    if always and not of_every_host:  # for the roles that depend on this one
        expected.append(("**", "ansible_variables", {f"dependency_{tier} web_image": "nginx:1"}))
    assert item.bindings == expected
    assert {each.always for each in bindings} == {always}


def test_secrets_and_prose_are_not_handed_on():
    text = "db_password: x\nmotd: two words\ndebug: true\ntag: 1\n"
    assert found(text, "group_vars/web.yml").bindings == [
        ("**", "ansible", {"group tag": "1"}),
    ]


@pytest.mark.parametrize(
    ("text", "references"),
    [
        ("web_image: nginx:{{ v }}\nv: 1\n", ["docker.io/library/nginx:1"]),
        ("web: {image: a/b:1}\n", ["docker.io/a/b:1"]),
        ("web_image: nginx\ncover_image: a.png\nimage_tag: 1\n", []),
        ("web_image: '{{ x }}:1'\n", []),
    ],
)
def test_variables_that_are_named_after_images(text, references):
    assert found(text, "group_vars/all.yml").pulled == references


@pytest.mark.parametrize(
    "path",
    [
        "group_vars/all.yml", "a/host_vars/x.yaml", "roles/web/defaults/main.yml", "group_vars/all",
        "a/group_vars/web/images", "host_vars/a.example.com", "roles/web/vars/main",
    ],
)  # fmt: skip
def test_names_of_files(path):
    assert matcher(FORMAT.patterns).search(path)


@pytest.mark.parametrize("path", ["host_vars/README.md", "vars/docker", "group_vars/all.md", "vars/a.groovy"])
def test_other_files_beside_variables_are_none(path):
    assert not found("web_image: nginx:1\n", path).items


@given(
    st.lists(
        st.sampled_from(["image: ", "a:1", "\n", "{{ b }}", "  ", "b: ", "- ", "[", "{", "'", "&a ", "*a"])
    )
)
@settings(max_examples=100, deadline=None)
def test_any_text_is_read(tokens):
    text = "".join(tokens)
    for item in found(text, "group_vars/all.yml").items:
        assert 0 <= getattr(item, "start", 0) <= len(text)


# Repository and version in two variables


def in_two(text):
    return extracted("ansible_variables", text, "roles/web/defaults/main/images.yml")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("web_image_repo: a/web\nweb_image_tag: v1\n", ["docker.io/a/web:v1"]),
        ("web_image_repository: a/web\nweb_image_version: 1.10\n", ["docker.io/a/web:1.10"]),
        (
            "hub: docker.io\nv: '2'\nweb_image_repo: '{{ hub }}/a/web'\nweb_image_tag: 'v{{ v }}'\n",
            ["docker.io/a/web:v2"],
        ),
        (
            "hub_image_repo: quay.io\nweb_image_repo: '{{ hub_image_repo }}/a/web'\nweb_image_tag: v1\n",
            ["quay.io/a/web:v1"],
        ),
    ],
)
def test_image_whose_version_is_another_variable(text, expected):
    assert in_two(text).pulled == expected


@pytest.mark.parametrize(
    "text",
    [
        "web_image_repo: a/web\n",
        "web_image_repo: quay.io\nweb_image_tag: v1\n",
        "web_repo: a/web\nweb_tag: v1\n",
    ],
)
def test_repository_without_a_version_is_no_image(text):
    assert (in_two(text).pulled, in_two(text).unresolved) == ([], [])


def test_version_that_is_not_known_is_told():
    ((text, _),) = in_two("web_image_repo: a/web\nweb_image_tag: '{{ versions[kube] }}'\n").unresolved
    assert text == "a/web:{{ versions[kube] }}"


def test_what_one_group_has_goes_to_templates_only_where_it_is_about_images():
    assert [target[1] for target in found("tag: 1\n", "group_vars/web.yml").bindings] == ["ansible"]
    assert [target[1] for target in found("tag: 1\nweb_image: a/b\n", "group_vars/web.yml").bindings] == [
        "ansible",
        "ansible_template",
    ]


DEFAULTS = "registry: reg.acme.io\ntag: 1\n"
TASK = '- docker_container: {name: a, image: "{{ registry }}/app:{{ tag }}"}\n'


@pytest.mark.parametrize(
    ("files", "references"),
    [
        ({"roles/app/meta/main.yml": "dependencies: [common]\n"}, ["reg.acme.io/app:1"]),
        ({"roles/app/meta/main.yml": "dependencies:\n- {role: common, tag: 2}\n"}, ["reg.acme.io/app:1"]),
        (
            {"roles/app/meta/main.yml": "dependencies: [common]", "roles/app/defaults/main.yml": "tag: 3"},
            ["reg.acme.io/app:3"],
        ),
        (
            {
                "roles/app/meta/main.yaml": "dependencies:\n- role: middle\n",
                "roles/middle/meta/main.yml": "dependencies:\n- name: common\n- app\n",
            },
            ["reg.acme.io/app:1"],
        ),
        ({"roles/app/meta/main.yml": "dependencies: [other, '{{ x }}']\n"}, []),
    ],
)
def test_a_role_has_the_variables_of_those_that_it_depends_on(tmp_path, files, references):
    every = {"roles/common/defaults/main.yml": DEFAULTS, "roles/app/tasks/main.yml": TASK, **files}
    for name, text in every.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    inventory = scan([tmp_path])
    assert [str(each.reference) for each in inventory.occurrences] == references
    assert bool(inventory.unresolved) is not bool(references)


def test_a_role_gives_variables_to_those_that_it_depends_on(tmp_path):
    for name, text in {
        "roles/app/meta/main.yml": "dependencies:\n- role: common\n  vars: {tag: 2}\n",
        "roles/common/tasks/main.yml": "- docker_container: {name: a, image: 'redis:{{ tag }}'}\n",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    inventory = scan([tmp_path])
    assert [str(each.reference) for each in inventory.occurrences] == ["docker.io/library/redis:2"]
