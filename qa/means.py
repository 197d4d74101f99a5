"""What a refresh works with, chosen by the settings. Models are loaded only by what needs them."""

from collections.abc import Callable

from corpus.limits import Limits
from index import bundled
from index.embedder import Embedder
from qa import switches
from qa.database import DATABASE
from qa.evaluate import GoldenQuestion, read_golden
from qa.judging import Bar, Judge
from qa.reader import Reader
from qa.refresh import Means
from qa.remembered import Remembered, reader_identity
from qa.repair import Synonyms
from qa.reviewed import ReviewedAnswers
from qa.serving import store_of
from qa.settings import Settings

CACHES = "caches"


def means_of(settings: Settings, embedder: Callable[[], Embedder]) -> Means:
    """The means of a refresh; its judge asks at the threshold that citizens are answered at."""
    golden = golden_of(settings)

    def judge() -> Judge:
        bar = Bar(
            tolerance=settings.golden_tolerance, answered=settings.golden_answered, refused=settings.golden_refused
        )
        memory = Remembered(settings.home / CACHES / "readings.cache", identity=reader_identity())
        synonyms = Synonyms.read()
        switched = switches.current(settings.home)
        reader = _reader(settings, embedder, memory)
        threshold = settings.threshold if switched.threshold is None else switched.threshold
        reviewed = ReviewedAnswers(settings.home / DATABASE, embedder(), synonyms)
        reader = reader if threshold is None else reader.at(threshold)
        return Judge(golden, reader, synonyms, bar, memory, reviewed, switched)

    return Means(
        folder=settings.documents,
        home=settings.home,
        store=store_of(settings.home),
        model=model_of(settings, embedder),
        embedder=embedder,
        judge=judge if golden else None,
        golden=golden,
        limits=Limits(megabytes=settings.max_file_megabytes),
        keep=settings.keep,
        key_file=settings.key_file,
    )


def model_of(settings: Settings, embedder: Callable[[], Embedder]) -> str:
    """The name of the model that embeds; the bundled one need not be loaded to be named."""
    return bundled.embedder_name() if settings.embedding_model == bundled.NAME else embedder().name


def golden_of(settings: Settings) -> list[GoldenQuestion]:
    """The golden questions: none when there are none beside the documents; a file that staff named has to be there."""
    beside = settings.documents.parent / "golden.jsonl"
    return read_golden(settings.golden) if settings.golden.is_file() or settings.golden != beside else []


def _reader(settings: Settings, embedder: Callable[[], Embedder], memory: Remembered) -> Reader:
    if settings.reader == "similarity":
        from qa.reader.similarity import SimilarityReader

        return SimilarityReader(memory.embedder(embedder()))
    from qa.reader.trained import open_reader

    return open_reader(bundled.unpack(settings.home), settings.home, around=memory.around)
