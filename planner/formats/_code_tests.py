"""Files of source code that are tests, by their paths: names of images in them are often made up."""

import re

_TEST = re.compile(
    r"(?i)(?:\A|/)(?:tests?|test(?!containers?)[a-z]+|__tests__|__mocks__|spec|specs|e2e|it"
    r"|(?:mocks?|fakes?)(?:[-_][\w-]+)?|[\w-]+[-_](?:tests?|mocks?|fakes?))/"
    r"|(?:\A|/)(?:fake|mock)_[^/]*\.go\Z"
    r"|(?:_test\.go|tests?\.(?:java|kt|kts|groovy|scala|cs)|spec\.groovy|[._](?:test|spec|stories)\.[cm]?[jt]sx?"
    r"|_test\.(?:py|rb|rs)|_spec\.rb|conftest\.py)\Z|(?:\A|/)(?:test_[^/]*\.py|(?:Test|IT)[A-Z][^/]*\.(?:java|kt))\Z"
)


def is_test(path: str) -> bool:
    """Whether a file is a test, or helps tests."""
    return bool(_TEST.search(path))
