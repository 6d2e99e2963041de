"""Terragrunt: images among the inputs of modules."""

import pytest
from extracted import extracted


def found(text):
    return extracted("terragrunt", text, "prod/terragrunt.hcl")


def test_input_that_is_called_image_is_one():
    assert found('inputs = {\n  image = "nginx:1"\n}\n').pulled == ["docker.io/library/nginx:1"]


def test_local_is_filled_in():
    text = 'locals {\n  v = "1"\n}\ninputs = {\n  image = "nginx:${local.v}"\n}\n'
    assert found(text).pulled == ["docker.io/library/nginx:1"]


@pytest.mark.parametrize(
    "line", ['ami_image = "ami-0123"', 'image_pull_policy = "Always"', 'name = "nginx:1"']
)
def test_input_that_is_no_image(line):
    assert found(f"inputs = {{\n  {line}\n}}\n").found == []


def test_inputs_go_to_a_local_module():
    text = 'terraform {\n  source = "../modules/app"\n}\ninputs = {\n  image = "nginx:1"\n}\n'
    assert ("modules/app/", "terraform") in [(target, form) for target, form, _ in found(text).bindings]
