"""What goes wrong: records linked to another item, and characters misread."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace

from benchmarks._titles.papers import Paper, make_papers

LOOK_ALIKES = {
    char: group.replace(char, "")
    for group in (
        *("0Oo〇D", "1lI7", "2Z", "38B", "5S6", "69", "未末木本", "人入八", "日曰目白", "土士工", "干千于"),
        *("己已巳", "大太犬", "王主玉", "天夫无", "市币布", "农衣", "政攻放", "通逋", "知和", "的约", "办为"),
        *("第弟", "季李", "造逵", "年午", "号亏", "关美", "于干", "报扱", "告吉", "料科", "查杳", "档挡"),
    )
    for char in group
}


def mislink(rng: random.Random, papers: list[Paper], count: int) -> None:
    """Link so many records to the wrong item: twins exchanged, rows slipped by one, records of elsewhere."""
    twins, slipped = count * 2 // 5 // 2 * 2, count * 3 // 10
    for one, other in _twin_pairs(rng, papers, twins // 2):
        _exchange([one, other])
    while slipped > 0:
        run = min(slipped, rng.randint(2, 5)) if slipped != 3 else 3
        run = slipped if slipped - run == 1 else run
        start = rng.randrange(max(1, len(papers) - 60))
        free = [paper for paper in papers[start:] if _is_free(paper)][:run]
        if len(free) == run:
            _exchange(free)
            slipped -= run
    elsewhere = [paper for paper in make_papers(rng, 4 * count) if paper.kind == "printed"]
    left = count - sum(paper.is_mislinked for paper in papers)
    for paper, other in zip(rng.sample([p for p in papers if _is_free(p)], left), elsewhere, strict=False):
        paper.record, paper.is_mislinked = other.record, True


def slip_all(papers: list[Paper]) -> None:
    """Give each paper the record of the next one, the last that of the first.

    What nobody could tell - handwriting, self-made and reworded titles - does not count as mislinked.
    """
    records = [paper.record for paper in papers]
    for at, paper in enumerate(papers):
        next_one = papers[(at + 1) % len(papers)]
        paper.record = records[(at + 1) % len(papers)]
        paper.is_mislinked = paper.kind != "handwritten" and next_one.kind != "self-made"


def add_copies(rng: random.Random, papers: list[Paper], count: int) -> None:
    """Put so many second copies of papers at the end, with records of their own that say the same."""
    printed = [paper for paper in papers if _is_free(paper)]
    for paper in rng.sample(printed, count):
        title = paper.record["title"] + rng.choice(("", "（复印件）"))
        code = f"{paper.code[:-4]}{len(papers) + 1:04d}"
        copy = replace(paper, code=code, kind="copy", record={**paper.record, "title": title})
        papers.append(copy)


def _is_free(paper: Paper) -> bool:
    return paper.kind == "printed" and not paper.is_mislinked


def _twin_pairs(rng: random.Random, papers: list[Paper], count: int) -> Iterator[tuple[Paper, Paper]]:
    """Papers whose titles differ by one to four characters in one place each."""
    order = [paper for paper in papers if _is_free(paper)]
    rng.shuffle(order)
    for one in order:
        if count == 0:
            return
        near = [other for other in order if other is not one and _is_free(other) and _are_twins(one, other)]
        if _is_free(one) and near:
            yield one, rng.choice(near)
            count -= 1


def _are_twins(one: Paper, other: Paper) -> bool:
    if len(one.title) != len(other.title) or one.title == other.title:
        return False
    return sum(a != b for a, b in zip(one.title, other.title, strict=True)) <= 4


def _exchange(papers: list[Paper]) -> None:
    records = [paper.record for paper in papers]
    for paper, record in zip(papers, [*records[1:], records[0]], strict=True):
        paper.record, paper.is_mislinked = record, True


def misread(rng: random.Random, lines: list[str], rate: float) -> list[str]:
    """Lines as an engine reads them: look-alikes, characters lost or too many, lines broken in two."""
    everything = "".join(lines) or " "
    found: list[str] = []
    for line in lines:
        read = "".join(_misread(rng, char, rate, lambda: rng.choice(everything)) for char in line)
        if len(read) > 6 and rng.random() < rate:
            at = rng.randrange(2, len(read) - 2)
            found += [read[:at], read[at:]]
        elif read:
            found.append(read)
    return found


def _misread(rng: random.Random, char: str, rate: float, any_other: Callable[[], str]) -> str:
    if rng.random() >= rate:
        return char
    kind = rng.random()
    if kind < 0.15:
        return ""
    if kind < 0.25:
        return char + any_other()
    return rng.choice(LOOK_ALIKES[char]) if char in LOOK_ALIKES else any_other()
