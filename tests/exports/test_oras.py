from copying import ALL, HOST, MIRRORED, REMOTE, WARM, transferring
from exporting import text
from fake_tools import Tools


def test_every_platform_of_a_warmed_image_is_pulled(tmp_path):
    tools = Tools(tmp_path, "oras")
    tools.run(text("oras", transferring(WARM)))
    ((program, verb, layout, image, folder),) = tools.calls
    assert (program, verb, layout) == ("oras", "cp", "--to-oci-layout")
    assert image == f"{REMOTE}/library/nginx:1.27"
    assert folder.endswith("/image:warm")


def test_signatures_come_with_the_image(tmp_path):
    tools = Tools(tmp_path, "oras")
    tools.run(text("oras", transferring(MIRRORED)))
    assert ["oras", "cp", "--recursive"] in [call[:3] for call in tools.calls]


def test_head_says_how_to_log_in():
    login = "gcloud auth print-access-token | oras login --username oauth2accesstoken --password-stdin"
    assert f"#   {login} {HOST}\n" in text("oras", ALL)
