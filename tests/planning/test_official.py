from planner.planning.official import OFFICIAL


def test_official_images_are_in_library():
    assert {"library/nginx", "library/postgres", "library/eclipse-temurin"} <= OFFICIAL


def test_scratch_is_no_image():
    assert "library/scratch" not in OFFICIAL
