"""Writes sbom.cdx.json, the list of all packages of the running program with their hashes (CycloneDX), from the locks.

python -m release.sbom
"""

import json
import subprocess
import sys
from typing import Any

from qa import __version__
from release.locks import ROOT, RUN

FILE = ROOT / "sbom.cdx.json"
_PROGRAM = {
    "type": "application",
    "bom-ref": "zhefu-qa",
    "name": "zhefu-qa",
    "version": __version__,
    "licenses": [{"license": {"id": "MIT"}}],
}


def bill() -> dict[str, Any]:
    """Return the bill of materials. It is the same for the same locks and version: no time, no random number."""
    locks = "".join((ROOT / name).read_text(encoding="utf-8") for name in RUN)
    command = [sys.executable, "-m", "cyclonedx_py", "requirements", "--output-reproducible", "-"]
    told = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8", input=locks)
    found: dict[str, Any] = json.loads(told.stdout)
    found["metadata"]["component"] = _PROGRAM
    for component in found["components"]:
        del component["description"]  # the lines of the lock, whose hashes it repeats
        component["bom-ref"] = component["purl"]  # the number of a line would change with every line before
    found["dependencies"] = [{"ref": one["bom-ref"]} for one in found["components"]]
    return found


if __name__ == "__main__":
    FILE.write_text(json.dumps(bill(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
