"""The configuration of the service: what it says, what is refused, and the command line over it."""

import base64
from pathlib import Path

import pytest

from ybda_qc.cli.console import print_error
from ybda_qc.cli.language import Language, speaker
from ybda_qc.errors import ProfileError, UsageError
from ybda_qc.model.watching import EventKind
from ybda_qc.watch.config import Overrides, ServiceConfig, load_config
from ybda_qc.watch.config_parsing import SECRET_VARIABLE, parse_address

SECRET = base64.b64encode(bytes(range(32))).decode()


def write(folder: Path, text: str, name: str = "watch.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def mistakes(path: Path, environ: dict[str, str] | None = None) -> list[str]:
    """What is said after the name of the file."""
    with pytest.raises(ProfileError) as raised:
        load_config(path, environ or {})
    return [template.format(**values).removeprefix(f"{path}: ") for template, values in raised.value.problems]


def test_a_whole_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(f"whsec_{SECRET}\n", encoding="ascii")
    path = write(
        tmp_path,
        """
        [service]
        jobs = 2
        log = "json"
        http = "127.0.0.1:9178"
        min_free_mb = 1000
        [[inbox]]
        path = "收件/一号"
        out = "/srv/qc"
        profile = "own.toml"
        catalogue = "../目录.xlsx"
        events = "poll"
        poll_seconds = 5
        ocr = "off"
        [[inbox]]
        path = "/srv/scans"
        name = "second"
        [webhook]
        url = "https://例子.example/收件?x=1"
        secret_file = "secret"
        events = ["page", "trouble"]
        """,
    )
    config = load_config(path, {})
    first, second = config.inboxes
    assert (config.jobs, config.log, str(config.http), config.min_free_mb) == (
        2,
        "json",
        "127.0.0.1:9178",
        1000,
    )
    assert (first.path, first.out, first.name) == (tmp_path / "收件/一号", Path("/srv/qc"), "一号")
    assert (first.profile, first.catalogue) == (str(tmp_path / "own.toml"), tmp_path.parent / "目录.xlsx")
    assert (first.events, first.poll_seconds, first.ocr) == ("poll", 5.0, "off")
    assert (second.profile, second.out, second.name) == ("scan-station", tmp_path / "scans-qc", "second")
    assert config.webhook is not None
    assert config.webhook.url == "https://xn--fsqu00a.example/%E6%94%B6%E4%BB%B6?x=1"
    assert config.webhook.key == bytes(range(32))
    assert config.webhook.events == (EventKind.PAGE, EventKind.TROUBLE)
    assert "key" not in repr(config.webhook), "a secret never shows in a log"


def test_an_empty_file_is_all_defaults(tmp_path: Path) -> None:
    path = write(tmp_path, "")
    assert load_config(path, {}) == ServiceConfig(file=path)


def test_the_secret_may_come_from_the_environment(tmp_path: Path) -> None:
    path = write(tmp_path, "[webhook]\nurl = 'http://localhost:8080'\n")
    webhook = load_config(path, {SECRET_VARIABLE: SECRET}).webhook
    assert webhook is not None
    assert (webhook.url, webhook.key) == ("http://localhost:8080/", bytes(range(32)))
    assert webhook.events == (EventKind.ITEM_CLOSED, EventKind.ITEM_UPDATED)


def test_a_webhook_without_address_is_none(tmp_path: Path) -> None:
    assert load_config(write(tmp_path, "[webhook]\nurl = ''\n"), {}).webhook is None


def test_all_mistakes_are_told_together(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        """
        [service]
        job = 2
        log = "yaml"
        http = "localhost"
        [[inbox]]
        out = "x"
        [[inbox]]
        path = "in"
        poll_seconds = 0
        [webhook]
        url = "ftp://example.org"
        events = ["item-close"]
        [extra]
        """,
    )
    assert sorted(mistakes(path)) == [
        "extra: unknown table; known here: inbox, service, webhook",
        "inbox.1.path: missing; set it",
        "inbox.2.poll_seconds: 0 must be at least 0.1",
        "service.job: unknown key; did you mean 'jobs'?",
        'service.log: "yaml" must be one of text, json',
        'webhook.events.1: "item-close" must be one of started, stopped, reloaded, page, file-replaced, '
        "file-renamed, file-removed, item-closed, item-updated, item-reopened, item-moved, reports, trouble, "
        "recovered; did you mean 'item-closed'?",
    ]


def test_mistakes_behind_right_types(tmp_path: Path) -> None:
    path = write(
        tmp_path, "[service]\nhttp = 'localhost'\n[webhook]\nurl = 'ftp://example.org'\nevents = []\n"
    )
    assert mistakes(path) == [
        "service.http: 'localhost' is no address to listen at; write host:port, for example 127.0.0.1:9178",
        "webhook.url: 'ftp://example.org' is no address of a web server; write http://… or https://…",
        "webhook.secret_file: missing, so deliveries could not be signed; name a file that holds the secret, "
        "or set the environment variable YBDA_QC_WEBHOOK_SECRET",
        "webhook.events: empty, so nothing would ever be delivered; name at least one event",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("inbox = 3", "inbox: must be written in double brackets, [[inbox]], once for each folder"),
        ("[inbox]\npath='x'", "inbox: must be written in double brackets, [[inbox]], once for each folder"),
        ("inbox = [3]", "inbox.1: 3 is not a table of keys"),
        ("service = 3", "service: 3 is not a table of keys"),
        ("[service", "line 1: not TOML"),
        ("[service]\nhttp = '127.0.0.1:70000'", "service.http: '127.0.0.1:70000' is no address"),
        ("[webhook]\nurl = 'https://me:it@example.org'", "webhook.url: no name and password"),
        ("[webhook]\nurl = 'https://example.org:port'", "webhook.url: 'https://example.org:port' is no"),
        ("[webhook]\nurl = 'https://[::1'", "webhook.url: 'https://[::1' is no"),
        ("[webhook]\nurl = 'https://.例'", "webhook.url: 'https://.例' is no"),
    ],
)
def test_shapes(tmp_path: Path, text: str, said: str) -> None:
    assert any(line.startswith(said) for line in mistakes(write(tmp_path, text), {SECRET_VARIABLE: SECRET}))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "there is no file"),
        (b" \n", "the secret is empty"),
        (b"\xff\xfe\x00", "the secret is not Base64"),
        (b"correct horse battery staple", "the secret is not Base64"),
        (b"c2hvcnQ=", "the secret is only 5 bytes long; at least 24"),
    ],
)
def test_secrets_that_cannot_be_used(tmp_path: Path, content: bytes | None, said: str) -> None:
    if content is not None:
        (tmp_path / "secret").write_bytes(content)
    path = write(tmp_path, "[webhook]\nurl = 'https://example.org'\nsecret_file = 'secret'\n")
    assert [line.partition(": ")[2].startswith(said) for line in mistakes(path)] == [True]


