"""The parts put together as the settings say."""

from collections.abc import Callable
from dataclasses import dataclass

from corpus.document import Document
from corpus.limits import Limits
from corpus.passages import Splitter
from corpus.read import DocumentsMissing
from index import bundled
from index.bundled import BundledModelMissing
from index.embedder import Embedder
from index.retrieve import Hit
from index.sentence_embedder import ModelMissing, open_embedder
from index.snapshot import SnapshotDamaged, SnapshotForeign
from index.store import NoSnapshot, Store, StoreError
from qa.assistant import Assistant
from qa.evaluate import read_golden
from qa.reader import Reader
from qa.reader.similarity import SimilarityReader
from qa.reader.trained import open_reader
from qa.reader.weights import ReaderWeightsError
from qa.refresh import PASSAGE_TOKENS, Judge, refresh
from qa.repair import Synonyms, SynonymsError
from qa.serving import ServedSnapshot, store_of
from qa.settings import Settings, SettingsError
from qa.squad import Paragraph, QuestionFileError

Progress = Callable[[str], None]

# What can go wrong through no fault of the program; the message is for whoever started it.
EXPECTED: tuple[type[Exception], ...] = (
    SettingsError,
    BundledModelMissing,
    ModelMissing,
    ReaderWeightsError,
    DocumentsMissing,
    QuestionFileError,
    SynonymsError,
    SnapshotDamaged,
    SnapshotForeign,
    StoreError,
)


@dataclass(frozen=True, slots=True)
class Parts:
    """What both the command line and the web are made of."""

    store: Store
    embedder: Embedder
    reader: Reader
    synonyms: Synonyms


def open_parts(settings: Settings, progress: Progress) -> Parts:
    """Load the models; the embedding model is unpacked on first use. Raises `ModelMissing` and the like."""
    progress(f"Loading the embedding model {settings.embedding_model}; the first time it is unpacked, half a minute")
    embedder = open_embedder(settings.embedding_model, settings.home)
    return Parts(store_of(settings.home), embedder, _reader(settings, embedder, progress), Synonyms.read())


def _reader(settings: Settings, embedder: Embedder, progress: Progress) -> Reader:
    reader: Reader
    if settings.reader == "similarity":
        reader = SimilarityReader(embedder)
    else:
        progress("Loading the reader")
        # It was trained on the bundled encoder, whichever model embeds.
        reader = open_reader(bundled.unpack(settings.home), settings.home)
    return reader if settings.threshold is None else reader.at(settings.threshold)


def open_assistant(settings: Settings, progress: Progress) -> Assistant:
    """The assistant on the published snapshot; when there is none that can be served, one is built first."""
    parts = open_parts(settings, progress)
    try:
        return assistant_on(parts)
    except NoSnapshot as error:
        progress(f"{error}\nBuilding the index from the documents now")
        judge_by, limits = judge_of(settings, parts), limits_of(settings)
        refresh(settings.documents, parts.store, parts.embedder, judge_by, progress=progress, limits=limits)
        return assistant_on(parts)


def limits_of(settings: Settings) -> Limits:
    """How much a file may be."""
    return Limits(megabytes=settings.max_file_megabytes)


def assistant_on(parts: Parts) -> Assistant:
    """The assistant on what is published now and later. Raises `NoSnapshot`."""
    serve = ServedSnapshot(parts.store, model=parts.embedder.name)
    return Assistant(serve, parts.embedder, parts.reader, parts.synonyms)


def judge_of(settings: Settings, parts: Parts) -> Judge:
    """The judge with the golden questions kept beside the documents, with none when there are none."""
    beside = settings.documents.parent / "golden.jsonl"
    # Golden questions are optional beside the documents; where staff named a file, it has to be there.
    golden = read_golden(settings.golden) if settings.golden.is_file() or settings.golden != beside else []
    return Judge(golden, parts.reader, parts.synonyms)


def read_paragraph(parts: Parts, question: str, paragraph: Paragraph) -> str:
    """The shortest answer that the reader finds in one paragraph, whatever its confidence; as SQuAD scores want it."""
    document = Document("paragraph.txt", paragraph.title, paragraph.text)
    passages = Splitter(parts.embedder.count_tokens, PASSAGE_TOKENS).split(document)
    reading = parts.reader.read(question, [Hit(passage, 0.0, 0.0, 0.0) for passage in passages])
    if not reading.findings:
        return ""
    best = reading.findings[0]
    return (best.short or best.quote).of(document.text)
