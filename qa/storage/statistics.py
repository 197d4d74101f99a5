"""The figures of a period: questions per hour or day by outcome, satisfaction, times, faults."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from qa.answering.reply import REVIEWED, WRITTEN
from qa.storage.database import Connection
from qa.storage.question_log import FAILED, HELPFUL, UNHELPFUL

# The length of a bucket, and the number of buckets.
PERIODS: Mapping[str, tuple[timedelta, int]] = {
    "24h": (timedelta(hours=1), 24),
    "7d": (timedelta(days=1), 7),
    "30d": (timedelta(days=1), 30),
}


@dataclass(frozen=True, slots=True)
class Bucket:
    """The questions in an hour or a day of local time, counted by outcome."""

    start: datetime
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """The figures of a period; `satisfaction` is the share of 👍 (0–1), `failures` counts kinds of faults."""

    period: str
    buckets: tuple[Bucket, ...]
    counts: Mapping[str, int]
    up: int
    down: int
    median_ms: float | None
    p95_ms: float | None
    failures: Mapping[str, int]
    reviewed: int
    written: int

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def satisfaction(self) -> float | None:
        return self.up / (self.up + self.down) if self.up + self.down else None

    def as_json(self) -> dict[str, Any]:
        content = {name: getattr(self, name) for name in self.__dataclass_fields__}
        buckets = [{"start": bucket.start.isoformat(), "counts": dict(bucket.counts)} for bucket in self.buckets]
        return {**content, "buckets": buckets, "total": self.total, "satisfaction": self.satisfaction}


def start(period: str, now: datetime) -> datetime:
    """Return the beginning of a period's first bucket, in local time; the last bucket holds `now`."""
    length, number = PERIODS[period]
    local = now.astimezone()
    whole = local.replace(minute=0, second=0, microsecond=0)
    if length >= timedelta(days=1):
        whole = whole.replace(hour=0)
    return whole - (number - 1) * length


def read(connection: Connection, period: str, now: datetime) -> Statistics:
    """Count the questions of a period; every query uses an index."""
    begin = start(period, now)
    length, number = PERIODS[period]
    since = {"since": begin.astimezone(UTC).isoformat(timespec="milliseconds")}
    counted: list[dict[str, int]] = [{} for _ in range(number)]
    for hour, status, count in connection.execute(HOURS, since):
        place = min(number - 1, (datetime.fromisoformat(f"{hour}:00+00:00") - begin) // length)
        counted[place][status] = counted[place].get(status, 0) + count
    verdicts = dict(connection.execute(VERDICTS, since).fetchall())
    times = sorted(milliseconds for (milliseconds,) in connection.execute(TIMES, since))
    statuses = {status for counts in counted for status in counts}
    return Statistics(
        period=period,
        buckets=tuple(Bucket(begin + place * length, counts) for place, counts in enumerate(counted)),
        counts={status: sum(counts.get(status, 0) for counts in counted) for status in sorted(statuses)},
        up=verdicts.get(HELPFUL, 0),
        down=verdicts.get(UNHELPFUL, 0),
        median_ms=_at(times, 0.5),
        p95_ms=_at(times, 0.95),
        failures=dict(connection.execute(FAULTS, {**since, "failed": FAILED}).fetchall()),
        reviewed=int(connection.execute(MADE, {**since, "made": REVIEWED}).fetchone()[0]),
        written=int(connection.execute(MADE, {**since, "made": WRITTEN}).fetchone()[0]),
    )


# Hours in UTC coincide with those of every zone a whole number of hours away.
HOURS = "SELECT substr(asked_at, 1, 13), status, count(*) FROM replies WHERE asked_at >= :since GROUP BY 1, 2"
VERDICTS = "SELECT verdict, count(*) FROM replies WHERE verdict IS NOT NULL AND asked_at >= :since GROUP BY verdict"
TIMES = "SELECT elapsed_ms FROM replies WHERE asked_at >= :since"
FAULTS = "SELECT reason, count(*) FROM replies WHERE status = :failed AND asked_at >= :since GROUP BY reason"
MADE = "SELECT count(*) FROM replies WHERE made_by = :made AND asked_at >= :since"


def _at(times: Sequence[float], share: float) -> float | None:
    """Return the time within which a share (0–1) of the questions was answered; None without any."""
    return round(times[min(len(times) - 1, int(len(times) * share))], 1) if times else None
