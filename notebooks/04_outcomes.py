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
# # What has become of the plan?
#
# `hub2ar apply` and `hub2ar verify` append a line for everything they did or looked at. Shown are those of the
# rehearsed example. For your own migration change `folder` to where the documents are:
#
#     hub2ar apply plan.json        # appends to outcomes.jsonl
#     hub2ar verify plan.json --outcomes outcomes.jsonl

# %%
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
from planner.model.document import decode, decode_lines
from planner.model.outcome import Outcome
from planner.model.plan import Plan
from reports import tables

here = Path("notebooks") if Path("notebooks").is_dir() else Path()
folder = here / "documents"

plan = decode((folder / "plan.json").read_bytes(), Plan, "plan.json")
lines = decode_lines((folder / "outcomes.jsonl").read_bytes(), Outcome, "outcomes.jsonl")
plt.style.use(here / "hub2ar.mplstyle")
pd.set_option("display.max_colwidth", None)

# %% [markdown]
# ## How far it is
#
# The last outcome of an action counts; earlier ones are those of runs that did not get so far.

# %%
outcomes = tables.outcomes(lines)
last = outcomes.drop_duplicates(["key", "action"], keep="last")
results = last.groupby(["action", "result"]).size().unstack(fill_value=0)
results

# %%
transfers = tables.transfers(plan)
arrived = last[last["key"].isin(transfers["key"]) & last["action"].isin(["warm", "copy"])]
arrived = arrived[arrived["result"].isin(["done", "present"])].sort_values("at", kind="stable")
hours = (arrived["at"] - outcomes["at"].min()).dt.total_seconds() / 3600
figure, axes = plt.subplots(figsize=(8.4, 3.6))
axes.axhline(len(transfers), color="C1", linestyle="--")
axes.step([0, *hours, hours.max() + 0.5], [0, *range(1, len(arrived) + 1), len(arrived)], where="post", color="C0")
axes.set_title(f"{len(arrived)} of {len(transfers)} images are there after {hours.max():.0f} hours, {(hours < 1).sum()} in the first")
axes.set_xlabel("hours after the start")
axes.set_ylabel("images that have arrived")
axes.set_ylim(0, len(transfers) * 1.1)
axes.set_xlim(0)
axes.grid(axis="y")
axes.annotate("planned", (0, len(transfers)), xytext=(6, 4), textcoords="offset points", color="#565e69")
plt.show()

# %% [markdown]
# What was tried often had to wait: Docker Hub gave no more pulls.

# %%
retried = last[last["attempts"] > 1][["subject", "attempts", "at"]]
retried.assign(at=retried["at"].dt.strftime("%a %H:%M")).reset_index(drop=True)

# %% [markdown]
# ## Whether what is there is what was planned
#
# `verify` reads the digest of every destination. Each is compared with the plan's; an image whose digest was not known
# to the plan has nothing to be compared with.

# %%
held = last[(last["action"] == "verify") & (last["result"] == "done")]
compared = transfers.merge(held[["key", "digest"]], on="key", how="left", suffixes=("", "_there"))
missing = compared["digest_there"].isna()
drifted = ~missing & (compared["digest"] != "") & (compared["digest"] != compared["digest_there"])
checks = tables.figures(
    ("as planned", (~missing & ~drifted).sum()),
    ("something else", drifted.sum()),
    ("not there", missing.sum()),
).set_index("figure")["count"][::-1]
figure, axes = plt.subplots(figsize=(8.4, 2.4))
bars = axes.barh(checks.index, checks, color=["C2", "C2", "C0"])
axes.bar_label(bars, padding=4)
axes.set_title(f"{checks['as planned']} of {len(transfers)} destinations have what was planned")
axes.set_xlabel("destinations")
axes.locator_params(axis="x", integer=True)
plt.show()

# %% [markdown]
# ## What the code names now
#
# `verify` scans the code again: each place names the new repository, stays as planned, or is left to people.

# %%
code = last[last["action"] == "code"]
said = code["detail"].str.extract(r"^(names|stays|left to you)")[0].replace(
    {"names": "names the destination", "stays": "stays, as planned", "left to you": "left to people"}
)
said.to_frame("place").groupby("place").size().to_frame("places")

# %%
code[code["result"] != "done"][["subject", "detail"]].reset_index(drop=True)

# %% [markdown]
# ## What has to be done again
#
# Nothing, when this table is empty; otherwise `hub2ar apply` does what is missing, and nothing twice.

# %%
last[last["result"].isin(["failed", "skipped"])][["action", "subject", "error"]]
