# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Which images does the code pull?
#
# `hub2ar scan --output-format json` writes an inventory; here the example is scanned in place. For a tree of your
# own, change `tree`, or read a document that is there already:
#
#     from planner.model.document import decode
#     from planner.model.inventory import Inventory
#     inventory = decode(Path("inventory.json").read_bytes(), Inventory, "inventory.json")

# %%
from pathlib import Path

from planner.scan import scan
from reports import tables

here = Path("examples/storefront")
tree = here if here.is_dir() else Path("..") / here
inventory = scan((tree,))

occurrences = tables.occurrences(inventory)
references = tables.references(inventory)
unresolved = tables.unresolved(inventory)

# %% [markdown]
# Docker Hub first: these are the images to move, the ones that most places name at the top.

# %%
hub = references[references["registry"] == "docker.io"]
hub.sort_values(["places", "reference"], ascending=[False, True])[["reference", "roles", "places", "path", "line"]]

# %% [markdown]
# The other registries, by the number of references.

# %%
others = references[references["registry"] != "docker.io"]
others.groupby("registry")["reference"].agg(["size", "first"])

# %% [markdown]
# The same repository at several tags: each has to be moved, and perhaps one would do.

# %%
tags = references.groupby(["registry", "repository"])["tag"].agg(number="nunique", tags=", ".join)
several = tags[tags["number"] > 1]
several

# %% [markdown]
# What names an image, by kind of file. Outputs are built here, and not moved.

# %%
by_format = occurrences.pivot_table(index="format", columns="role", values="reference", aggfunc="count", fill_value=0)
by_format

# %% [markdown]
# What is not known. Every row has to be settled before the last pull from Docker Hub is gone.

# %%
unresolved[["path", "line", "text", "reason"]]
