"""Every setting: its name, its default, its help; read once from the environment."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from qa.runtime import logs

PREFIX = "QA_"
GUIDE = "docs/settings.md"
READERS = ("trained", "similarity")
ROOT = Path(__file__).resolve().parents[2]


class SettingsError(Exception):
    """A setting is unknown or holds a value that cannot be used."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A name to be set in the environment, its default and what it does."""

    name: str
    default: str
    help: str


SETTINGS = (
    Setting("QA_HOME", "var", "Folder of everything the program makes: models, snapshots, logs"),
    Setting("QA_KEY_FILE", "", "File outside QA_HOME with a secret that seals the audit log and signs backups"),
    Setting("QA_DOCUMENTS", "corpus/documents", "Folder of the documents that answers are quoted from"),
    Setting("QA_GOLDEN", "", "Golden questions that a new index is judged by; empty: golden.jsonl beside QA_DOCUMENTS"),
    Setting("QA_GOLDEN_TOLERANCE", "0", "How many golden questions may be answered worse than today"),
    Setting("QA_GOLDEN_ANSWERED", "0", "Least percentage of answerable golden questions answered right"),
    Setting("QA_GOLDEN_REFUSED", "0", "Least percentage of unanswerable golden questions refused"),
    Setting("QA_KEEP", "10", "How many snapshots are kept for roll-back and old citations"),
    Setting("QA_MAX_FILE_MB", "50", "Largest file that is read, in megabytes; larger ones are quarantined"),
    Setting("QA_HOST", "127.0.0.1", "Address to serve on"),
    Setting("QA_PORT", "7860", "Port to serve on"),
    Setting("QA_ALLOWED_HOSTS", "", "Further host names the site is reached by, separated by commas"),
    Setting("QA_PROXIES", "", "Addresses of our own proxies, separated by commas, that say for whom they call"),
    Setting("QA_WIDGET_SITES", "", "Sites that may show the chat in a frame, such as https://www.example.gov.cn"),
    Setting("QA_CONTACT", "", "Where citizens may ask instead when the documents have no answer"),
    Setting("QA_OPERATOR", "", "Who runs the site, as it stands at the end of every page"),
    Setting("QA_ACCESSIBILITY", "", "Accessibility statement on the page about the site; empty: a general one"),
    Setting("QA_SITE_RECORDS", "", "Lines at the end of every page, such as 备案 numbers, separated by |"),
    Setting("QA_ADDRESS_PER_MINUTE", "60", "Questions a minute from one address; 0: no limit"),
    Setting("QA_ADDRESS_CONNECTIONS", "200", "Connections held at once by one address; 0: no limit"),
    Setting("QA_SESSION_PER_MINUTE", "12", "Questions a minute from one open page; 0: no limit"),
    Setting("QA_KEPT_REPLIES", "1000", "Replies remembered for the same question; 0: none"),
    Setting("QA_LOG_DAYS", "180", "Days that questions and replies are kept in the log"),
    Setting("QA_LOG_FORMAT", "text", "How the server logs on standard error: text, or json, one object a line"),
    Setting("QA_SHARE_DAYS", "90", "Days that a shared link works"),
    Setting("QA_FOUR_EYES", "yes", "Whether another person than its author has to approve an answer: yes or no"),
    Setting("QA_OFFER_FILES", "no", "Whether citizens may download the original files: yes or no"),
    Setting(
        "QA_EMBEDDING_MODEL", "multilingual-e5-small", "The bundled one, or a sentence-transformers name or folder"
    ),
    Setting("QA_READER", "trained", "Reader of the passages found: trained, or similarity, which needs no weights"),
    Setting(
        "QA_THRESHOLD", "", "Confidence, 0 to 1, below which no answer is shown; empty: the one fitted for the reader"
    ),
    Setting("QA_LLM_URL", "", "OpenAI-compatible endpoint of a language model; empty: none is asked"),
    Setting("QA_LLM_MODEL", "", "Name of the model at that endpoint"),
    Setting("QA_LLM_KEY", "", "Key for that endpoint"),
    Setting("QA_LLM_SECONDS", "30", "Longest that a written answer may take, in seconds"),
    Setting("QA_LLM_CITIZENS", "no", "Whether citizens may switch to written answers: yes or no"),
)


