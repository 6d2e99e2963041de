"""Write the JSON Schema of every document and line into a folder: .ci/schema.py FOLDER."""

import sys
from pathlib import Path

from planner.model.document import schemas

folder = Path(sys.argv[1])
written = schemas()
for stale in folder.glob("*.json"):
    if stale.name not in written:
        stale.unlink()
for name, schema in written.items():
    (folder / name).write_text(schema, encoding="utf-8")
