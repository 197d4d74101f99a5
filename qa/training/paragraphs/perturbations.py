"""Changes questions: rewords them so that the answer stays, or changes one point so that it no longer fits."""

import random
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

import rjieba

from corpus.text.normalise import converted
from corpus.text.sentences import sentences
from index.search.names import NAME_TAGS
from index.search.terms import words

# Words of one group ask for different things of the same kind: put for one another, they change the answer.
ATTRIBUTES: tuple[tuple[str, ...], ...] = tuple(
    tuple(line.split())
    for line in """
    校长 院长 董事长 总经理 总裁 主席 书记 市长 省长 区长 局长 队长 主教练 馆长 会长 秘书长 发言人 负责人 创始人 联系人
    导演 主演 编剧 作者 译者 作曲者 作词者 歌手 制片人 监制 配音 设计师 建筑师 主持人 出版社 发行商 开发商 赞助商
    父亲 母亲 妻子 丈夫 儿子 女儿 哥哥 弟弟 老师 学生 搭档 对手 继任者 前任
    面积 人口 长度 高度 宽度 深度 重量 海拔 气温 降水量 容积 时速 排水量 载客量 藏书量 户数 绿化率 密度
    总投资 投资额 总产值 总利润 利润 营业额 销售额 收入 产值 成本 造价 债务 税收 预算 市值 注册资本 票房 捐款 罚款 补贴
    价格 票价 学费 收费标准 工资 租金 报销比例 利率 关税 油耗 功率 保质期 使用寿命
    产量 销量 年产能 发行量 出口量 进口量 库存 用电量 客流量 吞吐量 收视率 点击量
    学生 教师 员工 会员 党员 医生 床位 志愿者 观众 球员 居民 死者 伤者 嘉宾 游客 毕业生 专家
    成立 解散 开业 停业 开工 竣工 通车 停运 奠基 揭牌 启用 关闭 搬迁 更名 合并 上市 退市 破产 注册 重建 拆除 完工 投产
    出生 去世 结婚 离婚 毕业 入学 退休 就职 辞职 当选 入伍 受伤 获奖 被捕 移民 出道 退役
    上映 首播 停播 发行 出版 再版 开拍 杀青 连载 完结 获奖 翻拍 改编 下架 公布 禁播
    总部 地址 出生地 墓地 产地 注册地 发源地 办公地址 首府 分公司 分校 火车站 机场 港口 发祥地
    第一 第二 第三 第四 第五 最后
    最大 最小 最早 最晚 最长 最短 最高 最低 最多 最少
    增加 减少 上升 下降 开始 结束 赢 输 支持 反对 允许 禁止 批准 拒绝 参加 退出 建立 废除
    东部 西部 南部 北部 东边 西边 南边 北边
    上半年 下半年 年初 年底
    """.strip().splitlines()
)
_ATTRIBUTE_GROUPS = {word: group for group in ATTRIBUTES for word in group}
_ATTRIBUTE = re.compile("|".join(sorted(_ATTRIBUTE_GROUPS, key=len, reverse=True)))

# What is asked of a name that the passage speaks of, and the words one of which stands there if it is answered.
BESIDE: tuple[tuple[str, str], ...] = (
    ("{}的董事长是谁？", "董事 总裁 主席 创始 创办 长是"),
    ("{}的校长是谁？", "校长 院长"),
    ("{}的总部在哪里？", "总部 位于 设在 座落 坐落 总公司 在"),
    ("{}的办公地址在哪里？", "位于 设在 座落 坐落 地址 路 街 号"),
    ("{}的联系电话是多少？", "电话 热线 号码"),
    ("{}的占地面积有多大？", "面积 平方 公顷 亩"),
    ("{}的常住人口是多少？", "人口 居民 人"),
    ("{}一共花了多少钱？", "元 币 投资 耗资 资金 造价 镑"),
    ("{}的总投资是多少？", "元 币 投资 耗资 资金 造价 镑"),
    ("{}的年产量是多少？", "产量 吨 年产"),
    ("{}的市场价格是多少？", "价 元 币"),
    ("{}的收费标准是什么？", "收费 费用 元 费"),
    ("{}的门票多少钱？", "票 元 免费"),
    ("{}有多少名员工？", "员工 职工 雇员 人"),
    ("{}有多少会员？", "会员 成员 人"),
    ("{}是哪一年成立的？", "成立 创立 创办 建立 年"),
    ("{}什么时候开业的？", "开业 开张 营业 年 月"),
    ("{}将在哪一年结束？", "结束 年"),
    ("{}什么时候竣工？", "竣工 完工 建成 落成 年 月"),
    ("{}为什么停止了？", "停 中止 终止 取消"),
    ("{}为什么被取消？", "取消 停 撤销 废"),
    ("{}的创始人是谁？", "创始 创办 创立 创建 成立"),
    ("{}的利润是多少？", "利润 盈利 元 收入"),
    ("{}的报销比例是多少？", "报销 比例 医保"),
    ("{}的开放时间是几点到几点？", "开放 时 点"),
    ("{}的联系邮箱是什么？", "邮箱 邮件 @"),
    ("{}的官方网站是什么？", "网站 网址 http www"),
    ("{}得过什么奖？", "奖 荣誉"),
    ("{}的注册资本是多少？", "注册 资本 元"),
    ("{}怎么申请？", "申请 报名 登记"),
    ("{}有什么缺点？", "缺 不足 弱 问题 但"),
    ("{}的负责人是谁？", "负责 主任 长 领导 书记 总"),
    ("{}获得了多少补贴？", "补贴 补助 资助 元"),
    ("去{}坐几路公交车？", "公交 巴士 路 车"),
    ("{}明年的计划是什么？", "计划 明年 规划 将"),
    ("{}的排名是第几？", "第 排名 名次"),
)

