"""Every setting: its name, type, range, default and help, a line each; read once from the environment."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, SecretStr, ValidationError, model_validator

from qa.runtime import logs
from qa.runtime.setting_groups.models import ModelSettings
from qa.runtime.setting_groups.sign_on import SignOnSettings
from qa.runtime.setting_types import (
    Folder,
    Names,
    Number,
    Sites,
    Switch,
    described,
    one_of,
    range_of,
)

PREFIX = "QA_"
GUIDE = "docs/settings.md"
ROOT = Path(__file__).resolve().parents[2]


class SettingsError(Exception):
    """A setting is unknown or holds an invalid value."""


def _beside_documents(before: dict[str, Any]) -> Path:
    documents: Path = before["documents"]
    return documents.parent / "golden.jsonl"


class ServiceSettings(BaseModel):
    """Folders, golden questions, the web server, its limits, what is kept, what citizens and staff may do."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    home: Folder = described(
        ROOT / "var",
        "程序生成的一切都放在这个文件夹：模型、索引快照、日志。",
        "Folder of everything the program makes: models, snapshots, logs.",
    )
    database_url: SecretStr = described(
        SecretStr(""),
        "PostgreSQL（15 或更新）的地址，`postgresql://USER:PASSWORD@HOST:5432/NAME`；不设则用 `QA_HOME` 里的 "
        "SQLite 文件。设好后用 `python -m qa database migrate` 把原有内容搬过去，见 "
        "[operations.md](operations.md)。",
        "Address of a PostgreSQL, 15 or later, `postgresql://USER:PASSWORD@HOST:5432/NAME`; unset, the SQLite "
        "file in `QA_HOME`. `python -m qa database migrate` then moves what the file holds, see "
        "[operations.md](operations.md).",
    )
    snapshots_url: SecretStr = described(
        SecretStr(""),
        "几台机器共用索引时，存放索引的对象存储（S3）的地址，"
        "`s3+https://KEY:SECRET@HOST:PORT/BUCKET/PREFIX`，内网可写 `s3+http`；要同时设 `QA_DATABASE_URL`，"
        "并运行 `pip install -r requirements-cluster.txt`。不设则放在 `QA_HOME`。见 [operations.md](operations.md)。",
        "Address of the object store (S3) for the indexes where several machines share them, "
        "`s3+https://KEY:SECRET@HOST:PORT/BUCKET/PREFIX`, or `s3+http` within an office. It needs "
        "`QA_DATABASE_URL` and `pip install -r requirements-cluster.txt`; unset, they are in `QA_HOME`. See "
        "[operations.md](operations.md).",
    )
    share_documents: Switch = described(
        False,
        "几台机器是否也共用文件和检验题：`yes` 或 `no`。设为 `yes` 后它们存在 `QA_SNAPSHOTS_URL` 的对象存储里，每台的 "
        "`QA_DOCUMENTS` 是核对过的一份，在哪一台上传、修改、刷新都一样。先在放着文件的那一台设好并刷新一次，再设其他"
        "的。见 [operations.md](operations.md)。",
        "Whether several machines share the documents and golden questions, too: `yes` or `no`. With `yes` they are in "
        "the object store of `QA_SNAPSHOTS_URL` and `QA_DOCUMENTS` of each machine is a checked copy: upload, change "
        "and refresh on any. Set it first on the machine that has the files, refresh there, and then set the others. "
        "See [operations.md](operations.md).",
    )
    search_url: SecretStr = described(
        SecretStr(""),
        "Milvus（2.5 或更新）的地址，`http://USER:PASSWORD@HOST:19530/DATABASE`，段落很多时由它找出候选段落；没有密码、用"
        "缺省库时可写 `http://HOST:19530`。要先运行 `pip install -r requirements-milvus.txt`。不设则由本机检索。见 "
        "[operations.md](operations.md)。",
        "Address of a Milvus, 2.5 or later, that finds candidates among very many passages, "
        "`http://USER:PASSWORD@HOST:19530/DATABASE`, or `http://HOST:19530` without a password and with its default "
        "database. It needs `pip install -r requirements-milvus.txt`; unset, each server searches itself. See "
        "[operations.md](operations.md).",
    )
    key_file: Folder | None = described(
        None,
        "一个密钥文件（至少32字节，放在 `QA_HOME` 之外，只有运行服务的账号可读），用来封记操作日志、签署备份；不"
        "设则日志不封记，备份用 `QA_HOME/backup.key` 签署。日志里已有记录时，设好后先运行 "
        "`python -m qa audit --seal`。见 [staff.md](staff.md#六操作日志)。",
        "A file with a secret of 32 bytes or more, outside `QA_HOME`, readable by the service's account only. It "
        "seals the audit log and signs backups; unset, the log has no seal and backups are signed with "
        "`QA_HOME/backup.key`. Where the log has rows already, run `python -m qa audit --seal` once it is set. See "
        "[staff.md](staff.md#六操作日志).",
    )
    encrypt_database: Switch = described(
        False,
        "`QA_HOME` 里的数据库（问答记录、账号等）是否加密存放：`yes` 或 `no`。密钥由 `QA_KEY_FILE` 得出，丢了就再也"
        "打不开；要先运行 `pip install -r requirements-encryption.txt`。已有的文件用 `python -m qa database encrypt` "
        "加密，见 [operations.md](operations.md)。",
        "Whether the database in `QA_HOME`, with questions, accounts and so on, is stored encrypted: `yes` or `no`. "
        "Its key is derived from `QA_KEY_FILE`: without that file nothing opens it again. It needs "
        "`pip install -r requirements-encryption.txt`. `python -m qa database encrypt` encrypts a file that is there, "
        "see [operations.md](operations.md).",
    )
    documents: Folder = described(
        ROOT / "corpus" / "documents",
        "文件所在的文件夹，答案都引自这些文件。",
        "Folder of the documents that answers are quoted from.",
    )
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
    host: str = described(
        "127.0.0.1",
        "监听的地址；`0.0.0.0` 表示所有网卡。",
        "Address to serve on; `0.0.0.0` is every network card.",
    )
    port: Number = described(
        7860,
        "监听的端口，1 到 65535。",
        "Port to serve on, 1 to 65535.",
        least=1,
        most=65_535,
    )
    allowed_hosts: Names = described(
        (),
        "访问本站所用的其他域名或地址，用逗号分隔；本机名称和 `QA_HOST` 总是允许，其余一律拒绝。",
        "Further host names or addresses the site is reached by, separated by commas. Loopback names and "
        "`QA_HOST` are always accepted, all others refused.",
    )
    proxies: Names = described(
        (),
        "本单位反向代理的地址，用逗号分隔；只有它们通过 `X-Forwarded-For` 说明的来访地址才会被采信，用于限速。",
        "Addresses of our own reverse proxies, separated by commas. Only they are believed when "
        "`X-Forwarded-For` says for whom they call; it is used for the limits.",
    )
    widget_sites: Sites = described(
        (),
        "可以把问答嵌入自己网页的网站，如 `https://www.example.gov.cn`，用逗号分隔；不设则任何网"
        "站都不能嵌入。见 [widget-example.html](widget-example.html)。",
        "Sites that may show the chat in a frame, such as `https://www.example.gov.cn`, separated by commas; unset, "
        "none may. See [widget-example.html](widget-example.html).",
    )
    contact: str = described(
        "",
        "没有答案时请市民到哪里咨询，如电话或办公地点，排在最接近的文件写明的联系部门之后；两者都没有时只说可以向主管部门咨询"
        "。",
        "Where citizens may ask instead when the documents have no answer; it comes after the office that the "
        "nearest documents name. With neither, the page points to the authority in charge.",
    )
    operator: str = described(
        "",
        "主办单位，写在各页最后和“关于本站”（`/about`）里。",
        "Who runs the site; it stands at the end of the pages and on `/about`.",
    )
    accessibility: str = described(
        "",
        "“关于本站”（`/about`）里的无障碍声明；不设就用通用的一段。",
        "Accessibility statement on `/about`; unset, a general one.",
    )
    site_records: str = described(
        "",
        "各页最后的备案号、网站标识码等，用分号分开；ICP备案号和公网安备号自动链接到登记网站。",
        "Lines at the end of the pages, such as filing numbers, separated by semicolons. Those of the ICP and police "
        "registers become links to these.",
    )
    address_per_minute: Number = described(
        60,
        "同一地址每分钟最多提问次数；IPv6 以一个 /64 网段为一个地址；`0` 为不限。手机网络常有许多人共用一个地址"
        "，不宜太小。",
        "Questions a minute from one address, of IPv6 from one /64 network; `0`: no limit. Many phones share one "
        "address, so it should not be small.",
        least=0,
        most=1_000_000,
    )
    address_connections: Number = described(
        200,
        "同一地址（IPv6 为同一 /64 网段）同时保持的连接最多几个；`0` 为不限。本机和 `QA_PROXIES` "
        "里的反向代理不受此限：由代理自己限制。",
        "Connections that one address (of IPv6: one /64 network) may hold at once; `0`: no limit. This machine "
        "and the proxies of `QA_PROXIES` are exempt and set a limit of their own.",
        least=0,
        most=1_000_000,
    )
    session_per_minute: Number = described(
        12,
        "同一个打开的页面每分钟最多提问次数；`0` 为不限。",
        "Questions a minute from one open page; `0`: no limit.",
        least=0,
        most=1_000_000,
    )
    kept_replies: Number = described(
        1000,
        "记住多少个回答，同样的问题（同一索引、同样的上文）直接给出；`0` 为不记。",
        "How many replies are remembered for the same question on the same index after the same turns; `0`: none.",
        least=0,
        most=1_000_000,
    )
    log_days: Number = described(
        180,
        "问答记录保存的天数，过期自动删除；网页上做的备份和恢复时另存的旧内容，做好满这些天后也自动删除。记录里没有地址，个人"
        "号码已遮盖（姓名、住址识别不出来）。",
        "Days that questions and replies are kept in the log; backups made on the page and what a restore put "
        "aside go so many days after they were made. It holds no address, and personal numbers are masked; names "
        "and places are not noticed.",
        least=1,
        most=10_000,
    )
    log_format: Annotated[str, BeforeValidator(one_of(logs.FORMATS))] = described(
        "text",
        "服务写到标准错误输出的日志格式：`text` 每行有时间、级别和来源，`json` 每行一个 JSON 对象。日志里"
        "没有市民的话和地址。",
        "How the server logs on standard error: `text`, with time, level and logger on every line, or `json`, "
        "one object a line. It holds no words and no addresses of citizens.",
    )
    metrics_from: Names = described(
        (),
        "哪些地址可以读取 `/metrics`（Prometheus 格式的运行指标），用逗号分隔；不设则没有这个页面。"
        "见 [operations.md](operations.md)。",
        "Addresses that may read `/metrics`, figures for Prometheus, separated by commas; unset, there is no such "
        "page. See [operations.md](operations.md).",
    )
    docs_site: Folder | None = described(
        None,
        "说明文档做成的网站（`make docs` 写在 `var/docs-site`），在 `/docs-site/` 供阅读；不设则没有这个页面。",
        "The documentation as a site (`make docs` writes it to `var/docs-site`), shown at `/docs-site/`; unset, there "
        "is no such page.",
    )
    drain_seconds: Number = described(
        0,
        "收到停止信号后还照常回答多少秒：其间 `/readyz` 返回 503，让前面的负载均衡先换走流量；0 表示立即停止接收。",
        "Seconds that the server goes on answering after a signal to stop; `/readyz` says 503 meanwhile, so that a "
        "balancer in front sends visitors elsewhere first. 0 takes no new questions at once.",
        least=0,
        most=600,
    )
    share_days: Number = described(
        90,
        "分享链接的有效天数。",
        "Days that a shared link works.",
        least=1,
        most=10_000,
    )
    four_eyes: Switch = described(
        True,
        "人工答案、检验题的改动、检验不合格仍要发布、停止引用后改过的文件恢复引用，是否必须由另一个人同意：`yes` 或 "
        "`no`。只有一个人能审核的单位可以设为 `no`，一个人就能定，页面上会注明。",
        "Whether another person has to agree to a reviewed answer, to a change of a golden question, to publishing in "
        "spite of them and to quoting a withdrawn document again that was changed: `yes` or `no`. An office with a "
        "single publisher may say `no`; the page says so.",
    )
    offer_files: Switch = described(
        False,
        "是否允许市民下载文件的原件：`yes` 或 `no`。",
        "Whether citizens may download the original files: `yes` or `no`.",
    )


