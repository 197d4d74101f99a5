"""The office behind the site: who runs it, whom to ask, what is kept of questions, records required by law."""

from dataclasses import dataclass

from qa.web.html import Html, label


@dataclass(frozen=True, slots=True)
class Site:
    """The site as staff set it; texts are empty if unset. Questions are kept for `log_days` days."""

    operator: str = ""
    contact: str = ""
    accessibility: str = ""
    records: tuple[str, ...] = ()
    log_days: int = 180

    def privacy_html(self) -> Html:
        """Return one line before the first question: what is kept, how long, and where to read more."""
        return Html('<p class="privacy">{} <a href="/about">{}</a></p>').format(self.kept_html(), label("about"))

    def kept_html(self) -> Html:
        """Return the sentence that says how long questions are kept."""
        return label("privacy_line") + f"{self.log_days}" + label("days")


NO_SITE = Site()
