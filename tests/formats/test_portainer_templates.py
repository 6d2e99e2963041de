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
