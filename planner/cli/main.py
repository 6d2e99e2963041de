"""The entry point: finds a command by its name, and turns every error into an exit code."""

import errno
import gc
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

import click

from planner import __version__, discover, errors
from planner.cli import _colours, _stopping, _streams

COMPLETING = "_HUB2AR_COMPLETE"  # the variable in which a shell's script asks for what may follow
ISSUES = "https://github.com/hub2ar/hub2ar/issues"

_UNCOLLECTED = 50_000  # containers made since the last collection: what a command imports is no garbage
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_OF_FILES = (
    *(errno.EACCES, errno.EPERM, errno.ENAMETOOLONG, errno.ELOOP, errno.ENOTDIR, errno.EISDIR),
    *(errno.EIO, errno.ENXIO, errno.ESTALE),
)  # what is wrong with a file that somebody has named, or with its disk

_ORDER = (
    *("scan", "check", "plan", "show", "apply", "rewrite", "verify", "report", "export", "rehearse"),
    *("mirror", "doctor", "copy", "merge", "formats", "explain", "completion"),
)


class LazyGroup(click.Group):
    """A group whose commands are the public modules of `planner.cli`, each with a constant `command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """Return the commands in the order a migration takes them."""
        found = [name for name in discover.names("planner.cli") if name != "main"]
        return sorted(found, key=lambda name: (_ORDER.index(name) if name in _ORDER else len(_ORDER), name))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; None when there is none of that name."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command = import_module(f"planner.cli.{cmd_name}").command
        return command if isinstance(command, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or name the nearest one."""
        name = args[0]
        if not name.startswith("-") and name not in (known := self.list_commands(ctx)):
            hint = errors.nearest(name, known)
            raise click.UsageError(f"no command {name!r}" + (f"; {hint}" if hint else ""), ctx)
        return super().resolve_command(ctx, args)

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: object
    ) -> click.Context:
        """Read what comes before the command."""
        with _aborted():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        with _aborted():
            return super().invoke(ctx)


@contextmanager
def _aborted() -> Iterator[None]:
    """Keep click from printing an empty line for an interrupt, and from taking any EOFError for one."""
    try:
        yield
    except KeyboardInterrupt:
        raise click.Abort from None
    except EOFError as error:
        if "marshal" not in str(error):
            raise RuntimeError("something ended in the middle") from error
        raise errors.PlannerError(  # a full disk cuts them off, and Python does not notice
            "a compiled module of hub2ar, or of what it needs, is cut off",
            hint="install hub2ar again, or remove the folders __pycache__ where it is installed",
        ) from error


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with `hub2ar rehearse .`: the whole move of this directory, here, without an account.",
)
@click.version_option(__version__, message="%(prog)s %(version)s")
def hub2ar() -> None:
    """Plan and carry out a migration from Docker Hub to Google Artifact Registry."""


def main() -> None:
    """Run the command line; every way out is an exit code of the table in the README."""
    gc.set_threshold(_UNCOLLECTED)
    _streams.prepare()
    code = run(sys.argv[1:])
    gc.freeze()  # what is left goes with the process: to look through it first takes a tenth of a scan's time
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    try:
        result = hub2ar.main(
            arguments, prog_name="hub2ar", complete_var=COMPLETING, standalone_mode=False, color=_colour()
        )
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  the one place where errors become messages
        return _told(error)
    return result if isinstance(result, int) else 0


def _told(error: BaseException) -> int:
    """Say what ended a command, and return its exit code. Whatever is raised after a stop is part of it."""
    if _stopping.asked() or isinstance(error, KeyboardInterrupt | click.Abort):
        _flushed()
        return _stopping.told()
    match error:
        case click.UsageError() if not isinstance(error, click.exceptions.NoArgsIsHelpError):
            _say(_misused(error))
            return errors.USAGE
        case click.ClickException():
            error.show()
            return errors.USAGE
        case errors.PlannerError():
            _say(error)
            return error.exit_code
        case BrokenPipeError():
            _drop_output()
            return errors.FAILED
        case OSError() if foreseen := _foreseen(error):
            _say(foreseen)
            return foreseen.exit_code
    return _bug()


def _misused(error: click.UsageError) -> errors.PlannerError:
    """Return what is wrong with a command line as every other error is told, with how it is written."""
    said = error.format_message().removesuffix(".").replace(". Did you mean", "; did you mean")
    context = error.ctx
    if context is None:
        return errors.ConfigError(f"{said[:1].lower()}{said[1:]}")
    usage = " ".join(context.get_usage().removeprefix("Usage: ").split())
    hint = f"{usage}; `{context.command_path} --help` says more"
    return errors.ConfigError(f"{said[:1].lower()}{said[1:]}", hint=hint)


def _flushed() -> None:
    """Write what was printed before, or drop it where nobody reads it any more."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        _drop_output()


def _colour() -> bool | None:
    """Return the setting for click: no colours, or those that the terminal has."""
    return None if _colours.wanted() else False


def _foreseen(error: OSError) -> errors.PlannerError | None:
    """Return the message for an error of the machine that is no bug."""
    if error.errno in _FULL:
        _drop_output()
        return errors.PlannerError(
            f"cannot write: {os.strerror(error.errno).lower()}", hint="make room and run it again"
        )
    if error.errno == errno.ENOENT and "temporary directory" in (said := error.strerror or ""):
        return errors.PlannerError(
            f"{said[:1].lower()}{said[1:]}", hint="make room there, or name another with TMPDIR"
        )
    if isinstance(error, FileNotFoundError) and not _has_place():
        return errors.NoInput("the working directory is gone", hint="change into one that is there")
    if error.errno in _OF_FILES and error.filename:
        name, why = os.fsdecode(error.filename), os.strerror(error.errno).lower()
        denied = isinstance(error, PermissionError)
        return errors.NoInput(
            f"{errors.shortened(name)!r} cannot be opened: {why}",
            hint="run it as a user who may, or name another" if denied else "name another",
        )
    return None


def _has_place() -> bool:
    """Return whether the working directory is still there."""
    try:
        os.getcwd()  # noqa: PTH109  nothing but whether it can be said
    except OSError:
        return False
    return True


def _drop_output() -> None:
    """Throw away what is not written yet; the interpreter would fail again with it at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _bug() -> int:
    """Tell of the error at hand, which nobody foresaw."""
    traceback.print_exc()
    click.echo(
        f"error: this is a bug of hub2ar {__version__}\nhint: report it with the lines above: {ISSUES}",
        err=True,
    )
    return errors.BUG


def _say(error: errors.PlannerError) -> None:
    colour = _colour()
    click.secho("error: ", fg="red", bold=True, nl=False, err=True, color=colour)
    click.echo(error.message, err=True)
    if error.hint:
        click.secho("hint: ", fg="cyan", nl=False, err=True, color=colour)
        click.echo(error.hint, err=True)
