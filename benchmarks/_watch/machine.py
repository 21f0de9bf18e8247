"""How busy the machine was with other things while something was measured."""

import os
import time
from dataclasses import dataclass, field

import psutil


def _busy_seconds() -> float:
    times = psutil.cpu_times()
    return times.user + times.nice + times.system + times.irq + times.softirq + times.steal


@dataclass(slots=True)
class Machine:
    """Collects the load average; `sample` is called every few seconds."""

    _loads: list[float] = field(default_factory=list)
    _last: float = 0.0
    _busy: float = field(default_factory=_busy_seconds)
    _since: float = field(default_factory=time.monotonic)

    def sample(self) -> None:
        """Note the present load, at most every five seconds."""
        now = time.monotonic()
        if now - self._last >= 5:
            self._last = now
            self._loads.append(os.getloadavg()[0])

    def sentence(self) -> str:
        """What there is to say about it."""
        cores = os.cpu_count() or 1
        seconds = (time.monotonic() - self._since) * cores
        share = (_busy_seconds() - self._busy) / seconds
        mean = sum(self._loads) / max(1, len(self._loads))
        return (
            f"{cores} cores; load average {mean:.1f} in the mean, {max(self._loads, default=0):.1f} at most; "
            f"processors busy {share:.0%} of the time, this benchmark included."
        )


def processor_seconds(pid: int) -> float:
    """Processor time of a process and its descendants, also of those that have ended."""
    total = 0.0
    parent = psutil.Process(pid)
    for process in (parent, *parent.children(recursive=True)):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total
