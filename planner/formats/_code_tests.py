"""Files of source code that are tests, by their paths: names of images in them are often made up."""

import re

_TEST = re.compile(
    r"(?i)(?:\A|/)(?:tests?|test(?!containers?)[a-z]+|__tests__|__mocks__|spec|specs|e2e|it"
    r"|(?:mocks?|fakes?)(?:[-_][\w-]+)?|[\w-]+[-_](?:tests?|mocks?|fakes?))/"
    r"|(?:\A|/)(?:fake|mock)_[^/]*\.go\Z"
    r"|(?:_test\.go|tests?\.(?:java|kt|kts|groovy|scala|cs)|spec\.groovy|[._](?:test|spec|stories)\.[cm]?[jt]sx?"
    r"|_test\.(?:py|rb|rs|exs)|_spec\.rb|conftest\.py)\Z|(?:\A|/)(?:test_[^/]*\.py|(?:Test|IT)[A-Z][^/]*\.(?:java|kt))\Z"
)


_RUNS = re.compile(
    r"(?i)(?:\A|/)(?:e2e|it|acceptance|integration|(?:e2e|integration|acceptance)[-_]?tests?)/"
)
_MAIN = "src/main/"  # of Maven and Gradle: the names of packages behind it say nothing


def is_test(path: str) -> bool:
    """Whether a file is a test, or helps tests."""
    module, main, _ = path.rpartition(_MAIN)
    return bool(_TEST.search(module if main else path))


def starts_what_it_names(path: str) -> bool:
    """Whether a file belongs to tests that start what they test: names of images are seldom made up there."""
    return bool(_RUNS.search(path))
