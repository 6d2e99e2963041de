import json

import pytest
from merging import OWN, merged

from planner.errors import ConfigError


def test_settings_of_the_desktop_stay():
    before = '{\n  "builder": {\n    "gc": {\n      "enabled": true\n    }\n  },\n  "experimental": false\n}'
    after = merged("docker_desktop", before)
    assert after == before.replace("false", 'false,\n  "registry-mirrors": ["https://mirror.gcr.io"]')
    assert json.loads(after)["builder"] == {"gc": {"enabled": True}}


def test_path_is_refused():
    with pytest.raises(ConfigError, match="refuses a mirror with a path"):
        merged("docker_desktop", "", OWN)
