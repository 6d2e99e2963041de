"""Dockerfile: the base of every stage, what COPY and RUN take from other images, and the frontend."""

from planner.formats._base import Format
from planner.formats._dockerfile_reader import extract

FORMAT = Format(
    name="dockerfile",
    patterns=(
        "[Dd]ockerfile*",
        "[Cc]ontainerfile*",
        "DOCKERFILE*",
        "*[._-][Dd]ockerfile",
        "*[._-][Cc]ontainerfile",
        "[Dd]ockerfiles/*",
    ),
    words=(),
    extract=extract,
    builds=True,
    specification="https://docs.docker.com/reference/dockerfile/",
    by_content=True,
)
