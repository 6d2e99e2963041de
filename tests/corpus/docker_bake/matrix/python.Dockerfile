ARG BASE
ARG UV=ghcr.io/astral-sh/uv:latest
FROM ${UV} AS uv
FROM ${BASE}
COPY --from=uv /uv /usr/local/bin/
