"""The progress of a refresh, on the terminal and on the board that other programs and machines read."""

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from qa.publishing.board import Board

_EVERY = 0.2  # seconds between two versions on the board

# The steps in order, each with the unit that is counted during it.
STEPS = {
    "scan": "个文件",
    "read": "个文件",
    "embed": "个段落",
    "index": "",
    "save": "",
    "judge": "道检验题",
    "publish": "",
}
WORDS = {
    "scan": "查看文件夹",
    "read": "读取文件",
    "embed": "计算段落向量",
    "index": "建立索引",
    "save": "写入并读回",
    "judge": "问检验题",
    "publish": "发布",
}


class Cancelled(KeyboardInterrupt):
    """Staff cancelled the running refresh. Like an interruption, it leaves everything unchanged."""


@dataclass(frozen=True, slots=True)
class State:
    """The state of a refresh. `rate` is in units a second, `seconds_left` is for this step; both None if unknown."""

    who: str
    pid: int
    started_at: str
    updated_at: str
    state: str  # running, done, unchanged, refused, failed, interrupted
    step: str
    step_number: int
    steps: int
    done: int
    total: int
    rate: float | None
    seconds_left: float | None
    message: str


Show = Callable[[State], None]


class Progress:
    """Reports a running refresh, and raises `Cancelled` when staff ask for that."""

    def __init__(self, board: Board, *, who: str, pid: int, show: Show = lambda state: None) -> None:
        self._board, self._who, self._pid, self._show = board, who, pid, show
        self._started = _now()
        self._step, self._since, self._written = "scan", time.monotonic(), 0.0
        self.seconds: dict[str, float] = {}

    def begin(self) -> None:
        """Start; an old cancellation is dropped."""
        self._board.begin()
        self.step("scan")

    def step(self, step: str, *, total: int = 0, message: str = "") -> None:
        """Go on to the next step."""
        self._close()
        self._step, self._since = step, time.monotonic()
        self._tell(0, total, message, always=True)

    def count(self, done: int, total: int) -> None:
        """Report how much of this step is done. Raises `Cancelled`."""
        self._tell(done, total, "", always=done >= total)

    def end(self, state: str, message: str = "") -> None:
        """Report that the refresh is over, and how it ended."""
        self._close()
        self._tell(0, 0, message, always=True, state=state)

    def _close(self) -> None:
        self.seconds[self._step] = self.seconds.get(self._step, 0.0) + time.monotonic() - self._since
        self._since = time.monotonic()

    def _tell(self, done: int, total: int, message: str, *, always: bool, state: str = "running") -> None:
        if state == "running" and self._board.cancelled():
            raise Cancelled("已取消")
        now = time.monotonic()
        if not always and now - self._written < _EVERY:
            return
        self._written = now
        passed = now - self._since
        rate = done / passed if done and passed > 0 else None
        told = State(
            self._who,
            self._pid,
            self._started,
            _now(),
            state,
            self._step,
            list(STEPS).index(self._step) + 1,
            len(STEPS),
            done,
            total,
            None if rate is None else round(rate, 2),
            None if rate is None else round((total - done) / rate, 1),
            message,
        )
        self._board.tell(asdict(told), always=always)
        self._show(told)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def told(state: State, words: Mapping[str, str] = WORDS) -> str:
    """Return a state of the progress in one line of Chinese; `words` names the steps."""
    line = f"[{state.step_number}/{state.steps}] {words[state.step]}"
    if state.total:
        line += f"：{state.done}/{state.total}{STEPS[state.step]}"
    if state.rate and state.seconds_left is not None and state.done < state.total:
        line += f"，每秒{state.rate:.1f}，还需约{state.seconds_left:.0f}秒"
    return line
