"""The program: `hub2ar`, or `python -m planner`."""

import _signal  # type: ignore[import-not-found]  # typeshed lacks it; `signal` takes ten times as long

if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
    # Until signals are heard, which takes some imports, Ctrl-C ends the program as SIGTERM does.
    _signal.signal(_signal.SIGINT, _signal.SIG_DFL)

from planner.cli import _stopping


def main() -> None:
    """Run the command line; signals are handled from here on, also while the rest is imported."""
    with _stopping.heard():
        from planner.cli.main import main as run

        run()


if __name__ == "__main__":
    main()
