"""How much of something there is, in documents."""

from typing import Annotated

import msgspec

# JSON keeps it exactly in every language (RFC 8259, section 6), and 64 bits hold the sum of thousands.
Amount = Annotated[int, msgspec.Meta(ge=0, le=2**50)]
