"""The office behind the site: who runs it, whom to ask, what is kept of questions, records required by law."""

import re
from dataclasses import dataclass

from qa.runtime.settings import Settings
from qa.web.html import NOTHING, Html, label

# The registers to which the law has a site link its number.
_MINISTRY, _POLICE = "https://beian.miit.gov.cn/", "https://beian.mps.gov.cn/#/query/webSearch?code="
_POLICE_NUMBER = re.compile(r"公网安备\D*(\d+)")


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

    def foot_html(self) -> Html:
        """Return the end of every page: whose site it is, its records, and the pages about documents and site."""
        operator = Html('<span class="text">{}</span>').format(self.operator) if self.operator else NOTHING
        records = NOTHING.join(self.records_html())
        links = Html('<a href="/topics">{}</a><a href="/about">{}</a>').format(label("by_topic"), label("about"))
        return Html('<footer class="site">{}{}{}</footer>').format(operator, records, links)

    def records_html(self) -> list[Html]:
        """Return the records required by law; those of the two registers are links to them."""
        return [_record(line) for line in self.records]


NO_SITE = Site()


def site_of(settings: Settings) -> Site:
    """Return the site as the settings say."""
    records = tuple(line.strip() for line in re.split("[;；]", settings.site_records) if line.strip())
    return Site(settings.operator, settings.contact, settings.accessibility, records, settings.log_days)


def _record(line: str) -> Html:
    if number := _POLICE_NUMBER.search(line):
        address = _POLICE + number[1]
    elif "ICP备" in line:
        address = _MINISTRY
    else:
        return Html('<span class="text">{}</span>').format(line)
    # In a tab of its own: the registers refuse to be shown in the frame of the widget.
    link = Html('<a class="text" href="{}" target="_blank" rel="noopener noreferrer">{}</a>')
    return link.format(address, line)