def test_an_empty_secret_in_the_environment(tmp_path: Path) -> None:
    path = write(tmp_path, "[webhook]\nurl = 'https://example.org'\n")
    assert mistakes(path, {SECRET_VARIABLE: ""})[0].startswith("webhook.secret_file: the secret is empty")


@pytest.mark.parametrize(
    ("inboxes", "said"),
    [
        ([("a", "qa"), ("a/b", "qb")], "inbox.2.path: {0}/a/b lies inside {0}/a, which is watched too"),
        ([("a/b", "qb"), ("a", "qa")], "inbox.1.path: {0}/a/b lies inside {0}/a, which is watched too"),
        ([("a", "qa"), ("x/../a", "qb")], "inbox.2.path: {0}/a is watched twice"),
        ([("a", "q"), ("b", "q")], "inbox.2.out: {0}/q is also the output folder of {0}/a"),
        ([("a", "q"), ("b", "q/b")], "inbox.2.out: {0}/q/b lies inside {0}/q, the output folder of {0}/a"),
        ([("a", "a/q")], "inbox.1.out: the output folder {0}/a/q lies inside the inbox {0}/a"),
        ([("a", "b/q"), ("b", "q")], "inbox.1.out: the output folder {0}/b/q lies inside the inbox {0}/b"),
        ([("q/a", "q")], "inbox.1.out: the inbox {0}/q/a lies inside the output folder {0}/q"),
        ([("x/in", "qa"), ("y/in", "qb")], "inbox.2.name: two inboxes are called 'in'"),
        ([("link", "qa"), ("a", "qb")], "inbox.2.path: {0}/a is watched twice"),
    ],
)
def test_folders_in_each_others_way(tmp_path: Path, inboxes: list[tuple[str, str]], said: str) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "a")
    text = "".join(f"[[inbox]]\npath = '{inbox}'\nout = '{out}'\n" for inbox, out in inboxes)
    found = mistakes(write(tmp_path, text))
    assert len(found) == 1
    assert found[0].startswith(said.format(tmp_path))


