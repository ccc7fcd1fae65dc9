"""Say how much a rule finds, beside a zero that would otherwise look like proof."""

from tunegate.accuracy import Measurement, Used, measured
from tunegate.report.runfile import RuleRun
from tunegate.report.words import count, share

_FAMILIES = ("pii", "secret")
_KNEW: dict[Used, str] = {
    "held-out": "which it had never seen",
    "looked-at": "whose errors were read",
    "tuned": "on which it was tuned",
    "trained": "on which it was trained",
}
NOT_MEASURED = "0 found; how much it finds was not measured."


def recall(rule: RuleRun) -> str | None:
    """Return how much a rule that found nothing finds of labelled texts; None: it does not matter.

    Only rules of personal data and secrets are measured, and one that failed found nothing out.
    """
    if rule.findings or rule.status != "ran" or rule.id.partition("/")[0] not in _FAMILIES:
        return None
    best = measured().best(rule.id)
    return NOT_MEASURED if best is None else recall_sentence(best)


def recall_sentence(best: Measurement) -> str:
    """Return a recall with its interval, of how many, where, and whether that was a fair test."""
    told = best.recall
    if told is None:
        return NOT_MEASURED
    _, low, high = told
    between = f"{share(low, 1).removesuffix(' %')}–{share(high, 1)}"
    much = f"0 found; finds {share(best.found, best.gold)} ({between}) of {count(best.gold)}"
    if best.used == "made":
        return f"{much} invented ones in {best.set}."
    others = len(best.rules) - 1
    joined = f", together with {best.rules[-1]}" if others == 1 else ""
    return f"{much} labelled ones in {best.set}, {_KNEW[best.used]}{joined}."
