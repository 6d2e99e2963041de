"""hub2ar copy: one image, or all tags of a repository, from one registry to another."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from planner.cli import _moving_options, _options

if TYPE_CHECKING:
    from planner.model.outcome import Outcome
    from planner.registries.oci import Registries


@click.command("copy", short_help="Copy one image with its digest and all its platforms.")
@click.argument("source", metavar="SRC")
@click.argument("destination", metavar="DST")
@click.option("-a", "--all-tags", is_flag=True, help="Copy every tag of the repository SRC to DST.")
@click.option("-n", "--no-clobber", is_flag=True, help="Do not overwrite an existing tag of DST.")
@click.option("--insecure", is_flag=True, help="Ask your own registries without TLS.")
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(1, 64),
    metavar="N",
    help="Images at once [default: at-once of [budget], or 4].",
)
@_moving_options.moving
@_moving_options.outcomes
@_options.config
def command(
    source: str,
    destination: str,
    all_tags: bool,
    no_clobber: bool,
    insecure: bool,
    jobs: int | None,
    moving: _moving_options.Moving,
    output_format: str | None,
    config_file: Path | None,
) -> int:
    """Copy the image SRC to DST with its digest, all its platforms included.

    The flags are those of `crane copy`. An image of Docker Hub comes from mirror.gcr.io where that has what
    Docker Hub has. --insecure is for registries other than Docker Hub and Google's.

    \b
    Examples:
      hub2ar copy nginx:1.27 europe-docker.pkg.dev/acme/images/library/nginx:1.27
      hub2ar copy --platform linux/amd64 redis:7 registry.acme.example/redis:7
      hub2ar copy --all-tags --no-clobber acme/api \\
        us-docker.pkg.dev/acme/images/api
    """
    from planner import config
    from planner.cli import _copying, _execute, _inputs, _network
    from planner.cli._campaign import Telling, closing, running
    from planner.cli._log import Log
    from planner.model.reference import Reference

    log = Log(moving.log_format == "json")

    def work() -> int:
        settings = config.load(config_file)
        origin, target = Reference.parse(source), Reference.parse(destination)
        if all_tags:
            _copying.check_repositories(origin, target)
        conduct = moving.conduct(settings, at_once=jobs)
        telling = Telling(_moving_options.outcome_format(output_format), log, moving.outcomes)

        async def whole(registries: "Registries") -> "list[Outcome]":
            wanted = await _copying.jobs(origin, target, registries, all_tags=all_tags)
            kept, rest = await _copying.kept(wanted, registries) if no_clobber else ([], wanted)
            with running(rest, registries, conduct, telling) as under_way:
                return await under_way.tell(_copying.chained(kept, under_way.campaign.run([rest])))

        places = _inputs.endpoints(settings)
        found = _copying.insecure(places, (origin, target)) if insecure else places
        seen = _network.ask(found, whole)
        if all_tags or log.as_json:
            closing(seen, log)
        return _execute.exit_code(seen)

    return log.guard(work)
