from copying import ALL, HOST, REMOTE, WARM, transferring
from exporting import text
from fake_tools import Tools


def test_every_platform_of_a_warmed_image_is_pulled(tmp_path):
    tools = Tools(tmp_path, "crane")
    tools.run(text("crane", transferring(WARM)))
    ((program, verb, layout, image, folder),) = tools.calls
    assert (program, verb, image) == ("crane", "pull", f"{REMOTE}/library/nginx:1.27")
    assert layout == "--format=oci"  # else only the image of one platform is pulled
    assert folder.endswith("/image")


def test_gcrane_takes_its_place(tmp_path):
    tools = Tools(tmp_path, "crane", "gcrane")
    tools.run(text("crane", ALL), {"CRANE": "gcrane"})
    assert {call[0] for call in tools.calls} == {"gcrane"}


def test_head_says_how_to_log_in():
    assert f"#   gcloud auth configure-docker {HOST}\n" in text("crane", ALL)
