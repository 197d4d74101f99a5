"""The settings of a refresh: the golden questions that judge it, and what is published, kept and read."""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from qa.runtime.setting_types import Folder, Number, Switch, described


def _beside_documents(before: dict[str, Any]) -> Path:
    documents: Path = before["documents"]
    return documents.parent / "golden.jsonl"


class PublishingSettings(BaseModel):
    """When a new index is published, how many are kept, and how large a file is read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    golden: Folder = described(
        _beside_documents,
        "检验题：新索引发布前先用它们检验；不设则用文件夹 `QA_DOCUMENTS` 旁边的 `golden.jsonl`。",
        "Golden questions that a new index is judged by before it is published; unset, the `golden.jsonl` beside "
        "the folder `QA_DOCUMENTS`.",
    )
    golden_tolerance: Number = described(
        0,
        "新索引最多允许几道检验题答得不如现行版本；超过则不发布。",
        "How many golden questions a new index may answer worse than the published one; more, and it is not published.",
        least=0,
        most=1_000_000,
    )
    golden_answered: Number = described(
        0,
        "应答的检验题至少要答对百分之几，否则不发布。",
        "Least percentage of the answerable golden questions answered right; less, and the index is not published.",
        least=0,
        most=100,
    )
    golden_refused: Number = described(
        0,
        "应拒的检验题至少要拒答百分之几，否则不发布。",
        "Least percentage of the unanswerable golden questions refused; less, and the index is not published.",
        least=0,
        most=100,
    )
    asked_again: Number = described(
        60,
        "刷新时把最近30天市民问得最多的几个问题再问一遍，列出答复有变化的；`0` 为不问。",
        "How many of the questions that citizens asked most in the last 30 days a refresh asks again, to list the "
        "replies that change; `0`: none.",
        least=0,
        most=1_000,
    )
    look_first: Switch = described(
        True,
        "市民问过、以前没有答案的问题，新版本会给出答案而没有检验题确认时，是否先请工作人员看过再发布：`yes` 或 `no`。",
        "Whether staff look first before a new version is published that answers citizens' questions which had no "
        "answer, unless a golden question confirms it: `yes` or `no`.",
    )
    keep: Number = described(
        10,
        "发布新版本后保留几个版本（至少2个），供回退和打开旧答案的出处；更旧的自动删除。没有发布过的另计，也是这么多。",
        "How many snapshots are kept after publishing, 2 at least, to roll back to and to open old citations "
        "from; older ones are deleted. Those never published are counted by themselves, as many.",
        least=2,
        most=1_000_000,
    )
    max_file_mb: Number = described(
        50,
        "单个文件的上限（MB），超过的隔离不读，1 到 200。",
        "Largest file that is read, in megabytes, 1 to 200; larger ones are quarantined.",
        least=1,
        most=200,
    )
