"""The settings of models: the embedder, the reader, and a language model at an address."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, SecretStr

from qa.runtime.setting_types import Endpoint, Number, Share, Switch, described, one_of

READERS = ("trained", "similarity")


class ModelSettings(BaseModel):
    """Which models embed, read and write, and from which confidence an answer is shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    embedding_model: str = described(
        "multilingual-e5-small",
        "向量模型：缺省为随安装包附带的模型；也可写 sentence-transformers 的模型名称或文件夹。换模型后须重建索引。",
        "The embedding model: the bundled one, or any sentence-transformers name or folder. Another model needs "
        "a new index.",
    )
    reader: Annotated[str, BeforeValidator(one_of(READERS))] = described(
        "trained",
        "阅读器：`trained`（训练过，缺省）读懂段落并找出原文；`similarity` 只按相似度挑句子，不需要权重"
        "文件，更快，但更容易答错。",
        "The reader: `trained` reads passages and finds the words; `similarity` picks sentences by likeness "
        "alone, needs no weights, is quicker and wrong more often.",
    )
    threshold: Share | None = described(
        None,
        "显示答案的门槛：把握低于此值（0 到 1）的答案不显示；不设则用为阅读器拟合的值。调高则答错更少、拒答更多，"
        "`python -m qa evaluate --thresholds` 列出每个值的两种错误。",
        "Answers less sure than this (0 to 1) are not shown; unset, the value fitted for the reader. Higher "
        "means fewer wrong answers and more refusals; `python -m qa evaluate --thresholds` prints both error "
        "rates at each.",
    )
    llm_url: Endpoint = described(
        "",
        "大语言模型接口（兼容 OpenAI）的地址，以 `http://` 或 `https://` 开头；不设则完全不使用，也不联网。",
        "OpenAI-compatible endpoint of a language model, beginning with `http://` or `https://`; unset means that none "
        "is asked and nothing leaves the machine.",
    )
    llm_model: str = described(
        "",
        "该接口上的模型名称。",
        "Name of the model at that endpoint.",
    )
    llm_key: SecretStr = described(
        SecretStr(""),
        "该接口的密钥；不会写入任何日志。",
        "Key for that endpoint; it appears in no log.",
    )
    llm_seconds: Number = described(
        30,
        "一个由模型编写的答案最多用多少秒（含重试），1 到 600；超过则给出文件原文。",
        "Longest that a written answer may take, tries included, 1 to 600 seconds; after that the quoted answer "
        "is given.",
        least=1,
        most=600,
    )
    llm_citizens: Switch = described(
        False,
        "是否允许市民打开“AI 生成”的回答：`yes` 或 `no`。不允许时只有工作人员能用命令行 `python "
        "-m qa ask --llm` 试用。见 [llm.md](llm.md)。",
        "Whether citizens may switch written answers on, page and API: `yes` or `no`. With `no` only staff can "
        "try them, by `python -m qa ask --llm`. See [llm.md](llm.md).",
    )
