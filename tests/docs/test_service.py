"""What docs/watch.md and docs/service/ show works as it is shown."""

import base64
import re
import shutil
import subprocess
import sys
import textwrap
import time
import tomllib
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from ybda_qc.model.watching import EventKind
from ybda_qc.profile.options import Options
from ybda_qc.watch.config import load_config
from ybda_qc.watch.config_tables import InboxTable, ServiceTable, WebhookTable
from ybda_qc.watch.metrics import Metrics
from ybda_qc.watch.posting import headers

DOCS = Path(__file__).parents[2] / "docs"
UNIT = DOCS / "service" / "ybda-qc-watch.service"
PAGES = ("watch.md", "watch.zh-CN.md")
KEY = bytes(range(32))


def blocks(page: Path, language: str) -> list[str]:
    found = re.findall(
        rf"^ *```{language}\n(.*?)^ *```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    return [textwrap.dedent(block) for block in found]


@pytest.mark.parametrize("page", PAGES)
def test_the_configuration_can_be_used(page: str, tmp_path: Path) -> None:
    (text,) = (block for block in blocks(DOCS / page, "toml") if "[[inbox]]" in block)
    secret = tmp_path / "secret"
    secret.write_bytes(base64.b64encode(KEY))
    (tmp_path / "watch.toml").write_text(
        text.replace("/etc/ybda-qc/webhook.secret", str(secret)), encoding="utf-8"
    )
    config = load_config(tmp_path / "watch.toml", {})
    assert config.webhook is not None
    assert config.webhook.key == KEY
    tables = tomllib.loads(text)
    shown = {"service": tables["service"], "inbox": tables["inbox"][0], "webhook": tables["webhook"]}
    models: dict[str, type[Options]] = {"service": ServiceTable, "inbox": InboxTable, "webhook": WebhookTable}
    for table, model in models.items():
        assert shown[table].keys() == model.model_fields.keys(), "every key is shown"


@pytest.mark.parametrize("page", PAGES)
def test_a_receiver_that_follows_the_example_believes_us_and_nobody_else(page: str) -> None:
    (source,) = blocks(DOCS / page, "python")
    names: dict[str, object] = {}
    exec(compile(source, page, "exec"), names)
    is_genuine = names["is_genuine"]
    assert callable(is_genuine)
    secret = base64.b64encode(KEY).decode()
    body, now = '{"件": 1}'.encode(), int(time.time())
    signed = headers(KEY, "msg_1", now, body)
    assert is_genuine(signed, body, secret)
    assert is_genuine(signed, body, f"whsec_{secret}")
    assert not is_genuine(signed, body + b" ", secret)
    assert not is_genuine(signed | {"webhook-id": "msg_2"}, body, secret)
    assert not is_genuine(signed, body, base64.b64encode(KEY[::-1]).decode())
    assert not is_genuine(headers(KEY, "msg_1", now - 3600, body), body, secret), "sent again later"


@pytest.mark.parametrize("page", PAGES)
def test_every_figure_and_event_is_described(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    exposition = Metrics().exposition()[0].decode()
    figures = re.findall(r"^# TYPE (ybda_qc_\w+)", exposition, re.MULTILINE)
    assert len(figures) > 15
    assert [name for name in figures if f"`{name}`" not in text] == []
    assert [kind for kind in EventKind if f"`{kind}`" not in text] == []


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", text)
    assert targets
    assert [t for t in targets if not t.startswith("https:") and not (DOCS / t).exists()] == []


# --- systemd ---


def unit_for(program: str, folder: Path) -> Path:
    """The unit with a program that exists here."""
    text = UNIT.read_text(encoding="utf-8")
    path = folder / UNIT.name
    path.write_text(text.replace("/opt/ybda-qc/bin/ybda-qc", program), encoding="utf-8")
    return path


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_finds_no_fault_with_the_unit(tmp_path: Path) -> None:
    unit = unit_for(f"{sys.executable} -m ybda_qc", tmp_path)
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False
    )
    told = [line for line in verified.stderr.splitlines() if UNIT.stem in line]  # others' units are not ours
    assert (verified.returncode, told) == (0, [])


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_would_have_found_one(tmp_path: Path) -> None:
    unit = unit_for("/nowhere/ybda-qc", tmp_path)
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False
    )
    assert "/nowhere/ybda-qc" in verified.stderr


def test_the_unit_keeps_the_contract_of_exit_codes() -> None:
    lines = UNIT.read_text(encoding="utf-8").splitlines()
    settings = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    assert settings["Type"] == "notify"
    assert settings["ExecReload"].endswith("kill -HUP $MAINPID")
    assert settings["KillMode"] == "mixed"
    assert settings["RestartPreventExitStatus"].split() == ["2", "3", "4"]
    assert settings["SuccessExitStatus"] == "130"
    assert settings["OOMPolicy"] == "continue"


# --- Windows ---

_WINSW = {  # elements that WinSW documents
    *("id", "name", "description", "executable", "arguments", "startmode", "delayedAutoStart", "depend"),
    *("workingdirectory", "env", "logpath", "log", "onfailure", "resetfailure", "stoptimeout", "priority"),
    "serviceaccount",
}


def test_the_recipe_for_winsw() -> None:
    (text,) = blocks(DOCS / "service" / "windows.md", "xml")
    service = ET.fromstring(text)
    assert service.tag == "service"
    assert {child.tag for child in service} <= _WINSW
    assert service.findtext("arguments", "").startswith("-m ybda_qc watch ")
    assert (service.find("log") or service).get("mode") == "roll-by-size"
    assert service.findtext("stoptimeout") == "90 sec"


def test_the_configuration_for_windows_is_toml() -> None:
    (text,) = blocks(DOCS / "service" / "windows.md", "toml")
    tables = tomllib.loads(text)
    assert tables["inbox"][0]["path"] == r"\\nas\scans\station-1"
    assert tables["inbox"][0].keys() <= InboxTable.model_fields.keys()
    assert tables["service"].keys() <= ServiceTable.model_fields.keys()
