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
# # Which images does the code pull, and from where?
#
# Shown is [the example](../examples/storefront), a shop of six services. For your own code write an inventory, and
# change `folder` to where it is:
#
#     hub2ar scan PATH --output-format json > inventory.json

# %%
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
from planner.model.document import decode
from planner.model.inventory import Inventory
from reports import tables

here = Path("notebooks") if Path("notebooks").is_dir() else Path()
folder = here / "documents"

inventory = decode((folder / "inventory.json").read_bytes(), Inventory, "inventory.json")
plt.style.use(here / "hub2ar.mplstyle")
pd.set_option("display.max_colwidth", None)

# %% [markdown]
# ## How much of it is Docker Hub
#
# An image is counted once, however many places name it. What the code builds itself is no pull and not counted.

# %%
occurrences = tables.occurrences(inventory)
references = tables.references(inventory)
unresolved = tables.unresolved(inventory)

pulled = occurrences[occurrences["pulled"]]
hub = references[references["carrier"] == "docker-hub"]
tables.figures(
    ("images", len(references)),
    ("of them from Docker Hub", len(hub)),
    ("places that pull one", len(pulled)),
    ("files that do", pulled["path"].nunique()),
    ("texts that are not known", len(unresolved)),
)

# %%
carriers = pulled["carrier"].value_counts().sort_index(ascending=False).sort_values(kind="stable")
figure, axes = plt.subplots()
bars = axes.barh(carriers.index, carriers, color=["C0" if name == "docker-hub" else "C1" for name in carriers.index])
axes.bar_label(bars, padding=4)
axes.set_title(f"{carriers.get('docker-hub', 0)} of {len(pulled)} places that pull depend on Docker Hub")
axes.set_xlabel("places in the code")
axes.locator_params(axis="x", integer=True)
plt.show()

# %% [markdown]
# ## Where the work is
#
# The kinds of file that name Docker Hub's images: most of the places stand in few kinds, so that few reviewers see
# most of the change.

# %%
formats = pulled[pulled["carrier"] == "docker-hub"]["format"].value_counts()
formats = formats.sort_index(ascending=False).sort_values(kind="stable")
half = formats[::-1].cumsum().searchsorted(formats.sum() / 2) + 1
figure, axes = plt.subplots(figsize=(8.4, 3.8))
bars = axes.barh(formats.index, formats, color=["C1"] * (len(formats) - half) + ["C0"] * half)
axes.bar_label(bars, padding=4)
axes.set_title(f"{half} of {len(formats)} kinds of file hold half of the places to change")
axes.set_xlabel("places that name an image of Docker Hub")
axes.locator_params(axis="x", integer=True)
plt.show()

# %% [markdown]
# ## What most of it hangs on
#
# The images that most places name. Where one of them is not to be had, most stops.

# %%
most = hub.sort_values(["places", "reference"], ascending=[False, True])
most[["reference", "places", "files", "roles"]].head(10).reset_index(drop=True)

# %% [markdown]
# The same repository at several tags: each has to be moved, and perhaps one would do.

# %%
tags = hub.groupby("repository")["tag"].agg(number="nunique", tags=", ".join)
tags[tags["number"] > 1]

# %% [markdown]
# ## What nobody knows yet
#
# Every row has to be settled before the last pull from Docker Hub is gone; the reason says where.

# %%
unresolved[["path", "line", "text", "reason"]]