_NUMBER = re.compile(r"\d+(?:\.\d+)?")

_STOP_TAGS = frozenset(["x", "u", "ul", "uj", "y", "p", "r", "c", "d", "e", "o", "ug", "uz", "uv", "ud"])


class Names:
    """Names by kind, as they stand in a set of texts, for exchange."""

    def __init__(self, texts: Iterable[str]) -> None:
        found: dict[str, set[str]] = {}
        for text in texts:
            for word, tag in rjieba.tag(text):
                if tag in NAME_TAGS and len(word) >= 2:
                    found.setdefault(tag, set()).add(word)
        self._by_tag = {tag: sorted(words) for tag, words in found.items()}

    def other(self, name: str, tag: str, *, absent_from: str, chance: random.Random) -> str:
        """Return a name of the same kind and length that `absent_from` does not hold, or an empty string."""
        pool = self._by_tag.get(tag, [])
        for _ in range(20):
            candidate = chance.choice(pool) if pool else ""
            if len(candidate) == len(name) and candidate not in absent_from:
                return candidate
        return ""


def unanswerable(
    question: str, answer: str, passage: str, *, names: Names, chance: random.Random
) -> Iterator[tuple[str, str]]:
    """Yield (kind, question) pairs that `passage` does not answer, made from one that it answers by `answer`."""
    if changed := _other_number(question, passage, chance):
        yield "changed_number", changed
    if changed := _other_name(question, passage, names, chance):
        yield "changed_name", changed
    if changed := _exchanged(question, answer, passage, chance):
        yield "exchanged", changed
    if changed := _other_attribute(question, answer, passage, chance):
        yield "changed_attribute", changed
    if changed := _beside(question, passage, chance):
        yield "asked_beside", changed


def reword(question: str, chance: random.Random) -> str:
    """Return the same question as others would type it, in three cases of ten."""
    roll = chance.random()
    if roll < 0.06:
        return _keywords(question)
    if roll < 0.10:
        return chance.choice(_OPENINGS) + question + chance.choice(("", "谢谢！", "谢谢", "麻烦了"))
    if roll < 0.15:
        return _dialect(question)
    if roll < 0.19:
        return _homophone(question, chance)
    if roll < 0.24:
        return converted(question, "t2s")
    if roll < 0.28:
        return converted(question, "s2t")
    if roll < 0.31:
        return question.rstrip("？?。 ")
    return question


_OPENINGS = (
    "请问",
    "请问一下，",
    "我想了解一下，",
    "你好，我想问",
    "您好，",
    "请告诉我",
    "想咨询一下，",
    "麻烦问一下，",
)
_DIALECT = (
    ("为什么", "为啥子"),
    ("什么时候", "好久"),
    ("什么", "啥子"),
    ("多少", "好多"),
    ("哪里", "哪点"),
    ("怎么", "咋个"),
)


def _keywords(question: str) -> str:
    words = [word for word, tag in rjieba.tag(question) if tag not in _STOP_TAGS]
    return " ".join(words) if len(words) >= 2 else question


def _dialect(question: str) -> str:
    for standard, local in _DIALECT:
        question = question.replace(standard, local)
    return question