class Settings(ModelSettings, SignOnSettings, ServiceSettings):
    """The settings of the program, read and checked; paths are absolute. Those of the service come first."""

    @model_validator(mode="after")
    def _keep_the_key_elsewhere(self) -> Self:
        # A key in QA_HOME could be read by anybody who can write there, and every copy of the folder would hold it.
        if self.key_file and self.key_file.is_relative_to(self.home):
            raise ValueError(f"QA_KEY_FILE is {str(self.key_file)!r}, which lies in QA_HOME; keep it elsewhere")
        return self

    @model_validator(mode="after")
    def _have_a_key_to_encrypt_with(self) -> Self:
        if self.encrypt_database and not self.key_file:
            raise ValueError("QA_ENCRYPT_DATABASE is yes without a key; name its file by QA_KEY_FILE")
        if self.encrypt_database and self.database_url.get_secret_value():
            raise ValueError("QA_ENCRYPT_DATABASE is for the file in QA_HOME; have the disk of PostgreSQL encrypted")
        return self

    @model_validator(mode="after")
    def _name_the_engine(self) -> Self:
        # Here and not at the field: a sentence about a field repeats its value, which holds a password.
        if self.database_url and not self.database_url.get_secret_value().startswith("postgresql://"):
            raise ValueError("QA_DATABASE_URL has to start with postgresql://, or be unset for SQLite")
        return self

    @model_validator(mode="after")
    def _know_what_is_shared(self) -> Self:
        if self.snapshots_url and not self.snapshots_url.get_secret_value().startswith(("s3+https://", "s3+http://")):
            raise ValueError("QA_SNAPSHOTS_URL has to start with s3+https:// or s3+http://, or be unset for QA_HOME")
        if self.search_url and not self.search_url.get_secret_value().startswith(("http://", "https://")):
            raise ValueError("QA_SEARCH_URL has to start with http:// or https://, or be unset to search here")
        if self.snapshots_url and not self.database_url:
            raise ValueError("QA_SNAPSHOTS_URL needs QA_DATABASE_URL, which knows the hashes of what is stored there")
        if self.share_documents and not self.snapshots_url:
            raise ValueError("QA_SHARE_DOCUMENTS needs QA_SNAPSHOTS_URL, where what is shared is stored")
        return self

    def packed(self) -> dict[str, Any]:
        """Return all values as JSON values, the secrets included."""
        secrets = {"llm_key": self.llm_key, "sso_secret": self.sso_secret}
        secrets |= {"database_url": self.database_url, "snapshots_url": self.snapshots_url}
        secrets |= {"search_url": self.search_url}
        return self.model_dump(mode="json") | {name: one.get_secret_value() for name, one in secrets.items()}


