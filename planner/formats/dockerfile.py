"""Dockerfile: the base of every stage, what COPY and RUN take from other images, and the frontend."""

from planner.formats._base import Format
from planner.formats._dockerfile_kind import PATTERNS
from planner.formats._dockerfile_reader import extract

FORMAT = Format(
    name="dockerfile",
    patterns=PATTERNS,
    words=(),
    extract=extract,
    builds=True,
    specification="https://docs.docker.com/reference/dockerfile/",
    by_content=True,
)
