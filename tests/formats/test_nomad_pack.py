"""Nomad Pack: variables of a pack, and what its templates make of them."""

import pytest
from extracted import extracted

from planner.formats._patterns import matcher
from planner.formats.nomad_pack import FORMAT
from planner.scan import scan

JOB = """job "x" {{
  group "g" {{
    task "t" {{
      driver = "docker"
      config {{
        image = {image}
      }}
    }}
  }}
}}
"""


def rendered(image, **given):
    values = {f"pack.{name}": value for name, value in given.items()}
    return extracted("nomad", JOB.format(image=image), "packs/x/templates/x.nomad.tpl", **values)


def test_variables_file_of_a_pack_is_read():
    assert matcher(FORMAT.patterns).search("/packs/cache/variables.hcl")


def test_file_that_sets_variables_of_a_pack_names_images():
    text = 'job_name = "web"\ntask_config = {\n  image   = "acme/web"\n  version = "1.2"\n}\n'
    read = extracted("nomad_pack", text, "packs/web/examples/basic.hcl")
    assert [(str(each.reference), each.confidence) for each in read.occurrences] == [
        ("docker.io/acme/web:1.2", "heuristic")
    ]


def test_defaults_go_to_the_templates_of_the_pack():
    text = """
variable "tag" {
  default = "7"
}
variable "task" {
  default = { version = "1.2", cpu = 5 }
}
"""
    ((target, form, values),) = extracted("nomad_pack", text, "packs/x/variables.hcl").bindings
    assert (target, form) == ("packs/x/templates/**", "nomad")
    assert {"pack.tag": "7", "pack.task.version": "1.2"}.items() <= values.items()


@pytest.mark.parametrize(
    "image",
    [
        '"redis:[[ var "tag" . ]]"',
        '"redis:[[var "tag" .]]"',
        '"redis:[[- var "tag" . -]]"',
        '"redis:[[ .my.tag ]]"',
        '[[ var "whole" . | quote ]]',
        '[[ printf "\\"redis:%s\\"" (var "tag" .) ]]',
        '[[ printf "%s:%s" (var "name" .) (var "tag" .) | quote ]]',
        '"[[ var "whole" . ]]"',
        '"[[ var "name" . ]]:[[ var "tag" . ]]"',
        '[[ if var "own" . ]]"redis:[[ var "tag" . ]]"[[ end ]]',
    ],
)
def test_template_takes_the_variables_of_its_pack(image):
    assert rendered(image, tag="7", whole="redis:7", name="redis").pulled == ["docker.io/library/redis:7"]


def test_both_branches_of_a_line_are_read():
    read = rendered('[[ if .x ]]"redis:[[ var "tag" . ]]"[[ else ]]"valkey/valkey:8"[[ end ]]', tag="7")
    assert read.pulled == ["docker.io/library/redis:7", "docker.io/valkey/valkey:8"]


def test_variable_without_a_value_is_told():
    ((text, reason),) = rendered('"redis:[[ var "tag" . ]]"').unresolved
    assert (text, "set it among the pack's variables" in reason) == ('redis:[[ var "tag" . ]]', True)


def test_separators_between_items_of_a_loop_are_no_mistake():
    text = JOB.format(image='"redis:7"').replace(
        "driver",
        'tags = [ [[ range $i, $t := var "tags" . ]][[if $i]],[[end]][[ $t | quote ]][[ end ]] ]\n driver',
    )
    assert extracted("nomad", text, "packs/x/templates/x.nomad.tpl").unresolved == []


def test_image_of_a_template_is_found_where_its_variables_are_beside_it(tmp_path):
    pack = tmp_path / "packs" / "cache"
    (pack / "templates").mkdir(parents=True)
    (pack / "variables.hcl").write_text('variable "tag" {\n  default = "7"\n}\n')
    (pack / "templates" / "cache.nomad.tpl").write_text(JOB.format(image='"redis:[[ var "tag" . ]]"'))
    inventory = scan([tmp_path])
    assert [str(each.reference) for each in inventory.occurrences] == ["docker.io/library/redis:7"]
    assert inventory.unresolved == ()
