"""ReportView -> one self-contained HTML document, and its file.

The document allows nothing from outside: the Content-Security-Policy names the hash of the one stylesheet and of each
script, and denies all else. Everything in the view is escaped.
"""

import re
from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from hashlib import sha256

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from audit import assets
from audit.report.outputs.cards import Card
from audit.report.outputs.decisions import CHOICES
from audit.report.outputs.run_index import Group
from audit.report.view import ReportView, RestPage


@cache
def environment() -> Environment:
    """The template environment, made once: everything escaped, an unknown name is an error."""
    return Environment(
        loader=FileSystemLoader(assets.reports()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def render_html(view: ReportView) -> str:
    """The report as one HTML document."""
    return _page("report.html.j2", _stylesheet(view.run_id, view.label), ("tables.js", "decisions.js"), view=view)


def render_card(card: Card) -> str:
    """A provider's card as one HTML document."""
    return _page("card.html.j2", _stylesheet(card.run_id, card.npi), ("tables.js",), card=card)


def render_rest(page: RestPage) -> str:
    """A page of a rule's findings that do not stand in the report, as one HTML document."""
    return _page("rest.html.j2", _stylesheet(page.run_id, page.label), ("tables.js", "decisions.js"), page=page, choices=CHOICES)


def render_other(template: str, run_id: str, label: str, **values: object) -> str:
    """A document of another room, in the look of the report."""
    return _page(template, _stylesheet(run_id, label), ("tables.js",), **values)


def render_index(groups: Sequence[Group]) -> str:
    """The page over all runs, a group for each folder of runs."""
    style = (assets.reports() / "report.css").read_text(encoding="utf-8")
    return environment().get_template("index.html.j2").render(groups=groups, style=Markup(style), policy=policy(style, ()))


def _page(template: str, style: str, names: tuple[str, ...], **values: object) -> str:
    scripts = tuple((assets.reports() / name).read_text(encoding="utf-8") for name in names)
    page = environment().get_template(template)
    return page.render(**values, style=Markup(style), scripts=tuple(map(Markup, scripts)), policy=policy(style, scripts))


def _stylesheet(run_id: str, label: str) -> str:
    """The stylesheet, with the run named in the foot of each printed page."""
    name = re.sub(r"[^A-Za-z0-9 ._-]", "", f"Run {run_id}, {label}")
    foot = f'@page {{ @bottom-left {{ content: "Confidential. {name}"; }} }}\n'
    return (assets.reports() / "report.css").read_text(encoding="utf-8") + foot


def policy(style: str, scripts: tuple[str, ...]) -> str:
    """A Content-Security-Policy that allows these inline texts and nothing else."""
    allowed = " ".join(_hash(script) for script in scripts) or "'none'"
    parts = ("default-src 'none'", f"style-src {_hash(style)}", f"script-src {allowed}", "base-uri 'none'", "form-action 'none'")
    return "; ".join(parts)


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
