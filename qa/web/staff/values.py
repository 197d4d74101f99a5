"""Numbers, dates, times and sizes as staff read them, and as they type them."""

from datetime import UTC, date, datetime

from corpus.metadata.dates import read_day
from qa.bootstrap.service import SERVER
from qa.runtime.errors import Unfit

NO_ROW = "没有认出点的是哪一行，请刷新页面再点一次"


def whole_number(text: object) -> int:
    """Return the number in a hidden field of a page. Raises `Unfit` if it holds none."""
    digits = str(text)
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        raise Unfit(NO_ROW)
    return int(digits)


def when(time: datetime | str | None) -> str:
    """Return a moment as staff read it, in the machine's time zone."""
    if isinstance(time, str):
        try:
            time = datetime.fromisoformat(time)
        except ValueError:
            return str(time)
    if time is None:
        return ""
    return time.astimezone().strftime("%Y-%m-%d %H:%M")


def day(value: date | None) -> str:
    return value.isoformat() if value else ""


def day_of(text: str) -> date:
    """Return the date typed into a form. Raises `Unfit`."""
    found = read_day(text)
    if found is None:
        raise Unfit(f"“{text}”不是日期；请写成2026-01-31这样")
    return found


def ago(seconds: float) -> str:
    """Return a duration in the largest unit that fits."""
    for size, unit in ((86400, "天"), (3600, "小时"), (60, "分钟")):
        if seconds >= size:
            return f"{int(seconds // size)}{unit}"
    return f"{int(seconds)}秒"


def seconds(milliseconds: float | None) -> str:
    """Return a time of milliseconds as staff read it."""
    return "—" if milliseconds is None else f"{milliseconds / 1000:.2f}秒"


def megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MB" if size >= 1024 * 1024 else f"{max(1, round(size / 1024))} KB"


def percent(share: float | None) -> str:
    return "—" if share is None else f"{share:.0%}"


def today() -> date:
    return datetime.now(UTC).astimezone().date()


def person(name: str) -> str:
    """Return who did something, in words: the server itself is no colleague."""
    return "系统" if name == SERVER else name
