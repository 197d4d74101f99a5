"""What staff call snapshots: 第12版; also in sentences of the rooms below."""

import re

_PREFIX = "snapshot-"
_NAME = re.compile(r"(?<![A-Za-z0-9._/-])snapshot-[0-9]{6}(?![A-Za-z0-9._/-])")
# What the rooms below say of their commands and files, and where the same is done on the pages.
_COMMANDS = (
    (re.compile("CURRENT(?=已损坏|缺失)"), "现行版本的记录"),
    (re.compile("请用 python -m qa publish 重新发布一个版本"), "请在“发布”里重新发布一个版本"),
    (re.compile("请运行 python -m qa refresh(?: --anew 重建)?"), "请在“发布”的“不常用”里全部重新读取"),
)


def title_of(name: str) -> str:
    """Return what staff call a snapshot."""
    number = name.removeprefix(_PREFIX)
    return f"第{int(number)}版" if number.isascii() and number.isdigit() and len(number) < 20 else name[:100]


def in_words(text: str) -> str:
    """Return a sentence with the snapshots in it called what staff call them; names of files stay as they are.

    What it says of commands is said of the pages.
    """
    for command, words in _COMMANDS:
        text = command.sub(words, text)
    return _NAME.sub(lambda found: title_of(found[0]), text)
