"""Invented words of an archive office, and sentences made of them at random."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

OFFICES = (
    "市档案局",
    "县农业办公室",
    "区教育委员会",
    "乡人民政府",
    "省水利勘测队",
    "第三机械厂",
    "供销合作联社",
    "林业工作站",
)
MATTERS = (
    "春季造林",
    "粮食入库",
    "校舍修缮",
    "河道清淤",
    "职工培训",
    "农机检修",
    "户籍登记",
    "仓库防潮",
    "道路养护",
    "卫生普查",
)
PAPERS = ("通知", "报告", "请示", "批复", "函", "决定", "纪要", "统计表", "工作总结", "实施办法")
SUBJECTS = ("各单位", "有关部门", "本局", "工作小组", "各村干部", "技术人员", "保管员", "经办人", "检查组")
VERBS = (
    "应当按期完成",
    "已经核对",
    "负责整理",
    "正在汇总",
    "要认真落实",
    "可以酌情调整",
    "须逐项登记",
    "按规定移交",
    "继续做好",
)
OBJECTS = (
    "原始记录",
    "年度计划",
    "经费开支",
    "人员名册",
    "物资清单",
    "会议材料",
    "验收手续",
    "修缮项目",
    "档案目录",
    "统计数字",
)
TAILS = (
    "并于月底前上报",
    "不得拖延",
    "以备查考",
    "由专人保管",
    "情况另行说明",
    "困难较多但进展顺利",
    "效果良好",
    "请予审批",
    "具体办法见附件",
)
FIELDS = (
    "姓名",
    "性别",
    "出生年月",
    "籍贯",
    "职务",
    "单位",
    "住址",
    "编号",
    "数量",
    "备注",
    "日期",
    "经办人",
    "金额",
    "类别",
    "地点",
    "意见",
)
SURNAMES = "赵钱孙李周吴郑王冯陈卫蒋沈韩杨"
GIVEN = "国华明建平秀英文军志强玉兰德福春生海燕"
ENGLISH = (
    *("archive", "office", "county", "survey", "water", "forest", "school", "repair", "spring", "record"),
    *("annual", "budget", "store", "damp", "road", "care", "staff", "list", "meeting", "paper", "report"),
    *("notice", "reply", "decision", "number", "table", "transfer", "register", "keeper", "finished"),
    *("checked", "please", "before", "after", "under", "between", "the", "of", "and", "to", "in", "for"),
    *("with", "by", "on", "at", "from", "this", "that", "each", "other", "new", "old", "first"),
)


def pick(rng: np.random.Generator, words: Sequence[str]) -> str:
    """One of the words."""
    return words[int(rng.integers(len(words)))]


def title(rng: np.random.Generator, language: str = "zh") -> str:
    """Heading of an official paper."""
    if language == "en":
        return " ".join(pick(rng, ENGLISH).capitalize() for _ in range(5))
    return f"关于{pick(rng, MATTERS)}的{pick(rng, PAPERS)}"


def sentence(rng: np.random.Generator, language: str = "zh") -> str:
    """One sentence, ending in a full stop."""
    if language == "en":
        return " ".join(pick(rng, ENGLISH) for _ in range(int(rng.integers(6, 15)))).capitalize() + ". "
    number = f"{int(rng.integers(2, 400))}份" if rng.random() < 0.3 else ""
    matter, thing = pick(rng, MATTERS), pick(rng, OBJECTS)
    return f"{pick(rng, SUBJECTS)}{pick(rng, VERBS)}{matter}的{number}{thing}，{pick(rng, TAILS)}。"


def paragraph(rng: np.random.Generator, characters: int, language: str = "zh") -> str:
    """Sentences until the given number of characters is reached."""
    text = ""
    while len(text) < characters:
        text += sentence(rng, language)
    return text[:characters].rstrip()


def name(rng: np.random.Generator) -> str:
    """Name of a person nobody knows."""
    return pick(rng, SURNAMES) + "".join(pick(rng, GIVEN) for _ in range(int(rng.integers(1, 3))))


def date(rng: np.random.Generator) -> str:
    """A day between 1952 and 2010."""
    return f"{int(rng.integers(1952, 2011))}年{int(rng.integers(1, 13))}月{int(rng.integers(1, 29))}日"


def cell(rng: np.random.Generator) -> str:
    """What stands in one cell of a table."""
    kind = int(rng.integers(5))
    if kind == 0:
        return str(int(rng.integers(1, 90000)))
    if kind == 1:
        return f"{rng.random() * 1000:.2f}"
    if kind == 2:
        return name(rng)
    if kind == 3:
        return pick(rng, FIELDS)
    return pick(rng, MATTERS)
