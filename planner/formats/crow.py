"""Crow CI: the image of every step, service and clone step, with the variables of its matrix."""

from planner.formats._base import Format
from planner.formats._woodpecker_syntax import extract

FORMAT = Format(
    name="crow",
    patterns=(".crow*.y{a,}ml", ".crow/**/*.y{a,}ml"),
    words=((b"image", b"commands"),),
    extract=extract,
    specification="https://crowci.dev/latest/usage/workflow-syntax/",
)
