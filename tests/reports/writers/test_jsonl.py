import json

from planner.model.inventory import Inventory
from reports.report import render
from reports.writers._base import pieces


def test_an_object_a_line_of_the_table_that_stands_for_the_document(inventory: Inventory):
    lines = "".join(map(str, pieces(render(inventory, "jsonl")))).splitlines()
    assert [json.loads(line)["text"] for line in lines][:2] == ["nginx:1.27", "nginx:1.27"]
    assert json.loads(lines[0])["pulled"] is True


def test_another_table_can_be_asked_for(inventory: Inventory):
    (line,) = pieces(render(inventory, "jsonl", table="unresolved"))
    assert json.loads(str(line))["reason"] == "V has no default; set it in an ARG"
