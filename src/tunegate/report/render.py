"""Turn a summary into one HTML file that needs no script, no network and no style to be read.

The page is safe with hostile names: templates escape everything, what draws nothing is marked,
no link's target comes from the run, and the policy in the page's head allows one style sheet, by
its digest, and nothing else.
"""

import hashlib
from base64 import b64encode
from functools import cache
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from tunegate.report import charts
from tunegate.report.frames import describe_size
from tunegate.report.sentences import balance, canaries, limits, verdict_sentence, verdict_word
from tunegate.report.summary import Summary
from tunegate.report.words import count, counted, file_size, marked, share, short
from tunegate.rules import bundled


def render(summary: Summary) -> str:
    """Return the report as one self-contained HTML document."""
    templates = _templates()
    style = templates.get_template("style.css.j2").render(digest=_digest(summary))
    page = templates.get_template("report.html.j2").render(
        s=summary,
        # The template is ours and the digest is of hexadecimal figures.
        style=Markup(style),  # noqa: S704
        policy=_content_policy(style),
        verdict=summary.judged.verdict if summary.judged else "unjudged",
        word=verdict_word(summary),
        sentence=verdict_sentence(summary),
        limits=limits(summary),
        planted=canaries(summary),
        waterfall=charts.waterfall(summary),
        histograms=[(chart, charts.histogram(chart)) for chart in summary.histograms],
        roles=charts.roles(summary.roles),
    )
    return page


@cache
def _templates() -> Environment:
    folder = bundled("templates")
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        loader=FunctionLoader(lambda name: (folder / name).read_text(encoding="utf-8")),
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        number=count, counted=counted, file_size=file_size, short=short, balance=balance
    )
    environment.globals.update(share=share, describe_size=describe_size)
    return environment


def _shown(value: Any) -> Any:  # noqa: ANN401 - whatever a template prints
    return marked(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _content_policy(style: str) -> str:
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(summary: Summary) -> str:
    """Return one digest of all inputs, for the foot of every printed page."""
    together = "".join(sorted(source.sha256 for source in summary.inputs))
    return hashlib.sha256(together.encode()).hexdigest()[:16]