def _homophone(question: str, chance: random.Random) -> str:
    """Return one Chinese character changed to another of the same sound, as input methods do."""
    places = [i for i, char in enumerate(question) if "\u4e00" <= char <= "\u9fa5"]
    if len(places) < 4:
        return question
    place = chance.choice(places)
    same = [char for char in _by_sound().get(_sound(question[place]), "") if char != question[place]]
    return question[:place] + chance.choice(same) + question[place + 1 :] if same else question


def _other_number(question: str, passage: str, chance: random.Random) -> str:
    found = [m for m in _NUMBER.finditer(question) if m.group() in passage]
    if not found:
        return ""
    match = chance.choice(found)
    number = match.group()
    for _ in range(20):
        if len(number) == 4 and number.isdigit() and number[0] in "12":
            other = str(int(number) + chance.choice((-20, -10, -7, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 7, 10, 20)))
        else:
            other = str(max(1, int(float(number)) + chance.randint(-9, 9)))
        if other not in passage and other != number:
            return question[: match.start()] + other + question[match.end() :]
    return ""


def _other_name(question: str, passage: str, names: Names, chance: random.Random) -> str:
    found = [(w, t) for w, t in rjieba.tag(question) if t in NAME_TAGS and len(w) >= 2 and w in passage]
    if not found:
        return ""
    name, tag = chance.choice(found)
    other = names.other(name, tag, absent_from=passage, chance=chance)
    return question.replace(name, other) if other else ""


def _exchanged(question: str, answer: str, passage: str, chance: random.Random) -> str:
    """Return the question about another name or year of the passage, but not one that stands with the answer."""
    parts = [passage[start:end] for start, end in sentences(passage)]
    told = " ".join(part for part in parts if answer in part)
    elsewhere = [part for part in parts if answer not in part]
    known = [(word, tag) for word, tag in _names_and_years(question) if word in told]
    if not known:
        return ""
    name, tag = chance.choice(known)
    others = {w for part in elsewhere for w, t in _names_and_years(part) if t == tag and w not in question + told}
    asked = [word for word in words(question) if word not in name]

    def silent_on(other: str) -> bool:
        saying = " ".join(part for part in elsewhere if other in part)
        return sum(word in saying for word in asked) <= len(asked) / 2

    fitting = sorted(other for other in others if silent_on(other))
    return question.replace(name, chance.choice(fitting)) if asked and fitting else ""


def _names_and_years(text: str) -> list[tuple[str, str]]:
    names = [(word, tag) for word, tag in rjieba.tag(text) if tag in NAME_TAGS and len(word) >= 2]
    return names + [(year, "year") for year in re.findall(r"(?:1[5-9]|20)\d{2}(?=年)", text)]


def _other_attribute(question: str, answer: str, passage: str, chance: random.Random) -> str:
    found = list(_ATTRIBUTE.finditer(question))
    if not found:
        return ""
    match = chance.choice(found)
    others = [w for w in _ATTRIBUTE_GROUPS[match.group()] if w not in passage and w not in question]
    if not others or match.group() in answer:
        return ""
    return question[: match.start()] + chance.choice(others) + question[match.end() :]


def _beside(question: str, passage: str, chance: random.Random) -> str:
    """Return a question for something else about a name of the passage that the passage does not say."""
    names = [w for w, t in rjieba.tag(question) if (t in NAME_TAGS or t == "n") and len(w) >= 2 and w in passage]
    quoted = re.findall(r"[《“「]([^》”」]{2,16})[》”」]", question)
    head = question.split("的")[0]
    if 2 <= len(head) <= 12 and head in passage:
        quoted.append(head)
    pool = quoted or names
    if not pool:
        return ""
    asked = [text for text, hints in BESIDE if not any(hint in passage for hint in hints.split())]
    return chance.choice(asked).format(chance.choice(pool)) if asked else ""


def _sound(char: str) -> str:
    # Here: its tables take seconds to read, and most who import this module misspell nothing.
    from pypinyin import lazy_pinyin

    sound: str = lazy_pinyin(char)[0]
    return sound


@lru_cache(maxsize=1)
def _by_sound() -> dict[str, str]:
    # The 3,755 most used characters: the first level of GB 2312.
    sounds: dict[str, str] = {}
    for row in range(0xB0, 0xD8):
        for column in range(0xA1, 0xFF):
            try:
                char = bytes([row, column]).decode("gb2312")
            except UnicodeDecodeError:
                continue  # five places of the last row are empty
            sound = _sound(char)
            sounds[sound] = sounds.get(sound, "") + char
    return sounds
