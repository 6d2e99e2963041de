"""Score: containers of a workload."""

from extracted import extracted


def score(containers, version="score.dev/v1b1"):
    return extracted("score", f"apiVersion: {version}\ncontainers: {containers}\n", "score.yaml")


def test_image_of_a_container():
    assert score("{a: {image: 'a/b:1'}}").roles == [("docker.io/a/b:1", "workload")]


def test_dot_is_what_is_built():
    found = score("{a: {image: .}}")
    assert (found.pulled, found.unresolved) == ([], [])


def test_placeholder_is_not_known():
    assert [text for text, _ in score("{a: {image: 'a:${V}'}}").unresolved] == ["a:${V}"]


def test_file_of_something_else_is_passed_over():
    assert score("{a: {image: b}}", version="v1").pulled == []
