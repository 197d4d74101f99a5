"""The results of golden questions, as records store them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GoldenResult:
    """The reply of a snapshot to one golden question, and whether it is acceptable."""

    question_id: str
    question: str
    answerable: bool
    acceptable: bool
    verdict: str
    text: str
    short: str | None = None
    documents: tuple[str, ...] = ()

    def same_as(self, other: "GoldenResult") -> bool:
        """Return whether a citizen would read the same."""
        return (self.verdict, self.text, self.short) == (other.verdict, other.text, other.short)

    def says_as(self, other: "GoldenResult") -> bool:
        """Return whether both say the same: the short answers where both have one, else the texts, but for spaces."""
        # Words around a wrong figure change harmlessly with every new wording of its document; the figure does not.
        said = (self.short, other.short) if self.short and other.short else (self.text, other.text)
        one, another = ("".join(text.split()) for text in said)
        return self.verdict == other.verdict and one == another
