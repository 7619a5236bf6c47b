"""A rule's page in Markdown: what `claims-audit explain` shows and docs/rules/ holds, from the rule file alone."""

from collections.abc import Iterable

from audit.rules.catalogue import Rule
from audit.terms import ParamValue

_DIRECTION = {
    "over": "potential overpayment: dollars at risk",
    "under": "underbilling: potential revenue missed",
    "coding": "coding error: no dollars in the totals",
    "none": "no dollars",
}


def page(rule: Rule) -> str:
    """The page of one rule under fixed headings. Parameters are shown with the values they have in the given rule."""
    front = rule.front
    sections = [
        ("What it checks", front.checks),
        ("Why it matters", front.why),
        ("Logic", f"- Numerator: {front.numerator}\n- Denominator: {front.denominator}"),
        ("Applies to", front.applies_to),
        ("Not evaluated when", front.not_evaluated_when),
        ("A flagged example", front.flagged_example),
        ("A correct example", front.correct_example),
        ("How to resolve", front.fix),
        ("Known false positives", front.false_positives),
        ("Parameters", _parameters(rule)),
        ("Sources", "\n".join(f"- {source}" for source in front.references)),
        ("SQL", f"```sql\n{rule.sql.rstrip()}\n```"),
    ]
    body = "\n\n".join(f"## {heading}\n\n{text}" for heading, text in sections)
    return f"# {front.id}: {front.title}\n\n{_facts(rule)}\n\n{body}\n"


def index(catalogue: Iterable[Rule], link: str = "") -> str:
    """The rules as a Markdown table. `link` is a pattern such as "docs/rules/{}.md"; without it ids are not linked."""
    rows = ["| Rule | What it flags | Severity | Dollars | One a |", "|---|---|---|---|---|"]
    for rule in catalogue:
        front = rule.front
        name = f"[{front.id}]({link.format(front.id)})" if link else front.id
        rows.append(f"| {name} | {front.title} | {front.severity} | {front.direction} | {front.subject} |")
    return "\n".join(rows) + "\n"


def _facts(rule: Rule) -> str:
    front = rule.front
    return (
        f"`{front.name}` · family {front.family} · severity {front.severity} · confidence {front.confidence} · "
        f"one finding a {front.subject} · {_DIRECTION[front.direction]} · version {front.version}, since {front.since}"
    )


def _as_toml(value: ParamValue) -> str:
    """A value as audit.toml writes it, text without its quotes."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _parameters(rule: Rule) -> str:
    if not rule.front.params:
        return "None."
    lines = []
    for name, param in rule.front.params.items():
        value = rule.values[name]
        moved = "" if value == param.default else f" (default `{_as_toml(param.default)}`)"
        lines.append(f"- `{name}` = `{_as_toml(value)}`{moved}: {param.help}")
    return "\n".join(lines) + f"\n\nSet them in audit.toml under `[rules.{rule.id}]`."
