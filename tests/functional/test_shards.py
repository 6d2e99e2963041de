"""Three processes with an engine's variables share one plan and Docker Hub's limit."""

from collections import Counter

import pytest
from applying import TARGET, begun, lines, standing
from campaigns import copy, cost, names, refused

from planner.model.plan import CreateRepository
from planner.rehearsal.limits import Limits
from planner.split import number_of

NAMES = (
    *("redis", "nginx", "postgres", "httpd", "memcached", "busybox", "golang", "node", "mongo"),
    *("mysql", "rabbitmq", "vault", "traefik", "caddy", "python", "consul"),
)
JOBS = [copy(each) for each in names(*NAMES)]
PULLS = sum(job.pulls for job in JOBS)
ENGINES = {
    "Cloud Run": ("CLOUD_RUN_TASK_INDEX", {"CLOUD_RUN_TASK_COUNT": "3"}),
    "Kubernetes": ("JOB_COMPLETION_INDEX", {"JOB_COMPLETIONS": "3"}),
    "Batch": ("BATCH_TASK_INDEX", {"BATCH_TASK_COUNT": "3"}),
}


def together(folder, engine, *arguments):
    """Run the three tasks at once; return their exit codes, and their outcomes."""
    index, others = ENGINES[engine]
    tasks = [
        begun(folder, "apply", "plan.json", *arguments, environment={index: str(number), **others})
        for number in range(3)
    ]
    ended = [task.communicate() for task in tasks]
    outcomes = [outcome for out, _ in ended for outcome in lines(out)]
    return [task.returncode for task in tasks], outcomes, [err.decode() for _, err in ended]


def limited(codes):
    """Whether some task met the limit; one that was quick may have done all of its share before."""
    return 75 in codes and set(codes) <= {0, 75}


def test_images_of_this_plan_fall_to_all_three():
    assert {number_of(job.destination.name, 3) for job in JOBS} == {1, 2, 3}
    assert {job.pulls for job in JOBS} == {1, 3, 5}


@pytest.mark.parametrize("engine", ENGINES)
def test_every_image_is_copied_once_by_one_of_them(tmp_path, engine):
    with standing(tmp_path, JOBS, Limits(pulls=PULLS + 10)) as world:
        codes, outcomes, _ = together(tmp_path, engine)
        assert codes == [0, 0, 0]
        assert Counter(each["result"] for each in outcomes) == {"done": len(JOBS)}
        assert len({each["key"] for each in outcomes}) == len(JOBS)
        assert (world.hub_pulls, refused(world)) == (PULLS, 0)


def test_no_pull_is_refused_where_the_limit_is_not_enough_and_what_is_left_is_told(tmp_path):
    limit = PULLS // 2
    with standing(tmp_path, JOBS, Limits(pulls=limit)) as world:
        codes, outcomes, said = together(tmp_path, "Cloud Run")
        results = Counter(each["result"] for each in outcomes)
        assert (limited(codes), set(results)) == (True, {"done", "skipped"})
        assert len({each["key"] for each in outcomes}) == len(JOBS)
        assert refused(world) == 0
        assert (
            limit - 3 * 5 <= world.hub_pulls <= limit
        )  # room for an image of each other task, and of its own
        assert all("come back at 20" in each for code, each in zip(codes, said, strict=True) if code)


def test_pulls_that_are_kept_are_left(tmp_path):
    with standing(tmp_path, JOBS, Limits(pulls=PULLS)) as world:
        codes, _, _ = together(tmp_path, "Kubernetes", "--keep-pulls", "20")
        assert limited(codes)
        assert world.docker_hub.limits.remaining() >= 20
        assert refused(world) == 0


def test_runs_again_and_again_until_all_is_there_pull_nothing_twice(tmp_path):
    now = [0.0]
    limits = Limits(pulls=30, clock=lambda: now[0])
    with standing(tmp_path, JOBS, limits) as world:
        seen = Counter()
        for _ in range(20):
            codes, outcomes, _ = together(tmp_path, "Cloud Run", "--outcomes", "all.jsonl")
            seen.update(each["key"] for each in outcomes if each["result"] == "done")
            if set(codes) == {0}:
                break
            now[0] += limits.window
        assert set(codes) == {0}
        assert set(seen.values()) == {1}
        assert len(seen) == len(JOBS)
        assert (world.hub_pulls, refused(world)) == (PULLS, 0)
        merged = begun(tmp_path, "merge", "all.jsonl")
        out, _ = merged.communicate()
        assert {each["result"] for each in lines(out)} <= {"done", "present"}
        assert len(lines(out)) == len(JOBS)


def test_tasks_that_wait_share_a_limit_without_a_refusal(tmp_path):
    limits = Limits(pulls=30, window=3)
    with standing(tmp_path, JOBS, limits) as world:
        codes, outcomes, _ = together(tmp_path, "Cloud Run", "--wait")
        assert codes == [0, 0, 0]
        assert Counter(each["result"] for each in outcomes) == {"done": len(JOBS)}
        assert (world.hub_pulls, refused(world)) == (PULLS, 0)


def test_first_task_makes_the_repository_and_the_others_find_it(tmp_path):
    create = CreateRepository(TARGET, "copies go there")
    with standing(tmp_path, JOBS, Limits(pulls=None), create, there=False) as world:
        codes, outcomes, _ = together(tmp_path, "Cloud Run")
        assert codes == [0, 0, 0]
        assert Counter(each["action"] for each in outcomes) == {"create": 1, "copy": len(JOBS)}
        assert list(world.repositories.records) == [TARGET.resource]


def test_each_task_has_an_object_of_its_own_in_a_store(tmp_path):
    with standing(tmp_path, JOBS, Limits(pulls=None)):
        together(tmp_path, "Batch", "--outcomes", f"file://{tmp_path}/outcomes")
        assert sorted(path.name for path in (tmp_path / "outcomes").iterdir()) == [
            f"{number}-0.jsonl" for number in (1, 2, 3)
        ]
        out, _ = begun(tmp_path, "merge", f"file://{tmp_path}/outcomes").communicate()
        assert len(lines(out)) == len(JOBS)


def test_costs_are_those_of_the_stand_ins():
    assert [job.pulls for job in JOBS] == [cost(job.source) for job in JOBS]
