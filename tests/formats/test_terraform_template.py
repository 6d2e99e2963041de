"""Templates of Terraform: which files they are, and what they become."""

import pytest

from planner.scan import scan

CONTAINERS = '[{"name": "web", "image": "${image}", "essential": true}]\n'
CLOUD = "#cloud-config\nruncmd:\n- docker run ${image}\n"
POD = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: web\n    image: ${image}\n"
SCRIPT = "#!/bin/sh\ndocker run ${image}\n"


@pytest.fixture
def module(tmp_path):
    def of(**files: str):
        for name, text in files.items():
            path = tmp_path / name.replace("__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return scan([tmp_path])

    return of


def found(inventory, path):
    return [str(each.reference) for each in inventory.occurrences if each.path == path]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pod.yaml.tftpl", POD),
        ("pod.tpl.yaml", POD),
        ("pod.yml", POD),
        ("user_data.sh", SCRIPT),
        ("user_data.tftpl", SCRIPT),
        ("setup.tpl", SCRIPT),
        ("cloud.tpl", CLOUD),
        ("cloud-init.yaml", CLOUD),
        ("task-definition.json", CONTAINERS),
        ("web.json.tpl", CONTAINERS),
    ],
)
def test_template_is_read_as_what_its_name_or_its_beginning_tells(module, name, text):
    call = f'templatefile("${{path.module}}/{name}", {{ image = "redis:7" }})'
    inventory = module(**{"main.tf": f'resource "x" "y" {{\n  text = {call}\n}}\n', name: text})
    assert (found(inventory, name), inventory.unresolved) == (["docker.io/library/redis:7"], ())


def test_containers_are_known_by_the_attribute_that_they_are_the_value_of(module):
    text = '[{"name": "web", "image": "acme/web:${tag}", "portMappings": []}]\n'
    inventory = module(
        **{
            "ecs.tf": (
                'resource "aws_ecs_task_definition" "a" {\n  container_definitions = '
                'templatefile("${path.module}/web.tftpl", { tag = "2" })\n}\n'
            ),
            "web.tftpl": text,
        },
    )
    assert found(inventory, "web.tftpl") == ["docker.io/acme/web:2"]


def test_variable_of_the_module_is_edited_where_it_is_set(module):
    inventory = module(
        **{
            "main.tf": (
                'variable "image" {\n  default = "acme/web:1"\n}\nresource "x" "y" {\n'
                '  user_data = templatefile("run.sh", { image = var.image })\n}\n'
            ),
            "run.sh": SCRIPT,
        }
    )
    (item,) = (each for each in inventory.occurrences if each.path == "run.sh")
    assert [(each.path, each.text) for each in item.fragments] == [("main.tf", "acme/web"), ("main.tf", "1")]
    assert (item.confidence.value, item.line, item.trail) == ("resolved", 2, ("filled in by main.tf",))


def test_each_repetition_of_a_resource_is_a_use_of_the_template(module):
    inventory = module(
        **{
            "main.tf": (
                'resource "x" "y" {\n  for_each = { a = "acme/a:1", b = "acme/b:2" }\n'
                '  user_data = base64encode(templatefile("run.sh", { image = each.value }))\n}\n'
            ),
            "run.sh": SCRIPT,
        }
    )
    assert found(inventory, "run.sh") == ["docker.io/acme/a:1", "docker.io/acme/b:2"]


def test_loop_and_members_of_what_is_given(module):
    script = (
        "#!/bin/sh\n%{ for image in images ~}\ndocker pull ${image}\n%{ endfor ~}\n"
        "docker run ${web.name}:${web.tag}\necho $${HOME}\n"
    )
    inventory = module(
        **{
            "main.tf": (
                'resource "x" "y" {\n  user_data = templatefile("run.sh", {\n'
                '    images = ["acme/a:1", "acme/b:2"], web = { name = "acme/web", tag = "3" }\n  })\n}\n'
            ),
            "run.sh": script,
        }
    )
    assert (found(inventory, "run.sh"), inventory.unresolved) == (
        ["docker.io/acme/a:1", "docker.io/acme/b:2", "docker.io/acme/web:3"],
        (),
    )


def test_loop_in_a_text_of_the_module_itself(module):
    text = (
        'locals {\n  images = ["acme/a:1", "acme/b:2"]\n}\nresource "aws_instance" "x" {\n'
        "  user_data = <<-EOT\n    #!/bin/sh\n    %{ for image in local.images ~}\n    docker pull ${image}\n"
        "    %{ endfor ~}\n  EOT\n}\n"
    )
    names = found(module(**{"main.tf": text}), "main.tf")
    assert {"docker.io/acme/a:1", "docker.io/acme/b:2"} <= {*names}


def test_both_branches_of_a_condition_count_and_what_is_not_given_is_told_once(module):
    script = "#!/bin/sh\n%{ if gpu }\ndocker run acme/gpu:1\n%{ else }\ndocker run ${cpu}\n%{ endif }\n"
    call = 'templatefile("run.sh", { gpu = var.gpu, other = "x" })'
    inventory = module(**{"main.tf": f'resource "x" "y" {{\n  user_data = {call}\n}}\n', "run.sh": script})
    assert found(inventory, "run.sh") == ["docker.io/acme/gpu:1"]
    assert [(each.path, each.text) for each in inventory.unresolved] == [("run.sh", "${cpu}")]


def test_template_of_a_module_has_what_its_caller_gives(module):
    inventory = module(
        **{
            "main.tf": 'module "m" {\n  source = "./m"\n  image = "acme/web:4"\n}\n',
            "m/main.tf": (
                'variable "image" {}\ndata "template_file" "t" {\n'
                '  template = file("${path.module}/run.tpl")\n  vars = { image = var.image }\n}\n'
            ),
            "m/run.tpl": SCRIPT,
        }
    )
    assert found(inventory, "m/run.tpl") == ["docker.io/acme/web:4"]


@pytest.mark.parametrize("path", ["/etc/run.sh", "../run.sh", "${var.where}/run.sh", "~/run.sh"])
def test_file_that_is_not_in_the_tree_is_left_alone(module, path):
    call = f'templatefile("{path}", {{ image = "redis:7" }})'
    inventory = module(**{"main.tf": f'resource "x" "y" {{\n  text = {call}\n}}\n', "run.sh": SCRIPT})
    assert found(inventory, "run.sh") == []


def test_file_that_nobody_fills_in_is_no_template(module):
    inventory = module(**{"run.sh": SCRIPT})
    assert [each.text for each in inventory.unresolved] == ["${image}"]
