# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # What will be done, when, and at what cost?
#
# `hub2ar plan` decides for each image and each place. Shown is the plan of the example. For your own code write the
# documents, and change `folder` to where they are:
#
#     hub2ar plan inventory.json availabilities.json --project ID       # writes plan.json

# %%
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
from planner.model.availability import Availabilities
from planner.model.document import decode
from planner.model.inventory import Inventory
from planner.model.plan import Plan
from reports import tables

here = Path("notebooks") if Path("notebooks").is_dir() else Path()
folder = here / "documents"

inventory = decode((folder / "inventory.json").read_bytes(), Inventory, "inventory.json")
availabilities = decode((folder / "availabilities.json").read_bytes(), Availabilities, "availabilities.json")
plan = decode((folder / "plan.json").read_bytes(), Plan, "plan.json")
plt.style.use(here / "hub2ar.mplstyle")
pd.set_option("display.max_colwidth", None)

# %% [markdown]
# ## What changes, and what is left to people
#
# `create` makes a repository, `warm` has it fetch an image, `rewrite` changes one place of the code, `keep` leaves one
# as it is, and `manual` is for a person.

# %%
actions = tables.actions(plan)
numbers = actions["action"].value_counts().sort_index(ascending=False).sort_values(kind="stable")
figure, axes = plt.subplots()
bars = axes.barh(numbers.index, numbers, color=["C0" if name == "rewrite" else "C1" for name in numbers.index])
axes.bar_label(bars, padding=4)
axes.set_title(f"{numbers.get('rewrite', 0)} places are rewritten, {numbers.get('manual', 0)} wait for somebody to decide")
axes.set_xlabel("actions")
axes.locator_params(axis="x", integer=True)
plt.show()

# %%
undecided = tables.undecided(inventory, plan)
undecided[["subject", "problem", "what_to_do", "path", "line"]]

# %% [markdown]
# ## How long it takes
#
# Docker Hub's limit is what takes time, not the bytes. The most used images are in the first wave, so what is left
# when the limit is reached are those that few places name.

# %%
waves = tables.waves(plan)
limit = availabilities.pull_limit
end = (waves["begins"] + waves["seconds"]).max()
hours = [*(waves["begins"] / 3600), end / 3600 + 1]
pulls = waves["pulls"].cumsum()

figure, axes = plt.subplots(figsize=(8.4, 3.6))
if limit:
    windows = range(0, int(hours[-1] * 3600) + 1, limit.window)
    opens = [*(start / 3600 for start in windows), hours[-1]]
    allowed = [*(limit.limit * number for number in range(1, len(windows) + 1)), limit.limit * len(windows)]
    axes.step(opens, allowed, where="post", color="C1", label="Docker Hub allows")
axes.step(hours, [*pulls, pulls.iloc[-1]], where="post", color="C0", label="the plan needs")
allows = f": Docker Hub allows {limit.limit} in {limit.window // 3600}" if limit else ""
axes.set_title(f"{waves['pulls'].sum()} pulls take {end / 3600:.0f} hours{allows}")
axes.set_xlabel("hours after the start")
axes.set_ylabel("pulls, added up")
axes.set_ylim(0)
axes.set_xlim(0)
axes.grid(axis="y")
axes.legend(loc="lower right")
plt.show()

# %%
waves.assign(begins=(waves["begins"] / 3600).round(1)).rename(columns={"begins": "begins after hours"})[
    ["wave", "title", "images", "pulls", "begins after hours"]
]

# %% [markdown]
# ## What it costs
#
# Images are a few KiB in a rehearsal, so its amounts are next to nothing; prices and what is counted are the real ones.

# %%
charges = tables.charges(plan)
charges[["what", "low", "high", "currency", "per", "remedy"]]

# %% [markdown]
# ## Where images go, and why
#
# One row for each image: the reason is the plan's own, and the one that `hub2ar plan --explain` gives.

# %%
images = tables.references(inventory, availabilities, plan)
images.groupby(["decision", "why"])["reference"].agg(images="size", example="first").reset_index()
