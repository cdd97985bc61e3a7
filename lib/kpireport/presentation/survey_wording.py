"""Puts the Survey of Internal Control into words: shares, changes, intervals, findings, and whose answers they are.

Frames are those of `rules.survey_results.SurveyResults`; any report that shows the survey says it in these words.
"""

from collections.abc import Iterable, Iterator

import pandas as pd

from kpireport.presentation.phrases import count, in_words, is_missing, join, join_some, number, plural, sentence
from kpireport.presentation.wording import Row
from kpireport.vocabulary import SurveyAnswer

SURVEY = "Survey of Internal Control"
BEST = str(SurveyAnswer.WELL_EMBEDDED)
HIDDEN = "[c]"
MINIMUM = 10
"""The fewest who must have answered before a group is shown (`rules.disclosure.MINIMUM_GROUP`)."""
ILLUSTRATIVE = "respondents are illustrative"
NAMED_ONE_BY_ONE = 3
"""Up to this many questions, the first sentence names each."""


def years(rows: pd.DataFrame) -> list[int]:
    """Return the years of some answers, this year first."""
    return sorted({int(year) for year in rows["year"]}, reverse=True)


def marked(text: str, rows: pd.DataFrame) -> str:
    """Return a caption or a source with what it must say when a respondent of its figures is made up."""
    return f"{text}; {ILLUSTRATIVE}" if bool(rows["is_illustrative"].any()) else text


def source(rows: pd.DataFrame, over: Iterable[int]) -> str:
    """Return where figures come from."""
    return marked(f"Source: {SURVEY}, {join(str(year) for year in over)}", rows)


def share(row: Row) -> str:
    """Return a share as printed: "64%"; "[c]" when it is hidden; a few of many are never "0%"."""
    shown, percent = row["shown_percent"], row["percent"]
    if is_missing(shown):
        return HIDDEN
    if shown == 0 < percent:
        return "under 1%"
    return "over 99%" if shown == 100 > percent else f"{number(shown, 0)}%"


def points(change: float) -> str:
    """Return a change in percentage points: "+6", "−7", "0"."""
    return "–" if is_missing(change) else signed(change, 0)


def signed(value: float, decimals: int) -> str:
    """Return a number with its sign."""
    digits = number(value, decimals)
    return f"+{digits}" if value > 0 and digits.strip("0.") else digits


def interval(row: Row) -> str:
    """Return the 95% interval of a change: "−3.5 to +15.6"; "–" without the number of respondents."""
    if is_missing(row["low_points"]):
        return "–"
    return f"{signed(row['low_points'], 1)} to {signed(row['high_points'], 1)}"


def reading(row: Row) -> str:
    """Return what a change's interval says of it."""
    if is_missing(row["is_significant"]):
        return "No claim: number of respondents not given"
    return "More than chance" if row["is_significant"] else "May be chance"


def of_answers(answer: str) -> str:
    """Return an answer as the middle of a sentence has it: "well embedded"."""
    return f"{answer[:1].lower()}{answer[1:]}"


def moved(row: Row) -> str:
    """Return how a share changed: "up from 58% to 64%", "unchanged at 2%"."""
    before, now = number(row["previous_shown_percent"], 0), number(row["shown_percent"], 0)
    if before == now:
        return f"unchanged at {now}%"
    return f"{'up' if row['shown_change_points'] > 0 else 'down'} from {before}% to {now}%"


def of_answer(answers: pd.DataFrame, changes: pd.DataFrame, answer: str) -> pd.DataFrame:
    """Return this year's share of one answer, one row a question, with how it changed (missing for a new question)."""
    now = answers[(answers["year"] == answers["year"].max()) & (answers["answer"] == answer)]
    wanted = changes.loc[changes["answer"] == answer, ["question", "shown_change_points", "previous_shown_percent"]]
    rows: pd.DataFrame = now.merge(wanted, on="question", how="left", validate="one_to_one")
    return rows


def lead(answers: pd.DataFrame, changes: pd.DataFrame) -> str:
    """Return the survey's message in one sentence: how many find each arrangement well embedded, and how that changed."""
    rows = of_answer(answers, changes, BEST)
    this, *before = years(answers)
    if len(rows) <= NAMED_ONE_BY_ONE:
        verbs = ["rated ", *("" for _ in range(len(rows) - 1))]
        said = [
            f"{share(row)} {verb}{row['question']}{' as well embedded' if verb else ''}{_earlier(row, before)}"
            for verb, (_, row) in zip(verbs, rows.iterrows(), strict=True)
        ]
        return sentence(f"In {this}, {join(said)}")
    lowest, highest = (rows.iloc[int(place)] for place in (rows["shown_percent"].argmin(), rows["shown_percent"].argmax()))
    ends = f"{share(lowest)} ({lowest['question']}) to {share(highest)} ({highest['question']})"
    return sentence(f"In {this}, the share that answered well embedded ranges from {ends}{_rises(rows, before)}")


