"""How much a file may be, and how much converting it may take."""

from collections.abc import Callable
from dataclasses import dataclass

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The defaults fit offices' documents: the largest of them are scans of some hundred pages."""

    megabytes: int = 50
    # Processor time of a whole file, or of one scanned page of it: how busy the machine is does not matter to it.
    seconds: float = 60.0
    # The clock's, for what waits instead of working. A dense page took 18 s of processor time and 86 of these once.
    clock_seconds: float = 300.0
    # Of address space, as the kernel counts it; recognising characters maps 1.6 GB and touches 0.7 of them.
    memory_megabytes: int = 1000
    recognition_megabytes: int = 3000
    # LibreOffice maps 0.5 GB before it opens anything.
    office_megabytes: int = 2000
    pages: int = 2000
    characters: int = 5_000_000
    # Of the archives that DOCX, PPTX, XLSX and EPUB are.
    entries: int = 2000
    expanded_megabytes: int = 200
    ratio: int = 100
    pixels: int = 60_000_000
    # Less of the text or pages of the version before than this share is a sudden loss.
    kept_share: float = 0.5

    @property
    def max_bytes(self) -> int:
        return self.megabytes * MEGABYTE


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Budget:
    """What converting one file may take; to say that a scanned page is done wins time for the next one."""

    limits: Limits = DEFAULT_LIMITS
    page_done: Callable[[], None] = lambda: None


DEFAULT_BUDGET = Budget()
