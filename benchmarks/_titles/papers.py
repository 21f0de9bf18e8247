"""Official papers 公文 of a few offices over a few years: titles much alike, that cite each other."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

OFFICES = (
    ("临江市档案局", "临档"),
    ("临江市农业局", "临农"),
    ("临江市教育委员会", "临教"),
    ("临江市人民政府办公室", "临政办"),
    ("临江市财政局", "临财"),
)
MATTERS = (
    *("春季造林", "粮食入库", "校舍修缮", "河道清淤", "职工培训", "农机检修", "户籍登记", "仓库防潮"),
    *("道路养护", "卫生普查", "档案移交", "防汛抗旱", "安全生产检查", "农村电网改造", "教师资格认定"),
)
TEMPLATES = (
    "关于{year}年度{matter}工作的通知",
    "关于做好{year}年{matter}工作的通知",
    "关于印发《{year}年{matter}实施办法》的通知",
    "关于开展{matter}工作的通知",
    "关于{matter}经费的请示",
    "关于{matter}经费的批复",
    "关于报送{year}年第{quarter}季度{matter}统计表的函",
    "{office}关于{matter}情况的报告",
    "{year}年{matter}工作总结",
    "关于召开{year}年{matter}会议的通知",
    "关于{person}同志任职的通知",
    "关于{person}等{count}名同志免职的通知",
    "关于表彰{year}年度{matter}先进集体和先进个人的决定",
    "关于成立{matter}领导小组的通知",
    "局务会议纪要（第{count}期）",
)
SENTENCES = (
    "各单位要高度重视{matter}工作，切实加强领导，明确责任，按期完成任务。",
    "经研究，现将有关事项通知如下，请遵照执行。",
    "所需经费从年度预算中列支，由财政部门审核后拨付。",
    "请于{month}月{day}日前将落实情况报我局办公室。",
    "{person}同志负责日常工作，联系电话另行通知。",
    "全年共完成{matter}项目{count}个，投入资金{money}万元，比上年增长{count}%。",
    "存在的主要问题是人员不足、设备老化，部分单位对{matter}重视不够。",
    "要严格执行国家有关规定，做好原始记录，按规定移交档案。",
    "会议听取了关于{matter}的汇报，研究了下一步工作。",
)
SURNAMES = "赵钱孙李周吴郑王冯陈卫蒋沈韩杨"
GIVEN = "国华明建平秀英文军志强玉兰德福春生海燕"
KINDS = ("printed",) * 82 + ("reworded",) * 4 + ("self-made",) * 4 + ("handwritten",) * 4 + ("other",) * 6
"""How the record came by its title; the last may be printed too, but the record is written carelessly."""


@dataclass(kw_only=True)
class Paper:
    """A paper, what its record says, and whether that is the record of another one."""

    code: str
    kind: str
    office: str
    title: str
    number: str
    date: tuple[int, int, int]
    matter: str
    pages: list[list[str]] = field(default_factory=list)
    record: dict[str, str] = field(default_factory=dict)
    is_mislinked: bool = False


def make_papers(rng: random.Random, count: int) -> list[Paper]:
    """Papers of all kinds, with records and pages, each linked rightly."""
    papers = [_paper(rng, at) for at in range(count)]
    for paper in papers:
        paper.pages = _pages(rng, paper, papers)
        paper.record = _record(rng, paper)
    return papers


def _paper(rng: random.Random, at: int) -> Paper:
    office, short = OFFICES[min(int(rng.expovariate(0.8)), len(OFFICES) - 1)]
    year, month, day = rng.randint(1996, 2012), rng.randint(1, 12), rng.randint(1, 28)
    matter, template = rng.choice(MATTERS), rng.choice(TEMPLATES)
    title = template.format(
        year=year,
        matter=matter,
        office=office,
        quarter=rng.choice("一二三四"),
        person=_person(rng),
        count=rng.randint(2, 40),
    )
    without = "总结" in title or "纪要" in title or rng.random() < 0.1
    number = "" if without else f"{short}〔{year}〕{rng.randint(1, 160)}号"
    return Paper(
        code=f"B470-WS·{year}-Y-{at + 1:04d}",
        kind=rng.choice(KINDS),
        office=office,
        title=title,
        number=number,
        date=(year, month, day),
        matter=matter,
    )


def _person(rng: random.Random) -> str:
    return rng.choice(SURNAMES) + "".join(rng.choices(GIVEN, k=rng.randint(1, 2)))


def _pages(rng: random.Random, paper: Paper, papers: list[Paper]) -> list[list[str]]:
    head: list[str] = []
    if rng.random() < 0.6:
        head.append(f"{paper.office}文件")
    if paper.number:
        head.append(paper.number)
    head += _broken(rng, paper.title, rng.randint(11, 18))
    head.append(rng.choice(("各单位：", "各县（区）人民政府：", "市人民政府：", "各科室：")))
    body = _body(rng, paper, papers)
    end = [paper.office, _day(rng, paper.date)]
    lines = [*head, *_broken(rng, body, 28), *end]
    room = rng.choice((14, 18, 24, 40))
    pages = [lines[at : at + room] for at in range(0, len(lines), room)]
    chance = rng.random()
    if chance < 0.05:
        return [["档案", "全宗号 470", f"保管期限 永久 {paper.date[0]}年"], *pages]
    return [[], *pages] if chance < 0.1 else pages


def _body(rng: random.Random, paper: Paper, papers: list[Paper]) -> str:
    parts = []
    for _ in range(rng.randint(0, 2)):
        cited = rng.choice(papers)
        number = f"（{cited.number}）" if cited.number else ""
        parts.append(f"根据《{cited.title}》{number}精神，")
    for _ in range(rng.randint(3, 22)):
        matter = paper.matter if rng.random() < 0.8 else rng.choice(MATTERS)
        parts.append(
            rng.choice(SENTENCES).format(
                matter=matter,
                month=rng.randint(1, 12),
                day=rng.randint(1, 28),
                person=_person(rng),
                count=rng.randint(2, 60),
                money=rng.randint(1, 900),
            )
        )
    return "".join(parts)


def _broken(rng: random.Random, text: str, width: int) -> list[str]:
    """A text in lines, the first of them a little shorter or longer than the others."""
    first = max(4, width + rng.randint(-3, 2))
    return [text[:first], *(text[at : at + width] for at in range(first, len(text), width))]


def _day(rng: random.Random, date: tuple[int, int, int]) -> str:
    year, month, day = date
    if rng.random() < 0.5:
        return f"{year}年{month}月{day}日"
    digits = "〇一二三四五六七八九"
    written = "".join(digits[int(digit)] for digit in str(year))
    return f"{written}年{_chinese(month)}月{_chinese(day)}日"


def _chinese(number: int) -> str:
    digits = " 一二三四五六七八九"
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else digits[tens] + "十") + digits[ones].strip()


def _record(rng: random.Random, paper: Paper) -> dict[str, str]:
    year, month, day = paper.date
    title, author, number = paper.title, paper.office, paper.number
    date = f"{year}{month:02d}{day:02d}"
    if paper.kind == "self-made":
        title = f"［{paper.office}{paper.matter}材料］"
    elif paper.kind == "reworded":
        title = rng.choice(("{office}{year}年{matter}材料", "{matter}来往文书", "有关{matter}问题的文件"))
        title = title.format(office=paper.office, year=year, matter=paper.matter)
    elif paper.kind == "other":
        slip = rng.randrange(4)
        title = title + "（附件1—3）" if slip == 0 else title
        author = "" if slip == 1 else author.replace("临江", "")
        number = number.replace("〔", "[").replace("〕", "]") if slip == 2 else "" if slip == 3 else number
        date = f"{year}0000" if slip == 1 else f"{year}-{month}-{day}"
    return {"title": title, "author": author, "document_number": number, "date": date}
