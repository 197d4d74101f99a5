"""The settings of what is stored where: the home, the database, the indexes, the documents; and its encryption."""

from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, SecretStr, model_validator

from qa.runtime.setting_types import Folder, Switch, described

ROOT = Path(__file__).resolve().parents[3]


class StorageSettings(BaseModel):
    """Folders and addresses of what the program keeps, and the key that encrypts it."""

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
