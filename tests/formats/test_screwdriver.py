"""Screwdriver: jobs, what they share, and matrices."""

from extracted import extracted


def screwdriver(text):
    return extracted("screwdriver", text, "screwdriver.yaml")


def test_shared_image_and_that_of_a_job():
    text = "shared: {image: 'node:18'}\njobs: {a: {image: 'node:20'}, b: {steps: []}}\n"
    assert screwdriver(text).pulled == ["docker.io/library/node:18", "docker.io/library/node:20"]


def test_matrix_gives_every_image():
    text = "jobs: {a: {image: 'node:{{N}}', matrix: {N: [18, 20]}}}\n"
    assert screwdriver(text).pulled == ["docker.io/library/node:18", "docker.io/library/node:20"]


def test_variable_outside_of_the_matrix_is_not_known():
    assert [text for text, _ in screwdriver("shared: {image: 'a:{{V}}'}\n").unresolved] == ["a:{{V}}"]


def test_steps_of_a_job_share_a_shell():
    text = "jobs: {a: {image: a, steps: [{x: V=3}, 'docker pull redis:$V']}}\n"
    assert screwdriver(text).pulled == ["docker.io/library/a", "docker.io/library/redis:3"]


def test_template_has_its_job_under_config():
    assert screwdriver("config: {image: 'maven:3'}\n").pulled == ["docker.io/library/maven:3"]
