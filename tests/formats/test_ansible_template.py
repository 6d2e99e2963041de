"""Templates of Ansible, with the variables of their role and their hosts."""

from extracted import extracted

from planner.model.inventory import Occurrence
from planner.scan import scan

POD = """\
apiVersion: v1
kind: Pod
spec:
  containers:
    - name: web
      image: "{{ web_image }}:{{ web_tag | default('latest') }}"
"""


def scanned(root, files):
    """Return what stands in templates, `PATH:LINE REFERENCE`, sorted."""
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    found = (each for each in scan([root]).found if isinstance(each, Occurrence) and "templates" in each.path)
    return sorted(f"{each.path}:{each.line} {each.reference}" for each in found)


def test_without_variables_a_template_gives_nothing():
    assert extracted("ansible_template", POD, "roles/web/templates/pod.yaml.j2").items == ()


def test_a_template_is_read_as_the_file_that_it_becomes():
    [embedded] = extracted(
        "ansible_template", POD, "roles/web/templates/pod.yaml.j2", **{"defaults web_image": "a/web"}
    ).embedded
    assert (embedded.name, str(embedded.text)) == ("pod.yaml", POD)


def test_defaults_of_a_role_fill_its_templates_of_any_kind(tmp_path):
    found = scanned(
        tmp_path,
        {
            "roles/web/defaults/main.yml": "web_image: example/web\nweb_tag: '1.2'\n",
            "roles/web/templates/pod.yaml.j2": POD,
            "roles/web/templates/compose.yml.j2": (
                "services:\n  web:\n    image: '{{ web_image }}:{{ web_tag }}'\n"
            ),
            "roles/web/templates/web.service.j2": (
                "[Service]\nExecStart=/usr/bin/docker run {{ web_image }}:{{ web_tag }}\n"
            ),
        },
    )
    assert found == [
        "roles/web/templates/compose.yml.j2:3 docker.io/example/web:1.2",
        "roles/web/templates/pod.yaml.j2:6 docker.io/example/web:1.2",
        "roles/web/templates/web.service.j2:2 docker.io/example/web:1.2",
    ]


def test_variables_of_another_role_do_not_fill_a_template(tmp_path):
    files = {"roles/db/defaults/main.yml": "web_image: example/web\n", "roles/web/templates/pod.yaml.j2": POD}
    assert scanned(tmp_path, files) == []


def test_an_expression_that_no_variable_answers_is_told_once_by_its_own_format(tmp_path):
    conf = '[crio.image]\npause_image = "{{ pause_image }}"\n'
    files = {"roles/web/defaults/main.yml": "web_image: a/b\n", "roles/web/templates/crio.conf.j2": conf}
    assert scanned(tmp_path, files) == []
    assert not [each for each in scan([tmp_path]).found if "templates" in each.path]


def test_groups_fill_templates_and_win_over_defaults(tmp_path):
    found = scanned(
        tmp_path,
        {
            "group_vars/all.yml": "web_tag: '2.0'\n",
            "roles/web/defaults/main.yml": "web_image: example/web\nweb_tag: '1.2'\n",
            "roles/web/templates/pod.yaml.j2": POD,
        },
    )
    assert found == ["roles/web/templates/pod.yaml.j2:6 docker.io/example/web:2.0"]


def test_facts_that_tasks_set_fill_templates(tmp_path):
    found = scanned(
        tmp_path,
        {
            "roles/web/tasks/main.yml": (
                "- set_fact:\n    web_image: \"{{ image | default('example/fact') }}\"\n"
            ),
            "roles/web/templates/pod.yaml.j2": POD,
        },
    )
    assert found == ["roles/web/templates/pod.yaml.j2:6 docker.io/example/fact:latest"]
