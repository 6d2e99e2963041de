"""Every format, on texts made of its own words, of signs, and of torn pieces of real files."""

from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from soundness import path_of, unsound

from planner import discover
from planner.formats._base import Format

CORPUS = Path(__file__).parents[1] / "corpus"
SIGNS = (
    *"{}[]()<>\"'`\\$%#@&*!|;:,.=+-/?~^ \t\n\0é",
    *("{{", "}}", "${", "$(", "${{", "{%", "%}", "<%", "%>", '"""', "'''", "/*", "*/", "//", "<!--", "-->"),
    *("<<EOF\n", "EOF\n", "\r\n", "- ", ": ", "image", "nginx:1.27", "ghcr.io/a/b", "FROM ", "docker run "),
    *("name", "x", "1", "\ufeff", "\udc80", "\u2028", "\x85"),
)


@cache
def pieces(name):
    """Return lines of the format's corpus, and the words it looks for."""
    format_ = discover.load("planner.formats", name, Format, "FORMAT")
    held = sorted(path for path in (CORPUS / name).rglob("*") if path.is_file())
    files = [path for path in held if path.suffix not in (".patch", ".references")][:12]
    lines = [line for path in files for line in path.read_text("utf-8", "surrogateescape").splitlines(True)]
    words = [word.decode("utf-8", "replace") for group in format_.words for word in group]
    return format_, tuple(dict.fromkeys([*words, *lines[:400]])) or ("x",)


@pytest.mark.parametrize("name", discover.names("planner.formats"))
def test_format_is_sound_on_any_text(name):
    format_, own = pieces(name)
    path = path_of(format_)

    @settings(max_examples=40, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.sampled_from(own) | st.sampled_from(SIGNS), max_size=40))
    def sound(parts):
        assert list(unsound(format_, path, "".join(parts))) == []

    sound()


@pytest.mark.parametrize("name", discover.names("planner.formats"))
def test_format_is_sound_on_torn_files(name):
    format_, _ = pieces(name)
    held = sorted(path for path in (CORPUS / name).rglob("*") if path.is_file())
    files = [path for path in held if path.suffix not in (".patch", ".references")]
    for path in files[:4]:
        text = path.read_text("utf-8", "surrogateescape")
        for end in range(0, len(text), max(len(text) // 10, 1)):
            assert list(unsound(format_, path.name, text[:end])) == []
            assert list(unsound(format_, path.name, text[end:])) == []
