"""Ansible: modules, variables, loops, and what files hand on to others."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats._patterns import matcher
from planner.formats.ansible import FORMAT

TASKS = "roles/web/tasks/main.yml"


def found(text, path=TASKS, **given):
    return extracted("ansible", text, path, **given)


def task(module, arguments, **others):
    keys = "".join(f"  {name}: {value}\n" for name, value in others.items())
    return found(f"- name: it\n  {module}: {arguments}\n{keys}")


# Modules


@pytest.mark.parametrize(
    "module", ["docker_container", "community.docker.docker_container", "containers.podman.podman_container"]
)
def test_image_of_a_container(module):
    assert task(module, "{name: web, image: 'nginx:1.25'}").roles == [
        ("docker.io/library/nginx:1.25", "workload")
    ]


@pytest.mark.parametrize(
    ("module", "arguments", "references"),
    [
        ("docker_image", "{name: redis, tag: 7, source: pull}", ["docker.io/library/redis:7"]),
        ("docker_image", "name=redis tag=7", ["docker.io/library/redis:7"]),
        ("docker_image", "{name: 'redis:6', tag: 7}", ["docker.io/library/redis:6"]),
        ("docker_image", "{name: redis}", ["docker.io/library/redis"]),
        ("docker_image", "{name: redis, state: absent}", []),
        ("docker_image", "{name: redis, source: load, load_path: x.tar}", []),
        ("docker_image", "{name: redis, source: local, repository: r.io/redis}", []),
        ("docker_image_pull", "{name: redis, tag: 7}", ["docker.io/library/redis:7"]),
        ("podman_image", "{name: quay.io/a/b, tag: v1}", ["quay.io/a/b:v1"]),
        ("docker_image_info", "{name: redis}", []),
        ("docker_swarm_service", "{name: x, image: 'a/b:1'}", ["docker.io/a/b:1"]),
        (
            "podman_containers",
            "{containers: [{image: a}, {image: b}]}",
            ["docker.io/library/a", "docker.io/library/b"],
        ),
        ("docker_compose", "{definition: {services: {x: {image: 'a:1'}}}}", ["docker.io/library/a:1"]),
        (
            "docker_stack",
            "{compose: [{services: {x: {image: 'a:1'}}}, other.yml]}",
            ["docker.io/library/a:1"],
        ),
        (
            "k8s",
            "{definition: {kind: Pod, spec: {containers: [{name: x, image: 'a:1'}]}}}",
            ["docker.io/library/a:1"],
        ),
        ("helm", "{chart_ref: 'oci://ghcr.io/a/b', chart_version: 1.2.3}", ["ghcr.io/a/b:1.2.3"]),
        ("helm", "{chart_ref: a/b, values: {image: {repository: c/d, tag: 1}}}", ["docker.io/c/d:1"]),
        ("shell", "docker run --rm alpine:3 true", ["docker.io/library/alpine:3"]),
        ("command", "{argv: [docker, pull, 'alpine:3']}", ["docker.io/library/alpine:3"]),
        ("ansible.builtin.command", "{cmd: 'podman pull alpine:3'}", ["docker.io/library/alpine:3"]),
        ("debug", "{msg: 'docker run alpine:3', image: 'a:1'}", []),
    ],
)
def test_modules(module, arguments, references):
    assert task(module, arguments).pulled == references


@pytest.mark.parametrize(
    ("module", "arguments"),
    [
        ("docker_image", "{name: acme/app, tag: v1, source: build, build: {path: ./app}}"),
        ("docker_image", "{name: acme/app, tag: v1, path: ./app}"),
        ("docker_image", "{name: x, source: local, repository: 'acme/app:v1', push: true}"),
        ("docker_image_build", "{name: acme/app, tag: v1, path: ./app}"),
        ("docker_image_push", "{name: acme/app, tag: v1}"),
        ("docker_image_tag", "{name: x, repository: ['acme/app:v1']}"),
        ("docker_compose", "{definition: {services: {x: {build: ., image: 'acme/app:v1'}}}}"),
    ],
)
def test_what_is_built_or_pushed_is_an_output(module, arguments):
    item = task(module, arguments)
    assert (item.outputs, item.pulled) == (["docker.io/acme/app:v1"], [])


def test_arguments_of_a_build_are_for_its_dockerfile():
    item = task("docker_image_build", "{name: a, path: app, args: {BASE: 'node:20'}}")
    assert item.bindings == [("roles/web/tasks/app/Dockerfile", "dockerfile", {"BASE": "node:20"})]


@pytest.mark.parametrize(
    ("module", "arguments", "name"),
    [
        ("copy", "{dest: /opt/compose.yml, content: \"a: 1\\nb: 2\"}", "compose.yml"),
        ("k8s", "{definition: \"kind: Pod\\napiVersion: v1\"}", "manifest.yaml"),
    ],
)  # fmt: skip
def test_files_that_are_written_in_place(module, arguments, name):
    assert [item.name for item in task(module, arguments).embedded] == [name]


# Where tasks stand


@pytest.mark.parametrize("key", ["block", "rescue", "always"])
def test_blocks(key):
    text = f"- {key}:\n  - {key}:\n    - docker_container: {{image: 'a:1'}}\n"
    assert found(text).pulled == ["docker.io/library/a:1"]


@pytest.mark.parametrize(
    "lead",
    [
        "",
        "---\n",
        "\ufeff---\n",
        "# site\n\n--- # all\n",
        "%YAML 1.2\n---\n",
        "a: b\n---\n",
        "a: b\r\n...\r\n---\r\n",
    ],
)
def test_play_is_told_wherever_it_begins(lead):
    text = f"{lead}- hosts: all\n  tasks:\n  - docker_container: {{name: web, image: 'nginx:1'}}\n"
    assert found(text, "site.yml").pulled == ["docker.io/library/nginx:1"]


@pytest.mark.parametrize("key", ["tasks", "pre_tasks", "post_tasks", "handlers"])
def test_tasks_of_a_play(key):
    text = f"- hosts: all\n  {key}:\n  - docker_container: {{image: 'a:1'}}\n"
    assert found(text, "site.yml").pulled == ["docker.io/library/a:1"]


def test_a_list_with_a_module_for_containers_is_one_of_tasks():
    assert found("- name: x\n  docker_container: {image: 'a:1'}\n", "x/deploy.yml").pulled == [
        "docker.io/library/a:1"
    ]


@pytest.mark.parametrize("keyword", ["register: y", "become: true", "delegate_to: z", "changed_when: false"])
def test_a_list_with_a_command_and_what_only_tasks_have_is_one_of_tasks(keyword):
    text = f"- name: x\n  ansible.builtin.shell: docker run a:1\n  {keyword}\n"
    assert found(text, "x/deploy.yml").pulled == ["docker.io/library/a:1"]


@pytest.mark.parametrize(
    "task",
    [
        "- command:\n    cmd: '{{ bin_dir }}/kubectl apply -f -'\n    stdin: |\n",
        "- shell: kubectl create -f -\n  args:\n    stdin: |\n",
        "- command: docker build -t x -\n  args:\n    stdin: |\n",
    ],
)
def test_what_a_command_reads_is_a_file(task):
    (embedded,) = found(f"{task}      FROM a:1\n").embedded
    assert str(embedded.text) == "FROM a:1\n"
    assert embedded.formats == (("dockerfile",) if "docker" in task else ("kubernetes",))


def test_other_lists_are_none():
    assert found("- name: x\n  shell: docker run a\n", "x/list.yml").found == []


# Variables


@pytest.mark.parametrize(
    ("written", "reference"),
    [
        ("{{ img | default('busybox:1') }}", "busybox:1"),
        ("{{ img | d('busybox:1', true) }}", "busybox:1"),
        ("{{ known }}", "nginx:1"),
        ("{{ known | default('busybox:1') }}", "nginx:1"),
        ("{{ 'nginx' ~ ':' ~ tag }}", "nginx:2"),
        ("nginx:{{ tag }}", "nginx:2"),
        ("{{ web.image }}:{{ web['tag'] }}", "a:3"),
        ("{{ list[0] }}", "first:1"),
        ("{{ indirect }}", "nginx:2"),
        ("{{ known if tag == '2' else known }}", "nginx:1"),
        ("{{ known | trim | string }}", "nginx:1"),
        ("a:{{ web[field] }}", "a:3"),
        ("{{ 'nginx:1' if tag else 'a:1' }}", "nginx:1"),
        ("{{ 'nginx:1' if empty else 'a:1' }}", "a:1"),
        ("{{ empty }}nginx:1", "nginx:1"),
        ("{{ one.image }}:{{ one.tag }}", "a:3"),
    ],
)
def test_expressions(written, reference):
    variables = (
        "{known: 'nginx:1', tag: 2, web: {image: a, tag: 3}, list: ['first:1'], indirect: 'nginx:{{ tag }}',"
        " field: tag, empty: '', all: {one: {image: a, tag: 3}}, one: \"{{ all['one'] }}\"}"
    )
    item = task("docker_container", f'{{image: "{written}"}}', vars=variables)
    assert (set(item.pulled), item.unresolved) == ({f"docker.io/library/{reference}"}, [])


@pytest.mark.parametrize(
    "written",
    [
        "{{ img }}:{{ tag }}",
        "{{ lookup('env', 'IMG') }}",
        "{{ x | regex_replace('a') }}",
        "{% if a %}b{% endif %}",
    ],
)
def test_what_is_not_known_is_told(written):
    assert [text for text, _ in task("docker_container", f'{{image: "{written}"}}').unresolved] == [written]


@pytest.mark.parametrize("name", ["quay.io/acme/web", "docker.io/acme/web:1"])
def test_image_of_a_module_that_is_not_known(name):
    assert task("acme.stage.runner", f"{{image: {name}}}").pulled == [name]


@pytest.mark.parametrize("arguments", ["{image: debian-12}", "{image: acme/web}", "{image: '{{ image }}'}"])
def test_disk_of_a_virtual_machine_is_no_image(arguments):
    assert task("openstack.cloud.server", arguments).found == []


def test_each_branch_of_a_condition_counts():
    item = task("docker_container", "{image: \"{{ 'a:1' if x else 'b:2' }}\"}")
    assert item.pulled == ["docker.io/library/a:1", "docker.io/library/b:2"]


def test_a_variable_that_names_itself_is_not_known():
    assert len(task("docker_container", '{image: "{{ a }}"}', vars='{a: "{{ a }}"}').unresolved) == 1


def test_variables_that_double_themselves_are_cut_off():
    twice = "".join(f"a{level}: '{f'{{{{ a{level + 1} }}}}' * 30}', " for level in range(20))
    assert task("docker_container", '{image: "{{ a0 }}"}', vars=f"{{{twice}a20: x}}").pulled == []


def test_a_variable_in_a_command():
    item = task("shell", "docker run {{ options }} nginx:{{ tag }}", vars="{tag: 2, options: --rm -it}")
    assert item.pulled == ["docker.io/library/nginx:2"]


def test_facts():
    text = "- set_fact: {img: 'a:1'}\n- docker_container: {image: '{{ img }}'}\n"
    assert found(text).pulled == ["docker.io/library/a:1"]


def test_an_omitted_tag_is_none():
    item = task("docker_image", "{name: redis, tag: '{{ t | default(omit) }}'}")
    assert item.pulled == ["docker.io/library/redis"]


@pytest.mark.parametrize(
    ("key", "items", "name"),
    [
        ("loop", "['a:1', 'b:2']", "item"),
        ("with_items", "['a:1', 'b:2']", "item"),
        ("loop", "[{image: a, tag: 1}, {image: b, tag: 2}]", "item.image }}:{{ item.tag"),
        ("with_dict", "{x: {image: 'a:1'}, y: {image: 'b:2'}}", "item.value.image"),
        ("loop", "'{{ images }}'", "item"),
        ("with_items", "['{{ images }}']", "item"),
        ("loop", "'{{ images | default([]) }}'", "item"),
        ("loop", "'{{ images | dict2items }}'", "item.value"),
    ],
)
def test_loops(key, items, name):
    item = task(
        "docker_image_pull",
        f"{{name: '{{{{ {name} }}}}'}}",
        **{key: items, "vars": "{images: ['a:1', 'b:2']}"},
    )
    assert item.pulled == ["docker.io/library/a:1", "docker.io/library/b:2"]


def test_a_loop_may_name_its_variable():
    item = task("docker_image_pull", "{name: '{{ each }}'}", loop="['a:1']", loop_control="{loop_var: each}")
    assert item.pulled == ["docker.io/library/a:1"]


@pytest.mark.parametrize(
    ("given", "tag"),
    [
        ({"defaults tag": "1"}, "1"),
        ({"defaults tag": "1", "group tag": "2"}, "2"),
        ({"group tag": "2", "host tag": "3"}, "3"),
        ({"host tag": "3", "vars tag": "4"}, "4"),
        ({"vars tag": "4", "play tag": "5"}, "5"),
    ],
)
def test_what_wins(given, tag):
    assert found("- docker_container: {image: 'a:{{ tag }}'}\n", **given).pulled == [
        f"docker.io/library/a:{tag}"
    ]


# What is handed on


@pytest.mark.parametrize(
    ("role", "target", "values"),
    [
        ("web", "roles/web/**", {"play v": "1"}),
        ("{role: web, img: 'a:1'}", "roles/web/**", {"play v": "1", "play img": "a:1"}),
        ("{role: acme.web, vars: {img: 'a:1'}}", "roles/web/**", {"play v": "1", "play img": "a:1"}),
    ],
)
def test_roles_of_a_play(role, target, values):
    text = f"- hosts: all\n  vars: {{v: 1}}\n  roles: [{role}]\n"
    assert (target, "ansible", values) in found(text, "site.yml").bindings


def test_a_role_that_a_task_includes():
    item = task("include_role", "{name: db}", vars="{img: 'a:1'}")
    assert item.bindings == [
        ("roles/db/**", reader, {"play img": "a:1"}) for reader in ("ansible", "ansible_template")
    ]


def test_a_target_of_a_test_includes_another_as_a_role():
    path = "tests/integration/targets/web/tasks/main.yml"
    item = found("- include_role: {name: setup_db}\n  vars: {img: 'a:1'}\n", path)
    assert item.bindings[0][0] == "tests/integration/targets/setup_db/**"


def test_tasks_that_a_task_includes():
    item = task("include_tasks", "pull.yml", vars="{img: 'a:1'}")
    assert item.bindings == [("roles/web/tasks/pull.yml", "ansible", {"play img": "a:1"})]


# Laws


@pytest.mark.parametrize("path", ["site.yml", TASKS])
def test_names_of_files(path):
    assert matcher(FORMAT.patterns).search(path)


_TOKENS = [
    "- ", "docker_container: ", "image: ", "'{{ a | default(b) }}'", "{{", "}}", "{% ",
    "block:\n", "  ", "\n", "vars: {a: b}",
    "loop: ", "[", "]", "{", "shell: docker run ", "&x ", "*x", "name=", "set_fact: ",
]  # fmt: skip


@given(
    st.lists(st.sampled_from(_TOKENS), max_size=30),
    st.sampled_from([TASKS, "site.yml"]),
)
@settings(max_examples=200, deadline=None)
def test_any_text_is_read(tokens, path):
    text = "".join(tokens)
    for item in found(text, path).items:
        assert 0 <= getattr(item, "start", 0) <= len(text)


# What is pulled unless it is built


def test_what_is_pulled_where_it_is_not_built_is_no_output():
    text = """
