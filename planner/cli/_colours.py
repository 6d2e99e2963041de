"""Whether colours are wanted, wherever a terminal could show them."""

import os


def wanted() -> bool:
    """Return whether the environment lets output have colours.

    NO_COLOR is https://no-color.org: any value but an empty one means none. Windows sets no TERM.
    """
    kind = os.environ.get("TERM", "" if os.name == "nt" else "dumb")
    return not os.environ.get("NO_COLOR") and kind != "dumb"
