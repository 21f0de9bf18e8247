"""No part of the program reports its use, or leaves a mark in the home folder."""

import os
import subprocess
import sys
from pathlib import Path


def test_loading_the_networks_writes_nothing_into_the_home_folder(tmp_path: Path) -> None:
    unset = {"XDG_CACHE_HOME", "ORT_DISABLE_TELEMETRY"}
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    command = "from ybda_qc.imaging.direction import load_network; load_network()"

    subprocess.run(
        [sys.executable, "-c", command], env=environment | {"HOME": str(tmp_path)}, check=True, timeout=120
    )

    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