def test_overlaps_are_found_beside_other_mistakes(tmp_path: Path) -> None:
    path = write(tmp_path, "[[inbox]]\n[[inbox]]\npath = 'a'\nout = 'a/q'\n")
    assert [line.partition(":")[0] for line in mistakes(path)] == ["inbox.1.path", "inbox.2.out"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("127.0.0.1:9178", "127.0.0.1:9178"),
        ("9178", "127.0.0.1:9178"),
        ("qc.archive.example:80", "qc.archive.example:80"),
        ("[::1]:9178", "[::1]:9178"),
        ("0.0.0.0:0", "0.0.0.0:0"),
        ("::1:9178", None),
        (":9178", None),
        ("host:", None),
        ("http://host:1", None),
        ("host:99999", None),
    ],
)
def test_addresses(text: str, shown: str | None) -> None:
    address = parse_address(text)
    assert (str(address) if address else None) == shown


def test_the_command_line_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").mkdir()
    monkeypatch.chdir(tmp_path)
    config = ServiceConfig.single(Path("in"), profile="base", ocr="off")
    (inbox,) = config.inboxes
    assert (inbox.path, inbox.out, inbox.name) == (tmp_path / "in", tmp_path / "in-qc", "in")
    assert (inbox.profile, inbox.ocr, config.http, config.webhook) == ("base", "off", None, None)


def test_the_command_line_wins_over_the_file(tmp_path: Path) -> None:
    path = write(
        tmp_path, "[service]\njobs=1\nlog='json'\nhttp='9178'\n[[inbox]]\npath='in'\npoll_seconds=7\n"
    )
    config = load_config(path, {})
    same = config.overridden(Overrides())
    assert same == config
    changed = config.overridden(Overrides(profile="base", out=tmp_path / "q", jobs=3, http=""))
    assert (changed.jobs, changed.log, changed.http) == (3, "json", None)
    assert (changed.inboxes[0].profile, changed.inboxes[0].out) == ("base", tmp_path / "q")


def test_an_inbox_on_the_command_line_is_the_only_one(tmp_path: Path) -> None:
    text = "[service]\njobs=1\n[[inbox]]\npath='a'\npoll_seconds=7\nprofile='base'\n[[inbox]]\npath='b'\n"
    config = load_config(write(tmp_path, text), {})
    (known,) = config.overridden(Overrides(inbox=tmp_path / "x/../a")).inboxes
    assert (known.poll_seconds, known.profile) == (7, "base"), "a table of the same folder still holds"
    other = config.overridden(Overrides(inbox=tmp_path / "c"))
    assert other.jobs == 1
    assert [(inbox.path, inbox.profile) for inbox in other.inboxes] == [(tmp_path / "c", "scan-station")]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (Overrides(out=Path("q")), "--out names one, but 2 inboxes are watched"),
        (Overrides(catalogue=Path("c")), "--catalogue names one, but 2 inboxes are watched"),
        (Overrides(http="nowhere"), "ybda-qc watch: --http: 'nowhere' is no address"),
        (Overrides(inbox=Path("a"), out=Path("a/q")), "ybda-qc watch: --out: the output folder"),
    ],
)
def test_command_lines_that_cannot_be(tmp_path: Path, given: Overrides, said: str) -> None:
    config = load_config(write(tmp_path, "[[inbox]]\npath='a'\n[[inbox]]\npath='b'\n"), {})
    with pytest.raises(UsageError) as raised:
        config.overridden(given)
    assert str(raised.value).startswith(said)


def test_nothing_to_watch() -> None:
    with pytest.raises(UsageError, match="name the folder to watch"):
        ServiceConfig().overridden(Overrides())


def test_mistakes_in_chinese(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, "[service]\nhttp = 'x'\n[[inbox]]\nname = 'x'\n")
    with pytest.raises(ProfileError) as raised:
        load_config(path, {})
    print_error(raised.value, speaker(Language.ZH))
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith("服务配置")
    assert len(said) == 3
    assert all("缺少" in line or "监听地址" in line for line in said[1:])
