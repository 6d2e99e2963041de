"""Lints and ships the API."""

import dagger
from dagger import dag, function, object_type

PYTHON = "python:3.12-slim"
RUFF = "ghcr.io/astral-sh/ruff"


@object_type
class Api:
    base: str = "debian:12"

    @function
    async def lint(self, source: dagger.Directory) -> str:
        return await (
            dag.container()
            .from_(f"{RUFF}:0.4.4")
            .with_directory("/src", source)
            .with_exec(["ruff", "check", "/src"])
            .stdout()
        )

    @function
    def build(self, source: dagger.Directory, image: str = PYTHON) -> dagger.Container:
        builder = dag.container(platform=dagger.Platform("linux/amd64")).from_(address=PYTHON)
        return builder.with_directory("/app", source)

    @function
    async def release(self, source: dagger.Directory) -> str:
        database = dag.container().from_("mariadb:11.3").as_service()
        built = self.build(source).with_service_binding("db", database)
        return await built.publish("ttl.sh/shop-api:1h")

    @function
    def base_of(self) -> str:
        """Return `from_("evil:1")`."""
        return "alpine:3"
