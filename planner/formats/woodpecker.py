"""Woodpecker: the image of every step, service and clone step, with the variables of its matrix."""

from planner.formats._base import Format
from planner.formats._woodpecker_syntax import extract

FORMAT = Format(
    name="woodpecker",
    patterns=(".woodpecker*.y{a,}ml", "{,*.}woodpecker.y{a,}ml", ".woodpecker/**/*.y{a,}ml"),
    words=((b"image", b"commands"),),
    extract=extract,
    builds=True,
    specification="https://woodpecker-ci.org/docs/usage/workflow-syntax",
)
