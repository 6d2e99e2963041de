"""hub2ar completion: what makes a shell complete commands, options and names."""

import click

from planner.cli import _choice

_SHELLS = ("bash", "zsh", "fish")


@click.command("completion")
@click.argument("shell", type=_choice.Choice(_SHELLS))
def command(shell: str) -> None:
    """Print the completion script for SHELL.

    \b
    Examples:
      hub2ar completion bash >> ~/.bashrc
      hub2ar completion zsh >> ~/.zshrc      # where compinit has run before
      hub2ar completion fish > ~/.config/fish/completions/hub2ar.fish
    """
    from click.shell_completion import get_completion_class

    from planner.cli.main import COMPLETING, hub2ar

    completing = get_completion_class(shell)
    assert completing is not None  # click has all of these
    click.echo(completing(hub2ar, {}, "hub2ar", COMPLETING).source())
