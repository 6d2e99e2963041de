from trees import Memory

from planner.config import ScanSettings
from planner.scan import Place, scan_places
from planner.scanning.gather import Means
from planner.sources.overlay import Overlay
from planner.sources.tree import Unreadable

FILES = Memory((("Dockerfile", "FROM a\n"), ("b/Dockerfile", "FROM b\n")))
LISTED = FILES.entries()


def test_other_content_is_read_in_place_of_the_tree_s():
    tree = Overlay(FILES, {"Dockerfile": b"FROM c\n"}, LISTED)
    assert list(tree.contents(tree.entries(), 100)) == [b"FROM c\n", b"FROM b\n"]


def test_other_content_over_the_limit_is_not_read():
    tree = Overlay(FILES, {"Dockerfile": b"FROM c\n" * 100}, LISTED)
    assert isinstance(next(tree.contents(LISTED, 100)), Unreadable)


def test_rest_is_the_tree_s():
    tree = Overlay(FILES, {}, LISTED)
    assert (tree.entries(), tree.revision(), tree.full("x")) == (LISTED, "", "/memory/x")


def test_results_that_are_kept_are_not_mixed_up(tmp_path, kept_in):
    means = Means(ScanSettings().max_file_size, kept_in(tmp_path))

    def found(content):
        tree = Overlay(FILES, {"Dockerfile": content}, LISTED)
        return [
            str(each.reference) for each in scan_places([Place(tree, "m")], ScanSettings(), means).occurrences
        ]

    first, second = found(b"FROM c\n"), found(b"FROM d\n")
    means.cache.close()
    assert (first[0], second[0]) == ("docker.io/library/c", "docker.io/library/d")
