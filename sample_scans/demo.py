"""Runs the main job on the sample batches, says where the reports are, and searches in their text.

Exits with 0 whatever is decided, and not so if a run ends in an error.
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
REPORTS = Path("demo-report")
SAMPLES = {"passing": "da-t-31-2017", "planted": "da-t-31-2017", "assistance": "shanghai-paired-assistance"}
WHAT_THEY_ARE = {
    "passing": "a batch as it should be 合格的一批",
    "planted": "a batch with a planted defect of every kind, to be rejected 预置各种缺陷的一批，应当退回",
    "assistance": "photographs and recordings, some damaged: to be rejected 照片和录音，有损坏，应当退回",
}
SEARCHED = ("passing", "乡村医生")
DECIDED = {0: "accept 机检通过", 1: "reject 退回", 5: "hold 待定"}


def main() -> int:
    """Run all batches; returns the exit code of the demo."""
    for name, profile in SAMPLES.items():
        batch = HERE / name / "batch"
        print(f"\n# {WHAT_THEY_ARE[name]}")  # noqa: T201
        print(f"$ ybda-qc run {batch} --profile {profile} --out {REPORTS / name}", flush=True)  # noqa: T201
        command = [sys.executable, "-m", "ybda_qc", "run", str(batch), "--profile", profile]
        code = subprocess.run([*command, "--out", str(REPORTS / name)], check=False).returncode  # noqa: S603
        if code not in DECIDED:
            return code
        print(f"exit code {code}: {DECIDED[code]}")  # noqa: T201
    name, query = SEARCHED
    print(f"\n$ ybda-qc search {query} --run {REPORTS / name}", flush=True)  # noqa: T201
    command = [sys.executable, "-m", "ybda_qc", "search", query]
    code = subprocess.run([*command, "--run", str(REPORTS / name)], check=False).returncode  # noqa: S603
    report = (REPORTS / "planted" / "report.html").absolute()
    print(f"\nNow open a report in a browser 请用浏览器打开报告: {report.as_uri()}")  # noqa: T201
    return code


if __name__ == "__main__":
    sys.exit(main())
