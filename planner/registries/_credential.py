"""A credential for a registry: user and secret, and where they were found."""

import base64
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Credential:
    """User and secret. Neither printing nor comparing it shows the secret."""

    user: str
    secret: str = field(repr=False)
    is_refresh_token: bool = False  # an identity token: traded for short-lived ones, never sent as a password
    place: str = field(default="", compare=False)  # the file, the variable or the program that had it

    @property
    def basic(self) -> str:
        """The Authorization header of user and password."""
        return "Basic " + base64.b64encode(f"{self.user}:{self.secret}".encode()).decode()
