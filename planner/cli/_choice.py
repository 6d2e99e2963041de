"""An option with a choice of names; the error for a wrong name tells the nearest one."""

import click

from planner.errors import nearest


class Choice(click.Choice[str]):
    """A `click.Choice` whose error begins with what may have been meant."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return one of the names. Raises BadParameter."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter as error:
            hint = nearest(value, self.choices)
            raise click.BadParameter(
                error.message.rstrip(".") + (f"; {hint}" if hint else ""), ctx, param
            ) from error
