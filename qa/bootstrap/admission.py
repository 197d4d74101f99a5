"""What stands between pages and assistant, put together as the settings say: queue, limits, log, suggestions."""

from collections.abc import Callable, Sequence

from qa.evaluation.golden import GoldenQuestion
from qa.generation.writer import Writer
from qa.runtime.settings import Settings
from qa.service.admission import Admission, Sources
from qa.service.answer_queue import AnswerQueue, Assistant
from qa.service.rate_limit import Limit
from qa.service.suggestions import Suggestions
from qa.service.written_answers import WrittenAnswers
from qa.storage.database import database_of, open_database
from qa.storage.question_log import Log
from qa.storage.runtime_settings import CurrentSettings
from qa.storage.shared.spool import SPOOL
from qa.storage.shared.visits import SharedVisits

Heard = Callable[[str, str, float], None]


def open_admission(
    assistant: Assistant,
    settings: Settings,
    sources: Sources,
    golden: Sequence[GoldenQuestion],
    *,
    edition: Callable[[], str],
    switches: CurrentSettings,
    writer: Writer | None,
    heard: Heard | None,
) -> Admission:
    """Return what the pages ask, answered by `assistant`.

    `edition` returns a key that changes whenever a question may get another reply from the same snapshot. `heard` is
    told of every question, as `Admission` says.
    """
    queue = AnswerQueue(assistant, kept=settings.kept_replies, edition=edition)
    database = open_database(database_of(settings))
    suggestions = Suggestions(
        assistant.ask,
        golden,
        served=lambda: assistant.status.snapshot + switches.now().edition,
        idle=lambda: queue.idle,
        file=settings.home / "suggestions.json",
    )
    return Admission(
        queue,
        sources=sources,
        log=Log(database, keep_days=settings.log_days, share_days=settings.share_days),
        switches=switches,
        suggestions=suggestions,
        per_address=Limit(settings.address_per_minute),
        per_session=Limit(settings.session_per_minute),
        shared=SharedVisits(settings.database_url) if settings.database_url else None,
        spool=settings.home / SPOOL if settings.database_url else None,
        writing=WrittenAnswers(queue, writer, kept=settings.kept_replies) if writer else None,
        heard=heard,
    )