def variable(field: str) -> str:
    """Return the environment variable of a setting."""
    return PREFIX + field.upper()


def names() -> list[str]:
    """Return the environment variables of all settings, in order."""
    return [variable(field) for field in Settings.model_fields]


def read(environment: Mapping[str, str]) -> Settings:
    """Read the settings of an environment; unset or empty ones have their default.

    A relative path in the environment starts at the working directory, a default one at the project.
    Raises `SettingsError` for an unknown `QA_` name and for an invalid value.
    """
    known = set(names())
    given = {}
    for name in sorted(environment):
        if name.startswith(PREFIX):
            if name not in known:
                raise SettingsError(f"{name} is not a setting; see {GUIDE}")
            if value := environment[name].strip():
                given[name.removeprefix(PREFIX).lower()] = value
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        raise SettingsError(f"{_sentence(error, given)}, see {GUIDE}") from error


def _sentence(error: ValidationError, given: Mapping[str, str]) -> str:
    """Return a sentence on the first fault, and on what to write instead."""
    fault = error.errors()[0]
    advice = str(fault.get("ctx", {}).get("error", ""))
    if not fault["loc"]:
        return advice
    field = str(fault["loc"][0])
    span = range_of(Settings.model_fields[field])
    return f"{variable(field)} is {given[field]!r}; " + (f"give a number {span}" if span else advice)
