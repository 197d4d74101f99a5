"""Every setting: its name, its default, its help; read once from the environment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PREFIX = "QA_"
GUIDE = "docs/settings.md"
READERS = ("trained", "similarity")
ROOT = Path(__file__).resolve().parent.parent


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
    Setting("QA_DOCUMENTS", "corpus/documents", "Folder of the documents that answers are quoted from"),
    Setting("QA_GOLDEN", "", "Golden questions that a new index is judged by; empty: golden.jsonl beside QA_DOCUMENTS"),
    Setting("QA_HOST", "127.0.0.1", "Address to serve on"),
    Setting("QA_PORT", "7860", "Port to serve on"),
    Setting("QA_ALLOWED_HOSTS", "", "Further host names the site is reached by, separated by commas"),
    Setting("QA_PROXIES", "", "Addresses of our own proxies, separated by commas, that say for whom they call"),
    Setting("QA_WIDGET_SITES", "", "Sites that may show the chat in a frame, such as https://www.example.gov.cn"),
    Setting("QA_CONTACT", "", "Where citizens may ask instead when the documents have no answer"),
    Setting("QA_ADDRESS_PER_MINUTE", "60", "Questions a minute from one address; 0: no limit"),
    Setting("QA_SESSION_PER_MINUTE", "12", "Questions a minute from one open page; 0: no limit"),
    Setting("QA_KEPT_REPLIES", "1000", "Replies remembered for the same question; 0: none"),
    Setting("QA_LOG_DAYS", "180", "Days that questions and replies are kept in the log"),
    Setting("QA_SHARE_DAYS", "90", "Days that a shared link works"),
    Setting("QA_OFFER_FILES", "no", "Whether citizens may download the original files: yes or no"),
    Setting(
        "QA_EMBEDDING_MODEL", "multilingual-e5-small", "The bundled one, or a sentence-transformers name or folder"
    ),
    Setting("QA_READER", "trained", "Reader of the passages found: trained, or similarity, which needs no weights"),
    Setting("QA_LLM_URL", "", "OpenAI-compatible endpoint of a language model; empty: none is asked"),
    Setting("QA_LLM_MODEL", "", "Name of the model at that endpoint"),
    Setting("QA_LLM_KEY", "", "Key for that endpoint"),
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
    documents: Path
    golden: Path
    host: str
    port: int
    allowed_hosts: tuple[str, ...]
    proxies: tuple[str, ...]
    widget_sites: tuple[str, ...]
    contact: str
    address_per_minute: int
    session_per_minute: int
    kept_replies: int
    log_days: int
    share_days: int
    offer_files: bool
    embedding_model: str
    reader: str
    llm_url: str
    llm_model: str
    llm_key: Secret


def read(environment: Mapping[str, str]) -> Settings:
    """The settings of an environment, with defaults for what is unset or empty.

    A relative path in the environment starts at the working directory, a default one at the project.
    Raises SettingsError for an unknown `QA_` name, a port that is none or an endpoint that is no web address.
    """
    known = {setting.name for setting in SETTINGS}
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in known:
            raise SettingsError(f"{name} is not a setting; see {GUIDE}")
    values = {setting.name: environment.get(setting.name, "").strip() or setting.default for setting in SETTINGS}
    documents = _path("QA_DOCUMENTS", environment, values)
    golden = _path("QA_GOLDEN", environment, values) if values["QA_GOLDEN"] else documents.parent / "golden.jsonl"
    return Settings(
        home=_path("QA_HOME", environment, values),
        documents=documents,
        golden=golden,
        host=values["QA_HOST"],
        port=_port(values["QA_PORT"]),
        allowed_hosts=_list(values["QA_ALLOWED_HOSTS"]),
        proxies=_list(values["QA_PROXIES"]),
        widget_sites=_sites(values["QA_WIDGET_SITES"]),
        contact=values["QA_CONTACT"],
        address_per_minute=_number("QA_ADDRESS_PER_MINUTE", values),
        session_per_minute=_number("QA_SESSION_PER_MINUTE", values),
        kept_replies=_number("QA_KEPT_REPLIES", values),
        log_days=_number("QA_LOG_DAYS", values, least=1),
        share_days=_number("QA_SHARE_DAYS", values, least=1),
        offer_files=_one_of("QA_OFFER_FILES", values, ("yes", "no")) == "yes",
        embedding_model=values["QA_EMBEDDING_MODEL"],
        reader=_one_of("QA_READER", values, READERS),
        llm_url=_endpoint(values["QA_LLM_URL"]),
        llm_model=values["QA_LLM_MODEL"],
        llm_key=Secret(values["QA_LLM_KEY"]),
    )


def _path(name: str, environment: Mapping[str, str], values: Mapping[str, str]) -> Path:
    base = Path.cwd() if environment.get(name, "").strip() else ROOT
    return (base / Path(values[name]).expanduser()).resolve()


def _one_of(name: str, values: Mapping[str, str], allowed: tuple[str, ...]) -> str:
    if values[name] in allowed:
        return values[name]
    raise SettingsError(f"{name} is {values[name]!r}; give one of {', '.join(allowed)}, see {GUIDE}")


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip().lower() for part in text.split(",") if part.strip())


def _number(name: str, values: Mapping[str, str], *, least: int = 0) -> int:
    text = values[name]
    if text.isascii() and text.isdigit() and least <= int(text) <= 1_000_000:
        return int(text)
    raise SettingsError(f"{name} is {text!r}; give a whole number from {least} up, see {GUIDE}")


def _sites(text: str) -> tuple[str, ...]:
    sites = _list(text)
    for site in sites:
        # They become part of a header, where a space or a semicolon would begin something else.
        if not re.fullmatch(r"https?://[a-z0-9.*-]+(:(\d+|\*))?", site):
            raise SettingsError(
                f"QA_WIDGET_SITES holds {site!r}; write sites as https://www.example.gov.cn, see {GUIDE}"
            )
    return sites


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 65535:
        return int(text)
    raise SettingsError(f"QA_PORT is {text!r}, which is no port; give a number from 1 to 65535, see {GUIDE}")


def _endpoint(text: str) -> str:
    if text and not text.startswith(("http://", "https://")):
        raise SettingsError(f"QA_LLM_URL is {text!r}; it has to start with http:// or https://, see {GUIDE}")
    return text
