"""Folders to which decided items are moved: where they lie, and where they may not."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from ybda_qc.model import Outcome
from ybda_qc.profile import Profile
from ybda_qc.profile.options import WatchOptions
from ybda_qc.profile.problems import Problems
from ybda_qc.watch import problems as say
from ybda_qc.watch.config_values import InboxConfig
from ybda_qc.watch.overlaps import place

_KEYS = {Outcome.ACCEPT: "accepted_folder", Outcome.REJECT: "rejected_folder"}
_Problem = tuple[str, dict[str, str]]


def targets(root: Path, options: WatchOptions) -> dict[Outcome, Path]:
    """Where items of a watched folder are moved, by their decision; those of other decisions are not."""
    written = {outcome: str(getattr(options, key)) for outcome, key in _KEYS.items()}
    return {outcome: root.parent / folder for outcome, folder in written.items() if folder}


def targets_within(root: Path, options: WatchOptions) -> tuple[Path, ...]:
    """Those of these folders that lie in the watched one: they are passed over when it is looked at."""
    real = root.resolve()
    found = (target.resolve() for target in targets(root, options).values())
    return tuple(root / target.relative_to(real) for target in found if target.is_relative_to(real))


def require_targets(config: InboxConfig, profile: Profile, others: Sequence[InboxConfig]) -> None:
    """See that moved items end where no part of the service takes them for something else.

    Parameters
    ----------
    config
        The watched folder.
    profile
        By which its items are decided.
    others
        All folders that are watched at the same time; it may be among them.

    Raises
    ------
    ProfileError
        With all such mistakes.
    """
    found = targets(config.path.absolute(), profile.watch)
    if not found:
        return  # and no other folder is asked where it lies
    problems = Problems()
    rest = [other for other in others if place(other.path) != place(config.path)]
    for outcome, target in found.items():
        for template, values in _mistakes(target, config, rest):
            values |= {"file": config.profile, "key": f"watch.{_KEYS[outcome]}", "target": str(target)}
            problems.add(template, **values)
    if len(found) > 1 and len({place(target) for target in found.values()}) == 1:
        key = f"watch.{_KEYS[Outcome.REJECT]}"
        same = str(found[Outcome.REJECT])
        problems.add(say.SAME_TARGET, file=config.profile, key=key, target=same)
    problems.raise_if_any(config.profile)


def _mistakes(target: Path, config: InboxConfig, others: Sequence[InboxConfig]) -> Iterator[_Problem]:
    if place(config.path).is_relative_to(place(target)):
        yield say.TARGET_HOLDS_INBOX, {"inbox": str(config.path)}
    for other in others:
        if _are_nested(target, other.path):
            yield say.TARGET_IN_OTHER, {"inbox": str(other.path)}
    for owner in (config, *others):
        if _are_nested(target, owner.out):
            yield say.TARGET_IN_OUT, {"out": str(owner.out)}


def _are_nested(one: Path, other: Path) -> bool:
    """Whether one of two folders lies in the other, or they are the same."""
    here, there = place(one), place(other)
    return here.is_relative_to(there) or there.is_relative_to(here)
