"""GitLab Runner: images of its settings."""

import pytest
from extracted import extracted


def found(text, path="config.toml"):
    return extracted("gitlab_runner", text, path)


@pytest.mark.parametrize(
    ("field", "role"),
    [
        ('[runners.docker]\nimage = "x:1"', "step"),
        ('[runners.docker]\nhelper_image = "x:1"', "step"),
        ('[[runners.docker.services]]\nname = "x:1"\nalias = "y"', "service"),
        ("[runners.kubernetes]\nimage = 'x:1'", "step"),
        ('[[runners.kubernetes.services]]\nname = "x:1"', "service"),
    ],
)
def test_image_of_a_field(field, role):
    assert found(f'[[runners]]\nname = "a"\n{field}\n').roles == [("docker.io/library/x:1", role)]


@pytest.mark.parametrize(
    "field",
    [
        '[runners.docker]\nallowed_images = ["x:*"]',
        '[runners.docker]\n# image = "x:1"',
        '[runners.docker]\nimage = ""',
        '[runners.machine]\nimage = "x:1"',
        '[[runners.docker.services]]\nalias = "x"',
    ],
)
def test_no_image(field):
    assert found(f"[[runners]]\n{field}\n").items == ()


def test_image_that_a_template_gives_is_unresolved():
    assert found('[[runners]]\n[runners.docker]\nimage = "x:${v}"').unresolved == [
        ("x:${v}", "a template gives this: scan what it is rendered to")
    ]


def test_settings_in_yaml_are_a_file_of_their_own():
    (item,) = found("runners:\n  config: |\n    [[runners]]\n    image = 1\n", "values.yaml").items
    assert (item.name, str(item.text)) == ("config.toml", "[[runners]]\nimage = 1\n")
