import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import ConfigError
from planner.model.inventory import Inventory, Source
from reports.links import SourceUrl, Tree, trees

GITHUB = "https://github.com/acme/web/blob/{revision}/{path}#L{line}"
TREES = (Tree("shop", "", "0123abc"),)


def test_a_place_is_linked_at_the_commit_that_was_scanned():
    link = SourceUrl.parse(GITHUB).of("web/Dockerfile", 3, TREES)
    assert link == "https://github.com/acme/web/blob/0123abc/web/Dockerfile#L3"


def test_a_tree_without_a_commit_is_linked_at_its_newest():
    assert "/blob/HEAD/" in SourceUrl.parse(GITHUB).of("Dockerfile", 1, (Tree("shop", "", ""),))


def test_of_several_trees_each_has_its_commit_and_its_name():
    inventory = Inventory((Source("web", 1, "aaa"), Source("web/api", 1, "bbb")), (), {})
    url = SourceUrl.parse("https://git.example.com/{tree}/+/{revision}/{path}#{line}")
    assert url.of("web/api/Dockerfile", 7, trees(inventory)) == (
        "https://git.example.com/web/api/+/bbb/Dockerfile#7"
    )


def test_repository_of_a_list_is_named_after_the_host_and_linked_with_it_once():
    sources = (Source("github.com/acme/web", 1, "aaa"), Source("github.com/acme/api", 1, "bbb"))
    url = SourceUrl.parse("https://github.com/{tree}/blob/{revision}/{path}#L{line}")
    assert url.of("github.com/acme/api/Dockerfile", 7, trees(Inventory(sources, (), {}))) == (
        "https://github.com/acme/api/blob/bbb/Dockerfile#L7"
    )


@pytest.mark.parametrize(
    "template",
    [
        "javascript:alert('{path}')",
        "JavaScript://github.com/%0aalert(1)/{path}",
        "data:text/html,{path}",
        "file:///{path}",
        "//github.com/{path}",
        "/{path}",
        " https://github.com/{path}",
        "https://{path}/",
        "https://user:secret@github.com/{path}",
        "https://github.com/{path}\n",
        'https://github.com/{path}" onclick="',
        "https://github.com/{path}'>",
        "https://github.com/acme/web",
        "https://github.com/{file}#{path}",
        "",
    ],
)
def test_what_is_no_address_of_the_web_with_a_path_is_refused(template: str):
    with pytest.raises(ConfigError) as caught:
        SourceUrl.parse(template)
    assert caught.value.hint


@pytest.mark.parametrize("path", ["../../evil/repo", "a/../../b", "./a", ".."])
def test_a_path_that_leads_elsewhere_is_not_linked(path: str):
    assert SourceUrl.parse(GITHUB).of(path, 1, TREES) == ""


@given(st.text(min_size=1))
def test_no_path_leaves_the_address_that_was_given(path: str):
    link = SourceUrl.parse(GITHUB).of(path.encode("utf-8", "replace").decode(), 5, TREES)
    assert link == "" or (
        link.startswith("https://github.com/acme/web/blob/0123abc/") and link.endswith("#L5")
    )
    assert not set(link) & set(" \"'<>\\`?\n\t")