- when: web_build
  block:
    - docker_image_build: {name: "{{ web_image }}", path: /src}
- docker_image_pull: {name: "{{ web_image }}"}
  when: not web_build
"""
    assert found(text, **{"defaults web_image": "a/web:1"}).roles == [("docker.io/a/web:1", "script")]


@pytest.mark.parametrize(
    "other",
    ["docker_image_build: {name: 'a/web:1', path: /src}", "docker_image: {name: 'a/web:1', source: build}"],
)
def test_what_is_always_built_is_an_output_though_it_is_pulled_too(other):
    text = f"- docker_image_pull: {{name: 'a/web:1'}}\n- {other}\n"
    assert found(text).outputs == ["docker.io/a/web:1"]


def test_what_is_built_on_a_condition_and_pulled_nowhere_is_an_output():
    assert found("- docker_image_build: {name: 'a/web:1'}\n  when: x\n").outputs == ["docker.io/a/web:1"]


# Commands


def test_a_command_without_a_shell_goes_on_over_the_ends_of_lines():
    lines = ("{{ docker_bin }} run", "--rm", "-w /work", "python:3.9", "-c 'x'")
    text = "- command:\n    cmd: |\n" + "".join(f"      {line}\n" for line in lines)
    assert found(text).pulled == ["docker.io/library/python:3.9"]


def test_a_command_of_a_shell_ends_with_its_line():
    assert found("- shell: |\n    docker run\n    redis:7\n").pulled == []


def test_statements_of_a_template_are_no_words_of_a_command():
    text = """
