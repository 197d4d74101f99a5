"""The office behind the site: who runs it, whom to ask, what is kept of questions, records required by law."""

from dataclasses import dataclass

from qa.web.html.escaping import escape, label
from qa.web.html.help import people


@dataclass(frozen=True, slots=True)
class Site:
    """What staff set about the site; texts are empty if unset. Questions are kept for `log_days` days."""

    operator: str = ""
    contact: str = ""
    accessibility: str = ""
    records: tuple[str, ...] = ()
    log_days: int = 180

    def privacy_html(self) -> str:
        """Return one line before the first question: what is kept, how long, and where to read more."""
        more = f'<a href="/about">{label("about")}</a>'
        return f'<p class="privacy">{label("privacy_line")} {self.log_days} {label("days")} {more}</p>'

    def about_html(self) -> str:
        """Return the whole page about the site."""
        who = f'<p class="text">{escape(self.operator)}</p>' if self.operator else label("operator_unset", "p")
        access = f'<p class="text">{escape(self.accessibility)}</p>' if self.accessibility else label("accessible", "p")
        records = "".join(f'<p class="text">{escape(line)}</p>' for line in self.records)
        offices = [self.contact] if self.contact else []
        return (
            f"{label('about', 'h1')}<h2>{label('operator')}</h2>{who}{people(offices)}"
            f"<h2>{label('privacy')}</h2>{label('privacy_kept', 'p')}"
            f"<p>{label('privacy_line')} {self.log_days} {label('days')}</p>{label('privacy_delete', 'p')}"
            f"<h2>{label('accessibility')}</h2>{access}{records}"
        )

    def footer_html(self) -> str:
        """Return the last lines of a page: the operator, the records, links to topics and about."""
        lines = [self.operator, *self.records]
        told = "".join(f'<span class="text">{escape(line)}</span>' for line in lines if line)
        links = f'<a href="/topics">{label("by_topic")}</a> <a href="/about">{label("about")}</a>'
        return f'<footer class="site">{told}{links}</footer>'


NO_SITE = Site()
