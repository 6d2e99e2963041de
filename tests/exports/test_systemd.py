import configparser
import subprocess
from shutil import which

import pytest
from exporting import files

from planner.exports._base import Engine
from planner.exports._schedule import schedule


class Unit(configparser.RawConfigParser):
    def optionxform(self, optionstr):
        return optionstr


def units(engine=Engine()):  # noqa: B008  frozen
    found = {}
    for file in files("systemd", engine=engine):
        found[file.name] = Unit(strict=False)
        found[file.name].read_string(file.text)
    return found


def test_service_waits_for_the_limit_and_does_not_fail_for_it():
    service = units()["hub2ar.service"]["Service"]
    words = service["ExecStart"].split()
    assert words[:3] == ["/opt/hub2ar/bin/hub2ar", "apply", "/var/lib/hub2ar/plan.json"]
    assert "--wait" in words
    assert (service["Type"], service["SuccessExitStatus"]) == ("oneshot", "75")


def test_service_may_write_to_its_own_directory_only():
    service = units()["hub2ar.service"]["Service"]
    assert (service["ProtectSystem"], service["StateDirectory"]) == ("strict", "hub2ar")
    assert service["ExecStart"].endswith(" --outcomes /var/lib/hub2ar/outcomes.jsonl")


def test_plan_may_lie_elsewhere():
    assert (
        " apply /srv/plans/plan.json "
        in units(Engine(folder="/srv/plans"))["hub2ar.service"]["Service"]["ExecStart"]
    )


def test_timer_starts_when_the_schedule_says():
    text = "0 4 1 * 0"
    (_, timer) = files("systemd", engine=Engine(schedule=text))
    lines = [line.partition("=")[2] for line in timer.text.splitlines() if line.startswith("OnCalendar=")]
    assert tuple(lines) == schedule(text).calendars
    assert units()["hub2ar.timer"]["Timer"]["Persistent"] == "yes"


@pytest.mark.skipif(which("systemd-analyze") is None, reason="systemd is not here")
def test_systemd_has_nothing_to_say_about_the_units(tmp_path):
    for file in files("systemd"):
        place = tmp_path / file.name
        place.write_text(file.text.replace("/opt/hub2ar/bin/hub2ar", "/bin/true"))
    done = subprocess.run(
        ["systemd-analyze", "verify", *(str(tmp_path / file.name) for file in files("systemd"))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert [line for line in done.stderr.splitlines() if "hub2ar" in line] == []
    assert done.returncode == 0, done.stderr
