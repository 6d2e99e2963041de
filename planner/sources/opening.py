"""How files of a tree are opened: no link is followed, no pipe waited for, no byte changed.

Some systems lack what says so: Windows has no such flags, and a flag of its own for bytes.
"""

import os

_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_BYTES = getattr(os, "O_BINARY", 0)

READING = os.O_RDONLY | _NO_LINK | _BYTES | getattr(os, "O_NONBLOCK", 0)
CREATING = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK | _BYTES  # a file that is not there yet
