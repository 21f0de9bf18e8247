"""The configuration of the service: its file, the command line over it, and what results."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self, TypeVar

from pydantic import BaseModel

from ybda_qc.errors import UsageError
from ybda_qc.profile.options import OcrEngine, Options
from ybda_qc.profile.problems import Problems
from ybda_qc.profile.validation import Check, Key, validate
from ybda_qc.profile.written import read_tables
from ybda_qc.watch import problems as say
from ybda_qc.watch.config_parsing import parse_address, read_secret, read_url
from ybda_qc.watch.config_tables import DEFAULT_PROFILE, InboxTable, LogForm, ServiceTable, WebhookTable
from ybda_qc.watch.config_values import HttpAddress, InboxConfig, WebhookConfig
from ybda_qc.watch.overlaps import overlaps, place, resolved

__all__ = [
    "HttpAddress",
    "InboxConfig",
    "Overrides",
    "ServiceConfig",
    "WebhookConfig",
    "load_config",
]

TableT = TypeVar("TableT", bound=BaseModel)

_TABLES = ("service", "inbox", "webhook")
_COMMAND = "ybda-qc watch"
_OPTIONS = {"path": "inbox", "name": "inbox", "out": "--out"}


class Overrides(Options):
    """What the command line says; None where it says nothing. It wins over the file."""

    inbox: Path | None = None
    out: Path | None = None
    profile: str | None = None
    catalogue: Path | None = None
    ocr: OcrEngine | None = None
    jobs: int | None = None
    log: LogForm | None = None
    http: str | None = None


class ServiceConfig(Options):
    """Everything the service is told from outside.

    ``file`` is where it was read from, None for the command line alone; ``jobs`` None means one a core,
    ``http`` None that no port is opened.
    """

    file: Path | None = None
    jobs: int | None = None
    log: LogForm = "text"
    http: HttpAddress | None = None
    min_free_mb: int = 500
    inboxes: tuple[InboxConfig, ...] = ()
    webhook: WebhookConfig | None = None

    @classmethod
    def single(
        cls,
        inbox: Path,
        *,
        out: Path | None = None,
        profile: str = DEFAULT_PROFILE,
        catalogue: Path | None = None,
        ocr: OcrEngine | None = None,
    ) -> Self:
        """A service that watches one folder, without a file.

        Raises
        ------
        UsageError
            If the output folder lies inside the inbox, or the other way round.
        """
        given = Overrides(inbox=inbox, out=out, profile=profile, catalogue=catalogue, ocr=ocr)
        return cls().overridden(given)

    def overridden(self, given: Overrides) -> Self:
        """The configuration with the words of the command line over it.

        An inbox on the command line is the only one; if the file has a table for it, that still holds.
        Relative paths of the command line start from the current folder.

        Raises
        ------
        UsageError
            If no folder is named, one output folder or catalogue is given for several inboxes, folders
            contain each other, or the address cannot be understood.
        """
        inboxes = self.inboxes if given.inbox is None else (self._table_of(given.inbox),)
        if not inboxes:
            raise UsageError(
                "name the folder to watch, or a file with --config that has an [[inbox]] for each folder"
            )
        for option, value in (("--out", given.out), ("--catalogue", given.catalogue)):
            if value is not None and len(inboxes) > 1:
                raise UsageError(
                    "{option} names one, but {count} inboxes are watched; set it for each inbox in the "
                    "configuration file",
                    option=option,
                    count=len(inboxes),
                )
        settled = tuple(inbox.model_copy(update=_for_inbox(given)) for inbox in inboxes)
        for found in overlaps(settled):
            raise UsageError(found.template, file=_COMMAND, key=_OPTIONS[found.key], **found.values)
        return self.model_copy(update={**_for_service(given), "inboxes": settled})

    def _table_of(self, path: Path) -> InboxConfig:
        """The table of a folder that the command line names, or a new one."""
        for inbox in self.inboxes:
            if place(inbox.path) == place(path):
                return inbox
        return InboxConfig(path=path.absolute(), name=_name(path), out=_default_out(path, Path.cwd()))


def load_config(path: Path, environ: Mapping[str, str] = os.environ) -> ServiceConfig:
    """Read the configuration file of the service.

    Parameters
    ----------
    path
        The file. Relative paths in it start from its folder.
    environ
        The environment, which may hold the secret of the webhook.

    Raises
    ------
    ProfileError
        With all mistakes together.
    """
    problems = Problems()
    tables = read_tables(path, str(path), problems)
    reader = _Reader(path.absolute(), problems, environ)
    config = reader.config(tables if tables is not None else {})
    problems.raise_if_any(str(path), say.HEADLINE)
    return config


class _Reader:
    """Makes the tables of a file into a configuration; what is wrong goes to ``problems``."""

    def __init__(self, file: Path, problems: Problems, environ: Mapping[str, str]) -> None:
        self._file = file
        self._problems = problems
        self._environ = environ

    def config(self, tables: Mapping[str, Any]) -> ServiceConfig:
        for name in tables.keys() - set(_TABLES):
            self._problems.add_unknown(
                say.UNKNOWN_TABLE, say.UNKNOWN_TABLE_NEAR, name, _TABLES, file=str(self._file), key=name
            )
        service = self._table(ServiceTable, tables.get("service", {}), ("service",)) or ServiceTable()
        return ServiceConfig(
            file=self._file,
            jobs=service.jobs,
            log=service.log,
            http=self._address(service.http),
            min_free_mb=service.min_free_mb,
            inboxes=self._inboxes(tables.get("inbox", [])),
            webhook=self._webhook(tables.get("webhook", {})),
        )

    def _check(self, key: Key) -> Check:
        return Check(
            key=key,
            file_of=lambda _key: str(self._file),
            problems=self._problems,
            missing=say.MISSING_KEY,
        )

    def _table(self, model: type[TableT], table: object, key: Key) -> TableT | None:
        return validate(model, table, self._check(key))

    def _path(self, text: str) -> Path:
        return Path(os.path.normpath(self._file.parent / text))

    def _address(self, text: str) -> HttpAddress | None:
        if not text:
            return None
        address = parse_address(text)
        if address is None:
            self._check(("service",)).add(say.NOT_AN_ADDRESS, ("http",), value=text)
        return address

    def _inboxes(self, tables: object) -> tuple[InboxConfig, ...]:
        if not isinstance(tables, list):
            self._check(()).add(say.NOT_A_LIST_OF_TABLES, ("inbox",))
            return ()
        found: dict[int, InboxConfig] = {}
        for number, table in enumerate(tables, start=1):
            written = self._table(InboxTable, table, ("inbox", str(number)))
            if written is not None:
                found[number] = self._inbox(written)
        numbers, inboxes = tuple(found), tuple(found.values())
        for overlap in overlaps(inboxes):
            check = self._check(("inbox", str(numbers[overlap.number])))
            check.add(overlap.template, (overlap.key,), **overlap.values)
        return inboxes

    def _inbox(self, written: InboxTable) -> InboxConfig:
        path = self._path(written.path)
        is_file = written.profile.endswith(".toml")
        return InboxConfig(
            path=path,
            name=written.name or _name(path),
            out=self._path(written.out) if written.out else _default_out(path, self._file.parent),
            profile=str(self._path(written.profile)) if is_file else written.profile,
            catalogue=self._path(written.catalogue) if written.catalogue else None,
            ocr=written.ocr,
            events=written.events,
            poll_seconds=written.poll_seconds,
        )

    def _webhook(self, table: object) -> WebhookConfig | None:
        check = self._check(("webhook",))
        written = self._table(WebhookTable, table, ("webhook",))
        if written is None or not written.url:
            return None
        url = read_url(written.url, check)
        file = self._path(written.secret_file) if written.secret_file else None
        key = read_secret(file, self._environ, check)
        if not written.events:
            check.add(say.NO_EVENTS, ("events",))
        if url is None or key is None:
            return None
        return WebhookConfig(url=url, key=key, events=written.events)


def _name(path: Path) -> str:
    return resolved(path).name or str(path)


def _default_out(path: Path, folder: Path) -> Path:
    return folder / f"{resolved(path).name}-qc"


def _for_inbox(given: Overrides) -> dict[str, Any]:
    """What the command line changes in an inbox."""
    wanted = {
        "out": given.out.absolute() if given.out is not None else None,
        "profile": given.profile,
        "catalogue": given.catalogue.absolute() if given.catalogue is not None else None,
        "ocr": given.ocr,
    }
    return {key: value for key, value in wanted.items() if value is not None}


def _for_service(given: Overrides) -> dict[str, Any]:
    """What the command line changes for all folders; an empty address closes the port."""
    wanted: dict[str, Any] = {"jobs": given.jobs, "log": given.log}
    changes = {key: value for key, value in wanted.items() if value is not None}
    if given.http is not None:
        changes["http"] = parse_address(given.http) if given.http else None
        if given.http and changes["http"] is None:
            raise UsageError(say.NOT_AN_ADDRESS, file=_COMMAND, key="--http", value=given.http)
    return changes
