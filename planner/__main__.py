"""The program: `hub2ar`, or `python -m planner`."""

from planner.cli import _stopping


def main() -> None:
    """Run the command line; signals are handled from here on, also while the rest is imported."""
    with _stopping.heard():
        from planner.cli.main import main as run

        run()


if __name__ == "__main__":
    main()
