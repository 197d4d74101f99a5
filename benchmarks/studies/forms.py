"""How often the form of an answer is right, on documents that nothing computed was fitted to.

    python -m benchmarks.studies.forms [--limit N] [--part held|fitting] [--json OUT] [--base FILE]

The questions of `forms_held.jsonl.xz`, and those of `forms.jsonl.xz` on every second document, are asked as citizens
ask them: over all these documents in one index, with the real search and reader. `--part fitting` asks those on the
other documents, to read and to mend by. `--json` keeps what was said, `--base` prints what moved since. What the
networks gave is kept below `QA_HOME`, so that only the first run takes long.
"""

import argparse
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import qa.runtime.offline  # noqa: F401  # before the libraries that it silences
from benchmarks.quality.asking import TODAY
from benchmarks.quality.measuring import open_inputs
from benchmarks.quality.sets import lot
from corpus.text.normalise import digits, normalise
from corpus.text.passages import PASSAGE_TOKENS
from index.snapshots import snapshot as snapshots
from index.snapshots.served import Loaded
from qa.answering.assistant import Assistant
from qa.answering.forms.base import OF_SEVERAL
from qa.answering.forms.figures import facts
from qa.answering.forms.wording import words
from qa.answering.question.analysis import Question
from qa.answering.reply import Answer, Reply
from qa.runtime.settings import read as read_settings
from qa.training.linear.answer_forms import read_rows
from qa.training.questions.written import read_written

DATA = Path(__file__).resolve().parents[2] / "qa" / "training" / "data"
LIMIT = 40  # of a form
COMPUTED = ("compare", "superlative", "count", "compute")
FORMS = (*COMPUTED, "yesno", "condition", "list", "parts", "why", "lookup")
RIGHT, QUOTED, WRONG, HELD, REFUSED = "right", "quoted", "wrong", "held", "refused"

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """A question with what stands in large letters above its quotations, and how that is judged."""

    form: str
    question: str
    expected: str
    answerable: bool
    outcome: str
    computed: bool
    large: str
    quoted: str


def main() -> None:
    options = _options()
    rows = chosen(options.part, options.limit)
    said = list(_ask(rows))
    for line in table(said):
        print(line)
    if options.json:
        options.json.write_text(json.dumps([asdict(one) for one in said], ensure_ascii=False, indent=0), "utf-8")
    if options.base:
        for line in moved(json.loads(options.base.read_text("utf-8")), said):
            print(line)


def chosen(part: str, limit: int) -> list[Row]:
    """Return the questions of a part, at most `limit` of a form by lot."""
    learned = read_rows([DATA / "learned" / "forms.jsonl.xz"])
    rows = [row for row in learned if lot(row["document"], 2) == (part == "held")]
    if part == "held":
        rows += read_rows([DATA / "held_out" / "forms_held.jsonl.xz"])
    drawn = sorted(rows, key=lambda row: lot(row["question"]))
    return [row for form in FORMS for row in [one for one in drawn if form_of(one) == form][: limit or None]]


def form_of(row: Row) -> str:
    """Return the form of a question; `condition` where yes or no depends on a figure that it names."""
    if row["form"] == "yesno":
        return "condition" if any(figure.unit for figure in facts(row["question"]).figures) else "yesno"
    return str(row["form"])


def judged(row: Row, reply: Reply) -> str:
    """Return how a reply is judged.

    Right and wrong are what stands in large letters; quoted is an answer without any. Of an unanswerable question it is
    refused, or else wrong where large letters say anything but what the document says.
    """
    answerable = row["label"] == "answered"
    if not isinstance(reply, Answer):
        return HELD if answerable else REFUSED
    large = large_of(reply)
    if not answerable:
        return WRONG if large else QUOTED
    quotes = "".join(citation.text for citation in reply.citations)
    cited = any(_plain(quote)[:40] in _plain(quotes) or _plain(quotes) in _plain(quote) for quote in row["quotes"])
    form = form_of(row)
    if not large:
        return QUOTED if cited else WRONG
    if form in COMPUTED:
        return RIGHT if _concludes(row, reply, large) else WRONG
    if form in ("yesno", "condition"):
        verdict = reply.form.verdict
        return WRONG if not cited or verdict not in (None, row["verdict"]) else RIGHT if verdict else QUOTED
    if form == "parts":
        told = [operand["words"] for operand in row["operands"]]
        return RIGHT if cited and all(_holds(large, said) for said in told) else QUOTED if cited else WRONG
    return RIGHT if cited else WRONG


def large_of(reply: Answer) -> str:
    """Return what a citizen reads in large letters; empty where the quotation stands alone, or is said to be one."""
    line = reply.form.line or reply.short or ""
    said = words(Question.of(reply.question)).says
    return "" if line.startswith(said) and reply.form.kind in OF_SEVERAL else line


