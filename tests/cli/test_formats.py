from planner.cli.main import run
from planner.scanning.catalog import formats


def test_every_format_is_listed_with_its_specification(capsys):
    run(["formats"])
    output = capsys.readouterr().out
    assert [
        each.name for each in formats() if f"{each.name}\n" not in output or each.specification not in output
    ] == []
