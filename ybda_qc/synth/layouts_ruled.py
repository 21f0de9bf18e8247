"""Arrangements held together by ruled lines: tables, forms, sheets of music."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from ybda_qc.synth import vocabulary
from ybda_qc.synth.canvas import BLUE_INK, Canvas


def table(canvas: Canvas) -> None:
    """Statistics sheet: a heading and a grid with numbers and names."""
    rng, width, height = canvas.rng, canvas.width_mm, canvas.height_mm
    canvas.centred(vocabulary.title(rng) + "统计表", 28.0, 6.5, bold=True)
    count = int(rng.integers(4, 10))
    shares = rng.uniform(0.6, 1.6, count)
    edges = width * 0.09 + np.concatenate([[0.0], np.cumsum(shares / shares.sum())]) * width * 0.82
    row, top = float(rng.uniform(7.0, 11.0)), 38.0
    rows = int((height * float(rng.choice([0.92, 0.92, 0.6])) - top) / row)
    size, thick = min(row * 0.5, 3.8), 0.3
    for index in range(rows + 1):
        canvas.rule(edges[0], top + index * row, edges[-1], top + index * row, width_mm=thick)
    for edge in edges:
        canvas.rule(edge, top, edge, top + rows * row, width_mm=thick)
    for index in range(rows):
        for left, right in pairwise(edges):
            if index and rng.random() < 0.3:
                continue
            word = vocabulary.pick(rng, vocabulary.FIELDS) if index == 0 else vocabulary.cell(rng)
            while word and canvas.text_width(word, size) > right - left - 1.0:
                word = word[:-1]
            canvas.text(word, left + 1.0, top + (index + 0.68) * row, size)


def form(canvas: Canvas, form_seed: int | None = None) -> None:
    """Registration form: few large fields, labels printed, some of them filled in.

    The same `form_seed` prints the same form, which the canvas's own chance then fills in.
    """
    rng, left, right = canvas.rng, canvas.width_mm * 0.1, canvas.width_mm * 0.9
    printer = rng if form_seed is None else np.random.default_rng([form_seed, 8])
    canvas.centred(vocabulary.pick(printer, vocabulary.MATTERS) + "登记表", 32.0, 8.0, bold=True)
    top = 42.0
    while top < canvas.height_mm * 0.8:
        row = float(printer.choice([12.0, 12.0, 16.0, 40.0]))
        fields = 1 if row > 20 else int(printer.integers(2, 4))
        edges = np.linspace(left, right, fields + 1)
        for start, end in pairwise(edges):
            corners = np.array([(start, top), (end, top), (end, top + row), (start, top + row)])
            canvas.polyline(corners, width_mm=0.35, closed=True)
            label = vocabulary.pick(printer, vocabulary.FIELDS)
            stop = canvas.text(label, start + 2.0, top + 8.0, 4.5)
            if rng.random() < 0.7:
                canvas.text(
                    vocabulary.name(rng),
                    stop + 5.0,
                    top + 8.5 + float(rng.normal(0, 0.4)),
                    5.0,
                    colour=BLUE_INK,
                )
        top += row
    canvas.text("填表人：" + vocabulary.name(rng), left + 5, top + 12.0, 4.5)
    canvas.text(vocabulary.date(rng), right - 45, top + 12.0, 4.5)


def music(canvas: Canvas) -> None:
    """Sheet of music: staves, bars, notes, words below."""
    rng, left, right, top = canvas.rng, canvas.width_mm * 0.1, canvas.width_mm * 0.9, 40.0
    canvas.centred("春耕歌", 28.0, 8.0)
    while top < canvas.height_mm * 0.88:
        for line in range(5):
            canvas.rule(left, top + 1.8 * line, right, top + 1.8 * line, width_mm=0.18)
        for bar in np.linspace(left, right, 5):
            canvas.rule(bar, top, bar, top + 7.2, width_mm=0.25)
        x = left + 8.0
        while x < right - 5:
            y = top + 0.9 * int(rng.integers(-2, 11))
            canvas.ellipse(x, y, 1.3, 0.9, width_mm=-1.0, turn=-20)
            up = y > top + 3.6
            canvas.rule(
                x + (1.2 if up else -1.2),
                y,
                x + (1.2 if up else -1.2),
                y + (-6.0 if up else 6.0),
                width_mm=0.25,
            )
            x += float(rng.uniform(5.0, 11.0))
        canvas.text(vocabulary.paragraph(rng, 14), left + 8, top + 15.0, 3.6)
        top += 26.0
