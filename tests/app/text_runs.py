"""Run folders whose pages have text, with the files of the pages beside them."""

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np

from tests.store import ledger_values as some
from tests.store import text_values as texts
from ybda_qc.model import CheckResult, NotApplicable, PageContent
from ybda_qc.store import open_ledger
from ybda_qc.synth import write_page

ITEM = "WS·2021-D30-0001"
SIZE = (300, 200)  # rows, columns
TEXT_CHECKS = {
    check: CheckResult.of(NotApplicable(reason="a test"), key="")
    for check in ("text_confidence", "text_layer")
}


def write_run(
    folder: Path, pages: dict[str, str | None], *, key: str = texts.KEY, is_finished: bool = True
) -> Path:
    """Write a batch of small pages and a run that has read these texts on them; returns the run folder.

    A page without a text is still to be read.
    """
    batch, out = folder / "batch", folder / "out"
    results, read = [], {}
    for number, (path, text) in enumerate(pages.items()):
        file = batch / path
        file.parent.mkdir(parents=True, exist_ok=True)
        write_page(file, np.full(SIZE, 255 - number, np.uint8), dpi=300)
        sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
        size_bytes = file.stat().st_size
        checks = {"skew": some.skew_result(0.5)} | (TEXT_CHECKS if text is not None else {})
        item = path.partition("/")[0]
        results.append(some.page_result(path, sha256=sha256, item=item, size_bytes=size_bytes, checks=checks))
        size = {"width_px": SIZE[1], "height_px": SIZE[0]}
        if text is not None:
            read[PageContent(sha256, 1)] = replace(texts.page_text(text), **size)
    with open_ledger(out, create=True) as ledger:
        run = texts.begin_reading(ledger, key, batch_root=str(batch))
        ledger.put_pages(run, [(result, 1) for result in results])
        ledger.put_texts(key, read if key else {})
        some.decide(ledger, ledger.begin_judgement(run, judged_at=some.NOON, plan=some.PLAN))
        if is_finished:
            ledger.finish_run(run, finished_at=some.NOON, from_cache=0)
    return out
