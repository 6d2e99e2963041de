"""ECS task definitions: JSON, in one line or many."""

import pytest
from extracted import extracted


def found(text, path="taskdef.json", **given):
    return extracted("ecs_task", text, path, **given)


TASK = '{"family": "a", "containerDefinitions": [{"name": "a", "image": "%s"}]}'


@pytest.mark.parametrize("image", ["nginx:1", "docker.io/library/nginx:1"])
def test_image_of_a_container(image):
    assert found(TASK % image).pulled == ["docker.io/library/nginx:1"]


def test_place_in_one_line_is_exact():
    (item,) = found(TASK % "nginx:1").occurrences
    assert item.column == TASK.index("%s") + 1


def test_placeholder_is_told():
    assert [text for text, _ in found(TASK % "<IMAGE1_NAME>").unresolved] == ["<IMAGE1_NAME>"]


def test_file_of_another_shape_names_nothing():
    assert found('{"containerDefinitions": "image", "image": "nginx:1"}').found == []


CONTAINER = '{"name": "xray", "image": "acme/xray:1", "essential": true}'


@pytest.mark.parametrize(
    "text", [CONTAINER, f"[{CONTAINER}]", f"[{CONTAINER}, {CONTAINER.replace('xray', 'web')}]"]
)
def test_containers_alone_are_told_by_what_only_they_have(text):
    read = extracted("ecs_task", text, "ecs/xray.json").pulled
    assert read[0] == "docker.io/acme/xray:1"


@pytest.mark.parametrize(
    "text", ['{"name": "logo", "image": "acme/logo:1"}', '{"image": "acme/logo:1", "essential": true}']
)
def test_objects_with_an_image_are_not_all_containers(text):
    assert extracted("ecs_task", text, "ecs/xray.json").pulled == []


def test_version_that_terraform_fills_in_is_not_known():
    text = '[{"name": "a", "essential": true, "cpu": ${cpu}, "image": "acme/web:${tag}"}]'
    found = extracted("ecs_task", text, "web.json.tpl")
    assert (found.pulled, [text for text, _ in found.unresolved]) == ([], ["acme/web:${tag}"])
