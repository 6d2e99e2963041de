import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.discover import names
from planner.formats._base import NO_EXTENSION
from planner.formats._patterns import expanded, matcher
from planner.scanning.catalog import cards
from planner.scanning.globs import Index

GLOBS = (
    *("compose.yml", "*.yml", "*.tar.gz", "compose*.yml", "*stack*", "[Dd]ockerfile*", "?.txt", "src/@x"),
    *("{x,y}/z.*", "bin/*", "*/x", "a/b/*.yml", "a/**/*.yml", "**/x", "a/*/b/**/compose.yml", "*-x/*.tpl"),
    "a/**",
)
PARTS = st.sampled_from(
    ["a", "b", "x", "@x", "bin", "src", "z.y", "a-x", "t.tpl", "mystack", "compose.yml", "Dockerfile.x"]
)


@pytest.mark.parametrize("glob", GLOBS)
@given(path=st.lists(PARTS, min_size=1, max_size=6).map("/".join), rooted=st.booleans())
def test_index_finds_what_the_globs_mean(glob, path, rooted):
    full = "/" * rooted + path
    means = any(matcher((each,)).search(full) for each in expanded(glob))
    assert Index([("f", [glob])]).claims(full) == (("f",) if means else ())


def test_every_glob_of_the_formats_claims_a_path_that_it_spells():
    found = cards(names("planner.formats"))
    index = Index((card.name, card.patterns) for card in found)
    spelled = [
        (card.name, path)
        for card in found
        for pattern in card.patterns
        for glob in expanded(pattern)
        if "[" not in glob and glob != NO_EXTENSION
        for path in (glob.replace("**/", ""), f"/w/{glob.replace('**', 'deep/er').replace('*', 'x')}")
    ]
    assert [each for each in spelled if each[0] not in index.claims(each[1].replace("*", "x"))] == []


def test_name_without_a_dot_may_be_a_program():
    index = Index([("a", [NO_EXTENSION]), ("b", ["run"])])
    assert index.claims("/bin/run") == ("a", "b")
    assert index.named("/bin/run") == {"b"}
    assert index.claims("/bin/run.x") == ()