def _earlier(row: Row, before: list[int]) -> str:
    change = row["shown_change_points"]
    if is_missing(change):
        return " (not asked before)" if before else ""
    return f" ({number(row['previous_shown_percent'], 0)}% in {before[0]})"


def _rises(rows: pd.DataFrame, before: list[int]) -> str:
    compared = rows["shown_change_points"].dropna()
    if compared.empty:
        return ""
    rose, fell = int((compared > 0).sum()), int((compared < 0).sum())
    return f"; since {before[0]} it rose for {rose} of {count(len(compared), 'question')} and fell for {fell}"


def messages(answers: pd.DataFrame, positive: pd.DataFrame, changes: pd.DataFrame) -> Iterator[str]:
    """Yield the other sentences of the first page: positive answers, the rest of them, what is more than chance."""
    this, *before = years(answers)
    together = []
    for question, rows in positive.groupby("question", sort=False):
        of_year = rows.set_index("year")["shown_percent"]
        earlier = f" ({number(of_year[before[0]], 0)}% in {before[0]})" if before and before[0] in of_year.index else ""
        if this in of_year.index:
            together.append(f"{question} {number(of_year[this], 0)}%{earlier}")
    yield sentence(f"Well and fairly embedded together: {'; '.join(together)}")
    for answer in (SurveyAnswer.FAIRLY_EMBEDDED, SurveyAnswer.NOT_EMBEDDED, SurveyAnswer.DONT_KNOW):
        rows = of_answer(answers, changes, str(answer))
        said = [
            f"{row['question']} {share(row) if is_missing(row['shown_change_points']) else moved(row)}"
            for _, row in rows.iterrows()
        ]
        yield sentence(f"{answer}: {'; '.join(said)}")
    yield chance(changes)
    if before and (dropped := _only_in(answers, before[0])):
        yield sentence(f"asked in {before[0]} and not this year: {join(dropped)}")


def _only_in(answers: pd.DataFrame, year: int) -> list[str]:
    now = set(answers.loc[answers["year"] == answers["year"].max(), "question"])
    return [question for question in dict.fromkeys(answers.loc[answers["year"] == year, "question"]) if question not in now]


def chance(changes: pd.DataFrame) -> str:
    """Return which changes are more than chance alone could give; no claim without the number of respondents."""
    if changes.empty:
        return "There is no earlier survey with which these answers could be compared."
    previous = int(changes["previous"].iloc[0])
    known = changes.dropna(subset="is_significant")
    if known.empty:
        why = "the number of respondents is not given"
        return f"Whether the changes since {previous} are more than chance cannot be said, as {why}."
    beyond = known[known["is_significant"].astype(bool)]
    if_so = "with as many respondents as the illustrative ones, " if bool(known["is_illustrative"].any()) else ""
    total = f"{count(len(known), 'change')} since {previous}"
    if beyond.empty:
        return sentence(f"{if_so}none of the {total} is more than chance alone could give: every interval includes 0")
    named = [
        f"{row['question']}, {of_answers(row['answer'])} ({points(row['shown_change_points'])})" for _, row in beyond.iterrows()
    ]
    are = "is" if len(beyond) == 1 else "are"
    some = f"{if_so}{in_words(len(beyond))} of {total} {are} more than chance alone could give"
    return sentence(f"{some}: {join_some(named)}")


def who_answered(answers: pd.DataFrame) -> str:
    """Return how many answered each question this year, and who is in no percentage; "" where that is not given."""
    now = answers[answers["year"] == answers["year"].max()].drop_duplicates("question").dropna(subset="of")
    if now.empty:
        return ""
    same = now.groupby(["of", "not_applicable", "blank"], sort=False)["question"].agg(list)
    said = []
    for (of, not_applicable, blank), questions in same.items():
        who = f"Every question: {int(of):,}" if len(same) == 1 < len(now) else f"{join(questions)}: {int(of):,}"
        apart = f"{int(not_applicable):,} said not applicable and {int(blank):,} left it blank"
        said.append(f"{who} answered; {apart}, and are in no percentage.")
    return " ".join(said)


