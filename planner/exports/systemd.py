"""systemd: a service that warms and copies, and a timer that starts it again and again.

It runs as a user of its own, hub2ar, who may write to /var/lib/hub2ar only. While it runs it is not started a
second time, and a start that the machine slept through is made up for. Tags that have moved are followed.
"""

from planner import __version__
from planner.exports import _engine
from planner.exports._base import Export, File, Options, head
from planner.model.plan import Plan

_FOLDER = "/var/lib/hub2ar"
_HOW = (
    f"Install it: `python3 -m venv /opt/hub2ar && /opt/hub2ar/bin/pip install hub2ar=={__version__}`.",
    "Put hub2ar.service and hub2ar.timer into /etc/systemd/system/, then:",
    "  useradd --system hub2ar",
    "  systemctl daemon-reload && systemctl enable --now hub2ar.timer",
    "  systemctl start hub2ar.service && journalctl -u hub2ar.service",
    "Off Google Cloud, /etc/hub2ar/environment says GOOGLE_APPLICATION_CREDENTIALS=/etc/hub2ar/google.json;",
    "where you have an account at Docker Hub, DOCKER_CONFIG=/etc/hub2ar. The user hub2ar has to be able to",
    "read them. roles/artifactregistry.writer is needed.",
)
_SERVICE = """
[Unit]
Description=Warm and copy images as the plan of hub2ar says
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
ExecStart=/opt/hub2ar/bin/hub2ar {arguments}
SuccessExitStatus={later}
TimeoutStartSec={seconds}
EnvironmentFile=-/etc/hub2ar/environment
User=hub2ar
StateDirectory=hub2ar
PrivateTmp=yes
ProtectSystem=strict
ProtectHome=yes
NoNewPrivileges=yes
"""
_TIMER = """
[Unit]
Description=When hub2ar warms and copies images

[Timer]
{calendars}Persistent=yes
RandomizedDelaySec=5min

[Install]
WantedBy=timers.target
"""


def _render(plan: Plan, options: Options) -> tuple[File, ...]:
    run = _engine.run(plan, options.engine)
    folder = _engine.directory(run, _FOLDER)
    record = ("--outcomes", f"{_FOLDER}/outcomes.jsonl")
    service = _SERVICE.format(
        arguments=" ".join(_engine.arguments(f"{folder}/plan.json", *record, follow=True)),
        later=_engine.LATER,
        seconds=run.seconds,
    )
    timer = _TIMER.format(calendars="".join(f"OnCalendar={each}\n" for each in run.schedule.calendars))
    place = f"The plan is {folder}/plan.json; outcomes are appended to {_FOLDER}/outcomes.jsonl."
    above = head(plan, "systemd", *_HOW, place, *_engine.EXIT_CODES)
    return File("hub2ar.service", above + service), File("hub2ar.timer", above + timer)


EXPORT = Export(
    name="systemd",
    title="a service and its timer",
    render=_render,
    specification="https://www.freedesktop.org/software/systemd/man/latest/systemd.timer.html",
    takes=("schedule", "folder"),
)
