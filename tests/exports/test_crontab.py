import shlex

from exporting import text
from fake_tools import Tools

from planner.exports._base import Engine


def entry(engine=Engine()):  # noqa: B008  frozen
    """The only line that runs something, in its fields and its command."""
    lines = [
        line for line in text("crontab", engine=engine).splitlines() if line and not line.startswith("#")
    ]
    assert lines[0] == "CRON_TZ=UTC"
    (line,) = lines[1:]
    *fields, command = line.split(None, 5)
    return " ".join(fields), command


def test_line_is_run_when_the_schedule_says():
    assert entry(Engine(schedule="0  4 * * 1-5"))[0] == "0 4 * * 1-5"


def test_cron_finds_no_end_of_line_in_the_command():
    assert "%" not in entry()[1]


def test_it_is_not_started_while_it_runs(tmp_path):
    tools = Tools(tmp_path, "flock")
    _, command = entry(Engine(folder=str(tmp_path)))
    assert tools.run(command)[0] == 0
    (call,) = tools.calls
    lock, *words = call[4:]
    assert call[1:4] == ["--nonblock", "--conflict-exit-code", "0"]
    assert lock == f"{tmp_path}/lock"
    assert words[:3] == ["/opt/hub2ar/bin/hub2ar", "apply", f"{tmp_path}/plan.json"]


def test_command_is_one_word_after_another():
    assert shlex.split(entry()[1])[-2:] == [">>/var/lib/hub2ar/log", "2>&1"]