def distribution_title(answers: pd.DataFrame, changes: pd.DataFrame) -> str:
    """Return how the share that answered well embedded moved."""
    rows = of_answer(answers, changes, BEST)
    compared = rows.dropna(subset="shown_change_points")
    if compared.empty:
        return f"Well embedded: {join(f'{question} {said}' for question, said in _shares_of_questions(rows))}"
    if len(compared) <= NAMED_ONE_BY_ONE:
        said = [f"{row['question']} {moved(row)}" for _, row in compared.iterrows()]
        return f"Well embedded: {'; '.join(said)}"
    rose = int((compared["shown_change_points"] > 0).sum())
    return f"Well embedded rose for {rose} of {count(len(compared), 'question')}"


def _shares_of_questions(rows: pd.DataFrame) -> list[tuple[str, str]]:
    return [(str(row["question"]), share(row)) for _, row in rows.iterrows()]


def distribution_alt(answers: pd.DataFrame) -> str:
    """Return the text alternative of the answers: every share of every question and year."""
    parts = [
        f"{question}, {year}: {_shares(rows)}." for (question, year), rows in answers.groupby(["question", "year"], sort=False)
    ]
    return " ".join(["Stacked bars of answers in per cent of those who answered.", *parts])


def _shares(rows: pd.DataFrame) -> str:
    return join(f"{of_answers(row['answer'])} {share(row)}" for _, row in rows.iterrows())


def changes_title(changes: pd.DataFrame) -> str:
    """Return how many changes are more than chance."""
    known = changes.dropna(subset="is_significant")
    beyond = int(known["is_significant"].astype(bool).sum())
    some = sentence(in_words(beyond)).rstrip(".") if beyond else "None"
    return f"{some} of {count(len(known), 'change')} {'is' if beyond < 2 else 'are'} more than chance alone could give"


def changes_alt(changes: pd.DataFrame) -> str:
    """Return the text alternative of the changes: each with its interval."""
    parts = [
        f"{row['question']}, {of_answers(row['answer'])}: {points(row['shown_change_points'])} ({interval(row)})."
        for _, row in changes.iterrows()
    ]
    return " ".join(["Changes in percentage points with 95% intervals.", *parts])


def breakdown_title(rows: pd.DataFrame) -> str:
    """Return where fewest and most answered well embedded; `rows` are one question's answers this year."""
    shown = rows[(rows["answer"] == BEST) & rows["shown_percent"].notna()]
    question = str(rows["question"].iloc[0])
    if shown.empty:
        return f"{question}: no directorate can be shown"
    low, high = shown["shown_percent"].min(), shown["shown_percent"].max()
    if low == high:
        return f"{question}: well embedded {number(low, 0)}% in every directorate shown"
    ends = [join_some(shown.loc[shown["shown_percent"] == value, "directorate_name"], most=2) for value in (low, high)]
    return f"{question}: well embedded from {number(low, 0)}% ({ends[0]}) to {number(high, 0)}% ({ends[1]})"


def breakdown_alt(rows: pd.DataFrame) -> str:
    """Return the text alternative of one question's answers by directorate."""
    parts = [
        f"{name}: {'not shown' if own['shown_percent'].isna().all() else _shares(own)}."
        for name, own in rows.groupby("directorate_name", sort=False)
    ]
    return " ".join(["Stacked bars of answers in per cent of those who answered, by directorate.", *parts])


def hidden_sentence(by_directorate: pd.DataFrame) -> str:
    """Return which directorates are hidden in which year, and why."""
    rows = by_directorate[by_directorate["is_hidden"].astype(bool)].drop_duplicates(["question", "year", "directorate"])
    if rows.empty:
        return f"Every directorate has at least {MINIMUM} who answered, so none is hidden."
    said = []
    for year in years(rows):
        asked = by_directorate.loc[by_directorate["year"] == year, "question"].nunique()
        named = [
            f"{join(names)} (on {join(questions)})" if len(questions) < asked else join(names)
            for questions, names in _alike(rows[rows["year"] == year]).items()
        ]
        said.append(f"in {year}, {'; '.join(named)}")
    return (
        f"Hidden, and shown as {HIDDEN}: {'; '.join(said)}. A directorate in which fewer than {MINIMUM} answered is hidden, and "
        "so is the next smallest where the hidden answers could otherwise be worked out from the whole."
    )


def _alike(rows: pd.DataFrame) -> dict[tuple[str, ...], list[str]]:
    """Return the names of hidden directorates by the questions in which they are hidden."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for name, own in rows.groupby("directorate_name", sort=False):
        alike.setdefault(tuple(own["question"]), []).append(str(name))
    return alike


def too_small_sentence(questions: Iterable[str]) -> str:
    """Return which questions are not shown at all; "" when all are."""
    named = list(questions)
    return (
        sentence(f"fewer than {MINIMUM} answered on {join(named)}: the {plural('question', len(named))} cannot be shown")
        if named
        else ""
    )