- command: >-
    docker run --rm
    {% if network %}
    --network={{ network }}
    {% endif %}
    --entrypoint=/bin/sh
    redis:7 -c x
"""
    assert found(text).pulled == ["docker.io/library/redis:7"]


def test_a_variable_called_docker_runs_what_is_named():
    build = "- command: '{{ docker_bin }} build -t a/web:1 /src'\n"
    text = f"{build}- shell: cd /x && {{{{ host_docker }}}} pull b/c:2\n"
    assert (found(text).outputs, found(text).pulled) == (["docker.io/a/web:1"], ["docker.io/b/c:2"])


def test_a_command_that_builds_on_a_condition_makes_no_output_of_what_is_pulled():
    text = """
- docker_image_pull: {name: a/web, tag: '1'}
- command: docker build -t {{ image }} /src
  when: web_build
- docker_image_pull: {name: '{{ image }}'}
"""
    assert found(text, **{"defaults image": "b/c:1"}).roles == [
        ("docker.io/a/web:1", "script"),
        ("docker.io/b/c:1", "script"),
    ]


def test_spaces_around_the_value_of_a_variable_are_no_part_of_a_name():
    text = "- command: docker run {{ final }} x\n"
    given = {"defaults image": "a/web:1", "defaults final": "{{ image }} "}
    assert found(text, **given).pulled == ["docker.io/a/web:1"]
