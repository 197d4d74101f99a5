"""Limits on the size of a file and on the cost of converting it."""

from collections.abc import Callable
from dataclasses import dataclass

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits for one file. The defaults fit offices' documents: the largest are scans of some hundred pages."""

    megabytes: int = 50
    # Processor seconds for a whole file, or for one scanned page of it; independent of other load on the machine.
    seconds: float = 60.0
    # Seconds on the clock, for processes that wait instead of working. A dense page once took 86 (18 of the processor).
    clock_seconds: float = 300.0
    # MB of address space as the kernel counts it. Recognition maps 1.6 GB and touches 0.7 GB of it.
    memory_megabytes: int = 1000
    recognition_megabytes: int = 3000
    # MB. LibreOffice maps 0.5 GB before it opens anything.
    office_megabytes: int = 2000
    pages: int = 2000
    characters: int = 5_000_000
    # For archives, and for the archives that DOCX, PPTX, XLSX and EPUB are.
    entries: int = 2000
    expanded_megabytes: int = 200
    ratio: int = 100
    pixels: int = 60_000_000
    # A new version with less than this share of the old text or pages counts as a sudden loss.
    kept_share: float = 0.5

    @property
    def max_bytes(self) -> int:
        return self.megabytes * MEGABYTE


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits for converting one file. Calling `page_done` after a scanned page grants the next page fresh time."""

    limits: Limits = DEFAULT_LIMITS
    page_done: Callable[[], None] = lambda: None


DEFAULT_BUDGET = Budget()
