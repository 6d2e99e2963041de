"""Portainer: app templates."""

import pytest
from extracted import extracted

ENTRY = '{"type": 1, "title": "x", "platform": "linux", "image": "a/b:1"}'


@pytest.mark.parametrize("text", [f'{{"version": "2", "templates": [{ENTRY}]}}', f"[{ENTRY}]"])
def test_image_of_a_template(text):
    assert extracted("portainer_templates", text, "templates.json").roles == [("docker.io/a/b:1", "workload")]


def test_registry_stands_before_the_image():
    text = '[{"title": "x", "registry": "r.example", "image": "a/b:1"}]'
    assert extracted("portainer_templates", text, "templates.json").pulled == ["r.example/a/b:1"]


def test_entry_without_a_name_is_none():
    text = '[{"image": "a/b:1"}, {"title": "x", "repository": {"url": "https://x.example"}}]'
    assert extracted("portainer_templates", text, "templates.json").pulled == []


@pytest.mark.parametrize("path", ["yacht.json", "apps.yml"])
def test_file_of_any_name_is_read_where_its_entries_say_what_they_are(path):
    assert extracted("portainer_templates", f"[{ENTRY}]", path).pulled == ["docker.io/a/b:1"]


@pytest.mark.parametrize(
    "entry",
    [
        '{"title": "x", "image": "a/b:1", "platform": "web"}',
        '{"type": "post", "title": "x", "image": "a/b:1", "categories": ["y"]}',
        '{"type": 1, "title": "x", "image": "a/b:1"}',
    ],
)
def test_anything_else_with_a_title_and_an_image_is_none(entry):
    assert extracted("portainer_templates", f"[{entry}]", "posts.json").pulled == []
