"""Values of variables for the Terraform files beside them."""

import pytest
from extracted import extracted

from planner.scanning.catalog import chosen


def test_values_go_to_the_files_of_the_folder():
    read = extracted("tfvars", 'image = "nginx:1"\n', "a/terraform.tfvars")
    given = {form: list(values.values()) for _, form, values in read.bindings}
    assert "nginx:1" in given["terraform"]


def test_value_that_is_called_image_and_looks_like_one_is_a_guess():
    (item,) = extracted("tfvars", 'image = "nginx:1"\n', "terraform.tfvars").occurrences
    assert (str(item.reference), item.confidence) == ("docker.io/library/nginx:1", "heuristic")


@pytest.mark.parametrize("name", ["terraform.tfvars", "a/prod.auto.tfvars", "x.tfvars.json"])
def test_file_that_is_read(name):
    assert "tfvars" in chosen(["tfvars"]).claims(f"/{name}")
