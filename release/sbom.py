"""Writes sbom.cdx.json (CycloneDX): all packages of the running program and its weights, with hashes and licences.

python -m release.sbom
"""

import hashlib
import json
import subprocess
import sys
from typing import Any

from qa import __version__
from release.licences import declared
from release.locks import ROOT, RUN
from release.wheel import ROOMS

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
    licences = declared()
    for component in found["components"]:
        component["licenses"] = [{"license": {"name": licences[component["name"]][0]}}]
        del component["description"]  # the lines of the lock, whose hashes it repeats
        component["bom-ref"] = component["purl"]  # the number of a line would change with every line before
    found["components"] += weights()
    found["dependencies"] = [{"ref": one["bom-ref"]} for one in found["components"]]
    return found


def weights() -> list[dict[str, Any]]:
    """Return the trained weights that lie in the repository; each has a model card beside it with its licence."""
    paths = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.safetensors"))
    return [
        {
            "type": "machine-learning-model",
            "bom-ref": path.relative_to(ROOT).as_posix(),
            "name": path.relative_to(ROOT).as_posix(),
            "version": __version__,
            "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(path.read_bytes()).hexdigest()}],
            "licenses": [{"license": {"id": "CC-BY-SA-4.0"}}],
        }
        for path in paths
    ]


if __name__ == "__main__":
    FILE.write_text(json.dumps(bill(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
