"""Garden: actions and modules."""

import pytest
from extracted import extracted


def garden(text):
    return extracted("garden", text, "garden.yml")


@pytest.mark.parametrize(
    "text",
    [
        "kind: Deploy\ntype: container\nspec: {image: 'a/b:1'}\n",
        "kind: Run\nspec: {podSpec: {containers: [{image: 'a/b:1'}]}}\n",
        "kind: Module\ntype: container\nimage: 'a/b:1'\n",
        "kind: Deploy\nspec: {values: {image: {repository: a/b, tag: '1'}}}\n",
        "kind: Deploy\nspec: {image: \"a/b:${var.v || '1'}\"}\n",
    ],
)
def test_place_of_an_image(text):
    assert garden(text).roles == [("docker.io/a/b:1", "workload")]


def test_variable_of_the_project_is_filled_in():
    text = "kind: Project\nvariables: {v: '3'}\n---\nkind: Deploy\nspec: {image: 'a:${var.v}'}\n"
    assert garden(text).pulled == ["docker.io/library/a:3"]


@pytest.mark.parametrize(
    "text",
    [
        "kind: Module\ntype: container\nimage: a/b\ndockerfile: D\n",
        "kind: Build\nspec: {publishId: a/b}\n",
        "kind: Build\nspec: {localId: a/b}\n",
    ],
)
def test_name_that_is_built(text):
    assert (garden(text).pulled, garden(text).outputs) == ([], ["docker.io/a/b"])


def test_name_of_a_built_image_is_passed_over():
    assert garden("kind: Run\nspec: {image: '${actions.build.x.outputs.id}'}\n").items == ()


def test_arguments_reach_the_dockerfile():
    text = "kind: Build\nsource: {path: api}\nspec: {dockerfile: D, buildArgs: {V: '1'}}\n"
    assert garden(text).bindings == [("api/D", "dockerfile", {"V": "1"})]
