"""crontab: a line that warms and copies again and again, and follows tags that have moved.

While it runs it is not started a second time. Where cron knows no CRON_TZ, as Debian's, its times are the
machine's.
"""

from planner import __version__
from planner.exports import _engine
from planner.exports._base import Export, File, Options, head
from planner.model.plan import Plan

_FOLDER = "/var/lib/hub2ar"


def _render(plan: Plan, options: Options) -> tuple[File, ...]:
    run = _engine.run(plan, options.engine)
    folder = _engine.directory(run, _FOLDER)
    how = (
        f"Install it: `python3 -m venv /opt/hub2ar && /opt/hub2ar/bin/pip install hub2ar=={__version__}`.",
        "Add it to the table of a user that may read plan.json and write to its directory:",
        "  (crontab -l; cat hub2ar.crontab) | crontab -",
        f"The plan is {folder}/plan.json; outcomes and the log are beside it. Off Google Cloud, add a line",
        "GOOGLE_APPLICATION_CREDENTIALS=/path/google.json; the login to Docker Hub is `docker login`'s.",
        "CRON_TZ is not known to Debian's cron, whose times are those of the machine.",
        *_engine.EXIT_CODES,
    )
    words = _engine.arguments(f"{folder}/plan.json", "--outcomes", f"{folder}/outcomes.jsonl", follow=True)
    once = f"flock --nonblock --conflict-exit-code 0 {folder}/lock"
    command = f"{once} /opt/hub2ar/bin/hub2ar {' '.join(words)} >>{folder}/log 2>&1"
    line = f"{run.schedule.text} {command}"
    return (File("hub2ar.crontab", f"{head(plan, 'crontab', *how)}CRON_TZ=UTC\n{line}\n"),)


EXPORT = Export(
    name="crontab",
    title="a line of a crontab",
    render=_render,
    specification="https://pubs.opengroup.org/onlinepubs/9799919799/utilities/crontab.html",
    takes=("schedule", "folder"),
)
