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
# # Where can each image be had today?
#
# `hub2ar check` asks Docker Hub and mirror.gcr.io for manifests, which costs no pulls. Shown are the answers for the
# example. For your own code write the documents, and change `folder` to where they are:
#
#     hub2ar check inventory.json --output-format json > availabilities.json

# %%
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
from planner.model.availability import Availabilities
from planner.model.document import decode
from reports import tables

here = Path("notebooks") if Path("notebooks").is_dir() else Path()
folder = here / "documents"

availabilities = decode((folder / "availabilities.json").read_bytes(), Availabilities, "availabilities.json")
plt.style.use(here / "hub2ar.mplstyle")
pd.set_option("display.max_colwidth", None)

# %% [markdown]
# ## What the mirror could serve
#
# `cached-fresh` is on the mirror with the digest that Docker Hub has. `cached-stale` is there under the same tag with
# another digest, so whoever reads that tag gets old software. `not-cached` needs a pull from Docker Hub.

# %%
images = tables.references(None, availabilities)
verdicts = images["verdict"].value_counts().sort_index(ascending=False).sort_values(kind="stable")
figure, axes = plt.subplots(figsize=(8.4, 2.6))
bars = axes.barh(verdicts.index, verdicts, color=["C0" if name == "cached-fresh" else "C1" for name in verdicts.index])
axes.bar_label(bars, padding=4)
axes.set_title(f"mirror.gcr.io has {verdicts.get('cached-fresh', 0)} of {len(images)} images as Docker Hub has them")
axes.set_xlabel("images")
axes.locator_params(axis="x", integer=True)
plt.show()

# %% [markdown]
# ## Whose images they are
#
# The mirror keeps what is often asked for. Docker's official images (`library/…`) mostly are, those of others less so.

# %%
official = images["repository"].str.contains("(?:^|/)library/").map({True: "official images", False: "images of others"})
served = images.groupby([official, "mirrored"]).size().unstack(fill_value=0).reindex(columns=[True, False], fill_value=0)
figure, axes = plt.subplots(figsize=(8.4, 2.4))
there = axes.barh(served.index, served[True], color="C0", label="the mirror serves it")
gone = axes.barh(served.index, served[False], left=served[True], color="C1", label="only Docker Hub does")
axes.bar_label(there, label_type="center", color="white")
axes.bar_label(gone, label_type="center")
axes.set_title(" and ".join(f"{row[True]} of {row.sum()} {name}" for name, row in served[::-1].iterrows()) + " are mirrored")
axes.set_xlabel("images")
axes.locator_params(axis="x", integer=True)
axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
plt.show()

# %% [markdown]
# ## Tags that must not be read from the mirror
#
# Both registries know the tag and mean something else by it.

# %%
probes = tables.probes(availabilities)
stale = probes[(probes["verdict"] == "cached-stale") & probes["place"].isin(["hub", "mirror"])]
stale.assign(digest=stale["digest"].str[:19]).pivot(index="reference", columns="place", values="digest")

# %% [markdown]
# ## What only Docker Hub has
#
# While its limit is reached, none of these can be pulled; they are the ones to move first.

# %%
images[images["verdict"] == "not-cached"][["repository", "tag"]].reset_index(drop=True)

# %% [markdown]
# ## What was asked
#
# Every verdict rests on answers: who was asked (`mirror-digest` is the mirror, asked for Docker Hub's digest), and what
# was said. `absence` of the table `probes` tells more where a registry refused.

# %%
probes.pivot_table(index="place", columns="status", values="asked", aggfunc="count", fill_value=0)

# %% [markdown]
# Docker Hub said this of its limit on the way.

# %%
limit = availabilities.pull_limit
limit and tables.figures(
    ("pulls that are allowed", limit.limit),
    ("of them left", limit.remaining),
    ("in so many hours", limit.window // 3600),
)
