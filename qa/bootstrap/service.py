"""The parts put together as the settings say."""

import asyncio
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from corpus.document import Document
from corpus.text.passages import PASSAGE_TOKENS, Splitter
from index.embedding import bundled_model, openvino
from index.embedding.base import Embedder
from index.embedding.openvino_runtime import is_stored
from index.embedding.sentence_transformer import open_embedder
from index.retrieve import Hit
from index.snapshots.errors import NoSnapshot
from index.snapshots.store import Store
from qa.answering.assistant import Assistant
from qa.answering.query_rewriting import Synonyms
from qa.answering.reader.base import AtThreshold, Reader
from qa.answering.reader.extractive import ExtractiveReader
from qa.answering.reader.opening import network_paths
from qa.answering.reply import Reply, Turn
from qa.bootstrap.errors import EXPECTED
from qa.bootstrap.models import Models, lazily, open_reader
from qa.bootstrap.refreshing import golden_of, run_refresh
from qa.evaluation.golden import Ask, GoldenQuestion
from qa.evaluation.network_cache import recalled
from qa.evaluation.squad import Paragraph
from qa.generation.client import Endpoint
from qa.generation.entailment import agreement
from qa.generation.writer import Writer
from qa.publishing.inputs import Order
from qa.publishing.progress import State, told
from qa.publishing.serving import ServedSnapshot, store_of
from qa.runtime.settings import Settings
from qa.runtime.worker import aside
from qa.service.sources import Sources
from qa.storage.database import database_of, open_database
from qa.storage.reviewed_answers import ReviewedAnswers
from qa.storage.runtime_settings import CurrentSettings

__all__ = ["EXPECTED", "Parts", "Service", "open_assistant", "open_parts", "open_service", "read_paragraph"]

Progress = Callable[[str], None]
SERVER = "server"  # who refreshes when a server starts without an index


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts that the command line and the web share."""

    store: Store
    embedder: Embedder
    reader: Reader
    synonyms: Synonyms


@dataclass(frozen=True, slots=True)
class Service:
    """The parts that the web pages need."""

    assistant: Assistant
    sources: Sources
    golden: Sequence[GoldenQuestion]
    models: Models
    switches: CurrentSettings
    writer: Writer | None = None


def open_parts(settings: Settings, progress: Progress) -> Parts:
    """Load the models; the embedding model is unpacked on first use. Raises `ModelMissing` and the like."""
    progress(f"打开向量模型{settings.embedding_model}；第一次要解开，约半分钟")
    embedder = open_embedder(settings.embedding_model, settings.home)
    if settings.reader != "similarity":
        progress("打开阅读器")
    reader = open_reader(settings, lambda: embedder, around=recalled)
    return Parts(store_of(settings), embedder, reader, Synonyms.read())


def open_assistant(settings: Settings, progress: Progress) -> Assistant:
    """Return the assistant on the published snapshot; if none can be served, one is built first."""
    return open_service(settings, progress).assistant


def open_service(settings: Settings, progress: Progress) -> Service:
    """Return the assistant of `open_assistant`, with the documents and golden questions that pages need."""
    if not store_of(settings).names():
        progress("还没有发布过索引：现在用文件夹里的文件建立")
        _aside(_build, settings, progress)
    elif not _converted(settings):
        progress("转换模型（只需一次，约一分钟）")
        _aside(_convert, settings, progress)
    parts = open_parts(settings, progress)
    try:
        served = ServedSnapshot(parts.store, model=parts.embedder.name)
    except NoSnapshot as error:
        progress(f"{error}\n现在用文件夹里的文件建立索引")
        _aside(_build, settings, progress)
        served = ServedSnapshot(parts.store, model=parts.embedder.name)
    reviewed = ReviewedAnswers(database_of(settings), parts.embedder, parts.synonyms)
    switches = CurrentSettings(open_database(database_of(settings)))
    reader = AtThreshold(parts.reader, lambda: switches.now().threshold)
    assistant = Assistant(served, parts.embedder, reader, parts.synonyms, reviewed=reviewed, switches=switches.now)
    served.prepare = assistant.prepare
    served.watch()
    models = Models(lambda: parts.embedder, lambda: reader)
    sources = Sources(served, parts.store, lambda document: switches.now().withdrawn.hides(document))
    return Service(assistant, sources, golden_of(settings), models, switches, _writer(settings, assistant, parts))


def written_or_quoted(service: Service) -> Ask:
    """Asks the assistant and has its answers written out. Raises ValueError without a writer."""
    if service.writer is None:
        raise ValueError("No language model is set")
    writer, assistant = service.writer, service.assistant

    async def quoted(question: str, history: Sequence[Turn] = ()) -> Reply:
        return assistant.ask(question, history)

    def ask(question: str, history: Sequence[Turn] = ()) -> Reply:
        started = time.perf_counter()
        reply = asyncio.run(writer.reply(question, history, quoted))
        return replace(reply, elapsed_ms=(time.perf_counter() - started) * 1000)

    return ask


def _writer(settings: Settings, assistant: Assistant, parts: Parts) -> Writer | None:
    """Return the writer of answers; None unless staff named a model."""
    if not settings.llm_url:
        return None
    endpoint = Endpoint(settings.llm_url, settings.llm_model, settings.llm_key, seconds=settings.llm_seconds)
    reader = parts.reader if isinstance(parts.reader, ExtractiveReader) else None
    return Writer(endpoint, assistant, agreement(parts.embedder, reader))


def _aside(task: Callable[[Settings], str], settings: Settings, progress: Progress) -> None:
    """Do a task in a process of its own, and return its result.

    Unpacking, converting and embedding load PyTorch and fill gigabytes, which a server would keep; and a server that
    had converted the networks itself crashed on the signal that ends it.
    """
    if why := aside(task, settings):
        progress(why)


def _converted(settings: Settings) -> bool:
    """Return whether the networks of this program are already converted; after new weights they are not."""
    needed = []
    if settings.embedding_model == bundled_model.NAME:
        needed.append(openvino.network_path(settings.home))
    if settings.reader != "similarity":
        needed += network_paths(settings.home, bundled_model.FOLDER)
    return all(map(is_stored, needed))


def _convert(settings: Settings) -> str:
    """Open the models, which converts them; return an empty text."""
    open_parts(settings, lambda text: None)
    return ""


def _build(settings: Settings) -> str:
    """Refresh, and show the progress; return why nothing was published, empty if something was."""

    def show(state: State) -> None:
        print(told(state), file=sys.stderr, flush=True)

    report = run_refresh(
        settings, Order(who=SERVER, four_eyes=settings.four_eyes), show, embedder=lazily(settings).embedder
    )
    return report.why if report.refused else ""


def read_paragraph(parts: Parts, question: str, paragraph: Paragraph) -> str:
    """Return the shortest answer that the reader finds in one paragraph, at any confidence, as SQuAD scores need it."""
    document = Document("paragraph.txt", paragraph.title, paragraph.text)
    passages = Splitter(parts.embedder.count_tokens, PASSAGE_TOKENS).split(document)
    # No confidence is enough, so that all of them are read: they stand in the order of the text, not the best first.
    reading = parts.reader.at(1.0).read(question, [Hit(passage, 0.0, 0.0, 0.0) for passage in passages])
    if not reading.findings:
        return ""
    best = reading.findings[0]
    return (best.short or best.quote).of(document.text)
