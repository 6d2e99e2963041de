"""Keys of outcomes about what is no action of a plan."""

import hashlib


def named(*parts: str) -> str:
    """Return the key of something, always the same for the same parts."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:16]
