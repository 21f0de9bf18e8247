"""Folders to which items are moved, and where they may not lie."""

import os
from pathlib import Path

import pytest

from tests.watch.watched import profile_text
from ybda_qc.errors import ProfileError
from ybda_qc.watch import problems as say
from ybda_qc.watch.config_values import InboxConfig
from ybda_qc.watch.opening import check_inbox, open_inbox


def inbox_of(place: Path, name: str = "in", *, accepted: str = "", rejected: str = "") -> InboxConfig:
    folder = place / name
    folder.mkdir(parents=True)
    profile = place / f"{name}.toml"
    profile.write_text(profile_text(accepted=accepted, rejected=rejected), encoding="utf-8")
    return InboxConfig(path=folder, name=name, out=place / f"{name}-qc", profile=str(profile))


def mistakes(config: InboxConfig, *others: InboxConfig) -> list[tuple[str, str]]:
    """Template and key of what is said when the folder is opened, which is that of the check before it."""
    with pytest.raises(ProfileError) as caught:
        open_inbox(config, jobs=1, lang="en", others=others).close()
    with pytest.raises(ProfileError) as checked:
        check_inbox(config, others)
    assert str(checked.value) == str(caught.value)
    assert config.profile in str(caught.value)
    return [(template, str(values["key"])) for template, values in caught.value.problems]


@pytest.mark.parametrize(
    ("accepted", "template"),
    [
        ("in", say.TARGET_HOLDS_INBOX),
        (".", say.TARGET_HOLDS_INBOX),
        ("../place/in", say.TARGET_HOLDS_INBOX),
        ("in-qc", say.TARGET_IN_OUT),
        ("in-qc/accepted", say.TARGET_IN_OUT),
        ("other/accepted", say.TARGET_IN_OTHER),
        ("other", say.TARGET_IN_OTHER),
        ("other-qc/accepted", say.TARGET_IN_OUT),
    ],
)
def test_a_target_that_cannot_be_right_is_refused(tmp_path: Path, accepted: str, template: str) -> None:
    place = tmp_path / "place"
    config, other = inbox_of(place, accepted=accepted), inbox_of(place, "other")
    assert (template, "watch.accepted_folder") in mistakes(config, config, other)


def test_all_mistakes_are_told_together(tmp_path: Path) -> None:
    config = inbox_of(tmp_path, accepted="in-qc/x", rejected="in-qc/x")
    assert mistakes(config) == [
        (say.TARGET_IN_OUT, "watch.accepted_folder"),
        (say.TARGET_IN_OUT, "watch.rejected_folder"),
        (say.SAME_TARGET, "watch.rejected_folder"),
    ]


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_the_same_folder_is_recognised_by_another_name(tmp_path: Path) -> None:
    (tmp_path / "moved").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "moved")
    config = inbox_of(tmp_path, accepted="moved", rejected="link")
    assert mistakes(config) == [(say.SAME_TARGET, "watch.rejected_folder")]


def test_folders_beside_the_inbox_are_good_and_two_inboxes_may_share_them(tmp_path: Path) -> None:
    configs = [inbox_of(tmp_path, name, accepted="accepted", rejected="rejected") for name in ("in", "other")]
    for config in configs:
        check_inbox(config, configs)


@pytest.mark.parametrize("accepted", ["in/accepted", "../place/in/accepted"])
def test_a_target_in_the_watched_folder_is_passed_over(tmp_path: Path, accepted: str) -> None:
    opened = open_inbox(inbox_of(tmp_path / "place", accepted=accepted), jobs=1, lang="en")
    try:
        assert opened.excluded == (tmp_path / "place" / "in" / "accepted",)
        assert opened.behind.excluded == ("accepted/",)
    finally:
        opened.close()
