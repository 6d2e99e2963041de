"""Files of CI services and platforms: whatever they hold, they are read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner import discover
from planner.formats._base import Candidate, Format
from planner.model.source import SourceFile

PATHS = {
    "drone": (".drone.yml", ".drone.jsonnet", ".drone.star"),
    "fly": ("fly.toml",),
    "buildpacks": ("project.toml",),
    "unraid": ("x.xml",),
    "act": (".actrc",),
    "gocd": ("x.gocd.yaml", "cruise-config.xml"),
    "teamcity": ("settings.kts", "x.xml"),
    "captain_definition": ("captain-definition",),
    **dict.fromkeys(
        (
            "woodpecker",
            "crow",
            "vela",
            "concourse",
            "prow",
            "screwdriver",
            "harness",
            "bamboo",
            "buddy",
            "batect",
            "render",
            "score",
            "digitalocean",
            "kamal",
            "heroku",
            "okteto",
            "devspace",
            "garden",
            "werf",
            "lando",
            "ddev",
            "home_assistant",
            "portainer_templates",
        ),
        ("x.yaml",),
    ),
}
TOKENS = [
    "image",
    "steps",
    "services",
    "build",
    "matrix",
    "include",
    "settings",
    "repo",
    "commands",
    "docker pull x",
    "containers",
    "resources",
    "source",
    "repository",
    "tag",
    "spec",
    "dev",
    "deploy",
    "from",
    "kind",
    "templates",
    "title",
    "plan",
    "put",
    "type: registry-image",
    "schemaVersion",
    "captainVersion",
    "apiVersion: score.dev/v1",
    "dockerImage",
    "a/b:1",
    "nginx",
    "${V}",
    "${V:-1}",
    "$$",
    "((v))",
    "<+matrix.v>",
    "{{ v }}",
    "<%= v %>",
    "%v%",
    "- ",
    ": ",
    ":\n",
    "\n",
    "\n  ",
    "\n---\n",
    "{",
    "}",
    "[",
    "]",
    ",",
    '"',
    "'",
    "#",
    "&a ",
    "*a",
    "|\n",
    "=",
    "(",
    ")",
    "<Repository>",
    "<!--",
    "-P x=",
    "[build]\n",
    '"""',
    "docker://",
    "\ud800",
    "\x00",
]


@pytest.mark.parametrize(("name", "path"), [(name, path) for name, paths in PATHS.items() for path in paths])
@settings(max_examples=25, deadline=None)
@given(text=st.lists(st.sampled_from(TOKENS), max_size=40).map("".join))
def test_any_text_is_read(name, path, text):
    extract = discover.load("planner.formats", name, Format, "FORMAT").extract
    for item in extract(SourceFile(path, text), {}):
        if isinstance(item, Candidate):
            assert 0 <= item.start <= len(text)
