"""hub2ar doctor: what this machine pulls with, and what keeps it from pulling."""

from pathlib import Path

import click

from planner.cli import _choice, _options


@click.command("doctor", short_help="Check credentials, pulls left, network and settings.")
@click.option(
    "--registry", "registries", multiple=True, metavar="HOST", help="Check this registry too (repeatable)."
)
@click.option(
    "--offline", is_flag=True, help="Ask no host: only files, variables and programs of this machine."
)
@click.option(
    "--timeout", type=click.FloatRange(0.1, 300), default=5.0, show_default=True, metavar="SECONDS",
    help="How long a host, or a credential helper, has for an answer.",
)  # fmt: skip
@click.option("--output-format", type=_choice.Choice(["text", "json"]), default="text", show_default=True)
@_options.root
@_options.config
def command(
    registries: tuple[str, ...],
    offline: bool,
    timeout: float,
    output_format: str,
    root: Path,
    config_file: Path | None,
) -> int:
    """Say which credentials would be used, how many pulls are left, what can be reached and what is wrong.

    No pull is spent and no secret is printed. Exit 10 if there is anything to fix; notes do not count.
    docs/doctor.md explains every line and every finding.

    \b
    Examples:
      hub2ar doctor
      hub2ar doctor --offline
      hub2ar doctor --registry ghcr.io --timeout 2
      hub2ar doctor --output-format json
    """
    from planner import errors
    from planner.cli import _doctor, _doctor_text, _lines
    from planner.model.document import encode

    known = _doctor.settings(config_file)
    found = _doctor.diagnosis(known, registries, timeout, root, offline=offline)
    if output_format == "json":
        click.echo(encode(found), nl=False)
    else:
        _doctor_text.show(_doctor_text.lines(found))
        _lines.remark([_doctor_text.summary(found)])
    return 0 if found.clean else errors.PENDING