def _concludes(row: Row, reply: Answer, large: str) -> bool:
    """Whether large letters hold the right conclusion, or all the figures that it is drawn from."""
    if row["verdict"] and row["form"] in ("compute", "count"):
        wanted = facts(row["verdict"]).figures
        found = facts(reply.form.verdict or large).figures
        if wanted and any(wanted[0].value == figure.value and _unit(wanted[0], figure) for figure in found):
            return True
        number = re.search(r"\d+", digits(row["verdict"]))  # 三级 has no unit that figures are read in
        if row["form"] == "count" and number and number.group() in re.findall(r"\d+", digits(large)):
            return True
    elif row["verdict"]:
        mine, right = set(normalise(reply.form.verdict or large)), set(normalise(row["verdict"]))
        if (mine <= right or right <= mine) if reply.form.verdict else right <= mine:
            return True
    told = [operand["words"] for operand in row["operands"]]
    return reply.form.verdict is None and len(told) > 1 and all(_holds(large, said) for said in told)


def _unit(wanted: Any, found: Any) -> bool:
    return wanted.unit == found.unit or "" in (wanted.unit, found.unit) or {wanted.unit, found.unit} <= {"人", "个"}


def _holds(text: str, said: str) -> bool:
    return _plain(said) in _plain(text)


def _plain(text: str) -> str:
    return re.sub(r"\W", "", normalise(text))


def table(said: Sequence[Said]) -> Iterable[str]:
    """Yield a line for each form, and one for all."""
    yield (
        f"{'form':12}{'asked':>7}{'large':>7}{'right':>7}{'wrong':>7}{'right %':>9}{'computed':>10}{'right':>7}"
        f"{'quoted':>8}{'held':>6} | unanswerable{'wrong':>7}"
    )
    for form in (*FORMS, "all"):
        rows = [one for one in said if form in ("all", one.form)]
        mine, near = [one for one in rows if one.answerable], [one for one in rows if not one.answerable]
        count = Counter(one.outcome for one in mine)
        large = count[RIGHT] + count[WRONG]
        done = [one for one in rows if one.computed]
        share = f"{count[RIGHT] / large:8.1%}" if large else "-"
        wrong = sum(one.outcome == WRONG for one in near)
        yield (
            f"{form:12}{len(mine):7}{large:7}{count[RIGHT]:7}{count[WRONG]:7}{share:>9}{len(done):10}"
            f"{sum(one.outcome == RIGHT for one in done):7}{count[QUOTED]:8}{count[HELD]:6} | {len(near):12}{wrong:7}"
        )


def moved(before: Sequence[Mapping[str, Any]], now: Sequence[Said]) -> Iterable[str]:
    """Yield a line for each question whose outcome or large letters are others than before."""
    known = {(one["form"], one["question"]): one for one in before}
    for one in now:
        old = known.get((one.form, one.question))
        if old and (old["outcome"], old["large"]) != (one.outcome, one.large):
            yield (
                f"{one.form}: {old['outcome']} → {one.outcome} | {one.question} = {one.expected} | {old['large']} → "
                f"{one.large}"
            )


def _ask(rows: Sequence[Row]) -> Iterable[Said]:
    means = open_inputs(read_settings(os.environ))
    wanted = {row["document"] for row in rows}
    known = {w.document.title: w.document for path in sorted(DATA.glob("*/*.jsonl.xz")) for w in _documents(path)}
    documents = tuple(known[title] for title in sorted(wanted & set(known)))
    built = snapshots.build(documents, means.parts.embedder, max_tokens=PASSAGE_TOKENS, vectors=means.vectors)
    parts = means.parts
    asked = Assistant(lambda: Loaded(built), parts.embedder, parts.reader, parts.synonyms, today=lambda: TODAY)
    for number, row in enumerate(rows, start=1):
        reply = asked.ask(row["question"])
        outcome = judged(row, reply)
        answer = reply if isinstance(reply, Answer) else None
        yield Said(
            form=form_of(row),
            question=row["question"],
            expected=row["verdict"] or "/".join(one["words"] for one in row["operands"]),
            answerable=row["label"] == "answered",
            outcome=outcome,
            computed=bool(answer and answer.form.verdict),
            large=large_of(answer) if answer else "",
            quoted="\n".join(citation.text for citation in answer.citations) if answer else "",
        )
        if number % 100 == 0:
            print(f"{number} of {len(rows)}", file=sys.stderr, flush=True)
    means.memory.close()


def _documents(path: Path) -> list[Any]:
    return read_written(path) if path.name in ("train.jsonl.xz", "validation.jsonl.xz") else []


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.studies.forms", description="The form of answers")
    parser.add_argument("--part", choices=("held", "fitting"), default="held")
    parser.add_argument("--limit", type=int, default=LIMIT, help="at most so many questions of a form, 0 for all")
    parser.add_argument("--json", type=Path, metavar="OUT", help="keep every question with what was said")
    parser.add_argument("--base", type=Path, metavar="FILE", help="print what moved since this JSON")
    return parser.parse_args()


if __name__ == "__main__":
    main()
