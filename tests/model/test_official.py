import pytest

from planner.model.official import OFFICIAL


def test_official_images_are_in_library():
    assert {"library/nginx", "library/postgres", "library/eclipse-temurin"} <= OFFICIAL


def test_image_that_is_kept_no_more_is_still_nobody_elses():
    assert {"library/centos", "library/vault", "library/java"} <= OFFICIAL


@pytest.mark.parametrize("name", ["scratch", "valkey", "app", "minio"])
def test_name_that_docker_keeps_no_image_of_is_none(name):
    assert f"library/{name}" not in OFFICIAL
