"""Builds the images of functions."""

DOCKERFILE = """
FROM python:3.12-slim AS build
RUN pip install poetry
FROM gcr.io/distroless/python3-debian12
COPY --from=build /app /app
"""


def dockerfile(version: str) -> str:
    return f"""
FROM node:{version}
COPY --from=busybox:1.36 /bin/wget /bin/wget
RUN npm ci
"""
