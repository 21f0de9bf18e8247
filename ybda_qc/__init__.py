"""Quality control of digitised archives: from a folder of scans to a decision."""

import os

__version__ = "0.1.0"

# Else the runtime of the networks reports its use to its maker, and keeps a mark of the machine in the home
# folder, as soon as it is loaded. Nothing leaves the machine, and nothing is written but results.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
