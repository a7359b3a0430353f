"""The list of parts (SBOM, CycloneDX) of an environment, with what the wheel itself holds that a program made."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from release.artefacts import stated
from release.building import ROOT, ReleaseError, commit_time

_SECONDS = 120


def write_parts(python: Path, out: Path) -> int:
    """Write the parts of the environment of `python`, onrecord as the whole they belong to; how many they are.

    The same packages give the same bytes. Raises `ReleaseError` where CycloneDX's tool fails.
    """
    command = [sys.executable, "-m", "cyclonedx_py", "environment", "--sv", "1.6", "--output-reproducible", str(python)]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": commit_time()}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=_SECONDS, check=False
    )
    if done.returncode:
        raise ReleaseError(f"the list of parts failed:\n{done.stderr}")
    listed = completed(json.loads(done.stdout))
    told = json.dumps(listed, indent=1, ensure_ascii=False, sort_keys=True)
    if invalid := _validator().validate_str(told):
        raise ReleaseError(f"the list of parts is no valid CycloneDX: {invalid}")
    out.write_text(told + "\n", encoding="utf-8")
    return len(listed["components"])


def _validator() -> Any:
    # Only where releases are made is this installed, while tests want the rest.
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    return JsonStrictValidator(SchemaVersion.V1_6)


def completed(listed: dict[str, Any]) -> dict[str, Any]:
    """The list with onrecord as its subject, and with the artefacts, which no package manager knows of."""
    [whole] = [one for one in listed["components"] if one["name"] == "onrecord"]
    # It came from a folder of this machine, which tells nobody anything.
    subject = {key: value for key, value in whole.items() if key != "externalReferences"}
    subject["purl"] = f"pkg:pypi/onrecord@{whole['version']}"
    inside = [
        {
            "bom-ref": one.path,
            "type": one.type,
            "name": one.path.removeprefix("src/"),
            "hashes": [{"alg": "SHA-256", "content": one.sha256}],
        }
        for one in stated()
    ]
    others = [one for one in listed["components"] if one is not whole]
    return listed | {"metadata": {**listed["metadata"], "component": subject}, "components": others + inside}