@dataclass(frozen=True, slots=True)
class Secret:
    """A text that never shows in logs or messages; `reveal` gives it."""

    _text: str

    def __repr__(self) -> str:
        return "Secret('***')" if self._text else "Secret('')"

    def __bool__(self) -> bool:
        return bool(self._text)

    def reveal(self) -> str:
        return self._text


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the program was told, read and checked; paths are absolute."""

    home: Path
    key_file: Path | None
    documents: Path
    golden: Path
    golden_tolerance: int
    golden_answered: int
    golden_refused: int
    keep: int
    max_file_megabytes: int
    host: str
    port: int
    allowed_hosts: tuple[str, ...]
    proxies: tuple[str, ...]
    widget_sites: tuple[str, ...]
    contact: str
    operator: str
    accessibility: str
    site_records: tuple[str, ...]
    address_per_minute: int
    address_connections: int
    session_per_minute: int
    kept_replies: int
    log_days: int
    log_format: str
    share_days: int
    four_eyes: bool
    offer_files: bool
    embedding_model: str
    reader: str
    threshold: float | None
    llm_url: str
    llm_model: str
    llm_key: Secret
    llm_seconds: int
    llm_citizens: bool


def read(environment: Mapping[str, str]) -> Settings:
    """The settings of an environment, with defaults for what is unset or empty.

    A relative path in the environment starts at the working directory, a default one at the project.
    Raises SettingsError for an unknown `QA_` name and a port, threshold or endpoint that is none.
    """
    known = {setting.name for setting in SETTINGS}
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in known:
            raise SettingsError(f"{name} is not a setting; see {GUIDE}")
    values = {setting.name: environment.get(setting.name, "").strip() or setting.default for setting in SETTINGS}
    home = _path("QA_HOME", environment, values)
    documents = _path("QA_DOCUMENTS", environment, values)
    golden = _path("QA_GOLDEN", environment, values) if values["QA_GOLDEN"] else documents.parent / "golden.jsonl"
    return Settings(
        home=home,
        key_file=_key_file(home, environment, values) if values["QA_KEY_FILE"] else None,
        documents=documents,
        golden=golden,
        golden_tolerance=_number("QA_GOLDEN_TOLERANCE", values, 0, 1_000_000),
        golden_answered=_number("QA_GOLDEN_ANSWERED", values, 0, 100),
        golden_refused=_number("QA_GOLDEN_REFUSED", values, 0, 100),
        keep=_number("QA_KEEP", values, 2, 1_000_000),
        max_file_megabytes=_megabytes(values["QA_MAX_FILE_MB"]),
        host=values["QA_HOST"],
        port=_port(values["QA_PORT"]),
        allowed_hosts=_list(values["QA_ALLOWED_HOSTS"]),
        proxies=_list(values["QA_PROXIES"]),
        widget_sites=_sites(values["QA_WIDGET_SITES"]),
        contact=values["QA_CONTACT"],
        operator=values["QA_OPERATOR"],
        accessibility=values["QA_ACCESSIBILITY"],
        site_records=tuple(line.strip() for line in values["QA_SITE_RECORDS"].split("|") if line.strip()),
        address_per_minute=_number("QA_ADDRESS_PER_MINUTE", values, 0, 1_000_000),
        address_connections=_number("QA_ADDRESS_CONNECTIONS", values, 0, 1_000_000),
        session_per_minute=_number("QA_SESSION_PER_MINUTE", values, 0, 1_000_000),
        kept_replies=_number("QA_KEPT_REPLIES", values, 0, 1_000_000),
        log_days=_number("QA_LOG_DAYS", values, 1, 10_000),
        log_format=_one_of("QA_LOG_FORMAT", values, logs.FORMATS),
        share_days=_number("QA_SHARE_DAYS", values, 1, 10_000),
        four_eyes=_one_of("QA_FOUR_EYES", values, ("yes", "no")) == "yes",
        offer_files=_one_of("QA_OFFER_FILES", values, ("yes", "no")) == "yes",
        embedding_model=values["QA_EMBEDDING_MODEL"],
        reader=_one_of("QA_READER", values, READERS),
        threshold=_share("QA_THRESHOLD", values["QA_THRESHOLD"]),
        llm_url=_endpoint(values["QA_LLM_URL"]),
        llm_model=values["QA_LLM_MODEL"],
        llm_key=Secret(values["QA_LLM_KEY"]),
        llm_seconds=_number("QA_LLM_SECONDS", values, 1, 600),
        llm_citizens=_one_of("QA_LLM_CITIZENS", values, ("yes", "no")) == "yes",
    )


def _path(name: str, environment: Mapping[str, str], values: Mapping[str, str]) -> Path:
    base = Path.cwd() if environment.get(name, "").strip() else ROOT
    return (base / Path(values[name]).expanduser()).resolve()


def _key_file(home: Path, environment: Mapping[str, str], values: Mapping[str, str]) -> Path:
    path = _path("QA_KEY_FILE", environment, values)
    if path.is_relative_to(home):  # who can write there could read it, and a copy of the folder would hold it
        raise SettingsError(f"QA_KEY_FILE is {str(path)!r}, which lies in QA_HOME; keep it elsewhere, see {GUIDE}")
    return path


def _one_of(name: str, values: Mapping[str, str], allowed: tuple[str, ...]) -> str:
    if values[name] in allowed:
        return values[name]
    raise SettingsError(f"{name} is {values[name]!r}; give one of {', '.join(allowed)}, see {GUIDE}")


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip().lower() for part in text.split(",") if part.strip())


def _sites(text: str) -> tuple[str, ...]:
    sites = _list(text)
    for site in sites:
        # They become part of a header, where a space or a semicolon would begin something else.
        if not re.fullmatch(r"https?://[a-z0-9.*-]+(:(\d+|\*))?", site):
            raise SettingsError(f"QA_WIDGET_SITES has {site!r}; write it as https://www.example.gov.cn, see {GUIDE}")
    return sites


def _number(name: str, values: Mapping[str, str], least: int, most: int) -> int:
    text = values[name]
    if text.isascii() and text.isdigit() and least <= int(text) <= most:
        return int(text)
    raise SettingsError(f"{name} is {text!r}; give a number from {least} to {most}, see {GUIDE}")


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 65535:
        return int(text)
    raise SettingsError(f"QA_PORT is {text!r}, which is no port; give a number from 1 to 65535, see {GUIDE}")


def _share(name: str, text: str) -> float | None:
    if not text:
        return None
    with suppress(ValueError):
        if 0 <= float(text) <= 1:
            return float(text)
    raise SettingsError(f"{name} is {text!r}; give a number from 0 to 1, see {GUIDE}")


def _megabytes(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 200:
        return int(text)
    raise SettingsError(f"QA_MAX_FILE_MB is {text!r}; give a number of megabytes from 1 to 200, see {GUIDE}")


def _endpoint(text: str) -> str:
    if text and not text.startswith(("http://", "https://")):
        raise SettingsError(f"QA_LLM_URL is {text!r}; it has to start with http:// or https://, see {GUIDE}")
    return text
