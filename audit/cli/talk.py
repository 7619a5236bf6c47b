"""What `run` tells of a run: steps and a summary for a person, one line for a mail, one JSON object for a log."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, get_args

import click
import msgspec

from audit.terms import plural

if TYPE_CHECKING:
    from audit.pipeline.run import RunResult
    from audit.runs.timeline.digest import Digest

LogForm = Literal["text", "line", "json"]
LOG_FORMS: tuple[LogForm, ...] = get_args(LogForm)


@dataclass(frozen=True, slots=True)
class Talk:
    """In which form, and whether at all. Data goes to stdout, talk to stderr."""

    form: LogForm
    quiet: bool

    @property
    def is_silent(self) -> bool:
        """Whether the steps of a run are left untold."""
        return self.quiet or self.form != "text"

    def job_begins(self, name: str) -> None:
        """The first word on a job."""
        if not self.is_silent:
            click.echo(f"Job {name}", err=True)

    def done(self, job: str, result: "RunResult", code: int, began: datetime) -> None:
        """A run is whole."""
        if self.quiet:
            for sentence in result.of_earlier:  # what is gone or damaged is no news that may be missed
                click.echo(sentence, err=True)
            return
        if self.form == "text":
            from audit.cli.terminal import run_summary

            click.echo(result.folder / "report.html")
            for line in run_summary(result):
                click.echo(line, err=True)
            return
        from audit.runs.timeline.digest import digest

        figures = digest(result.folder)
        facts = {
            "at": _time(began),
            "job": job or None,
            "label": figures.label,
            "code": int(code),
            "report": str(result.folder / "report.html"),
            "manifest": result.manifest_sha256,
        }
        if self.form == "json":
            click.echo(
                json.dumps({**facts, **_plain(asdict(figures)), "said": list(result.manifest.warnings)}, ensure_ascii=False)
            )
        else:
            told = (in_a_line(figures), *result.of_earlier, f"Manifest {facts['manifest']}.")
            click.echo(" ".join((_head(began, job, figures.label, code), *told)))

    def failed(self, job: str, period: str | None, code: int, text: str, began: datetime) -> None:
        """No run came of it; the sentence itself goes to stderr, whatever the form."""
        if self.form == "text":
            return
        if self.form == "json":
            facts = {"at": _time(began), "job": job or None, "label": period, "code": int(code), "said": [text]}
            click.echo(json.dumps(facts, ensure_ascii=False))
        else:
            click.echo(f"{_head(began, job, period or '', code)} no run. {text.splitlines()[0].removeprefix('claims-audit: ')}")


def in_a_line(figures: "Digest") -> str:
    """A run's figures as a mail tells them."""
    standing = figures.standing
    found = f"{plural(figures.findings, 'finding')}: {standing.get('new', 0):,} new, {standing.get('again', 0):,} back again"
    dollars = f"potential overpayment ${figures.over_once:,.2f}, of it federal ${figures.federal_once:,.2f}"
    under = f"potential underbilling ${figures.under_gross:,.2f}"
    parts = [f"{found}; {dollars}; {under}; not judged {figures.not_judged:,}."]
    if then := figures.replaced:
        parts.append(
            f"In place of the run of {then.created_at:%Y-%m-%d}, which is kept: {then.new:,} not found then, "
            f"{then.repeated:,} in both, {then.settled:,} settled."
        )
    if figures.failed_rules:
        parts.append(f"{figures.failed_rules} rules failed.")
    if figures.rejected_rows:
        parts.append(f"{figures.rejected_rows:,} rows could not be read.")
    return " ".join((*parts, *figures.old_editions))


def _head(began: datetime, job: str, label: str, code: int) -> str:
    named = " ".join(part for part in (job, label) if part)
    return f"{_time(began)} {named + ': ' if named else ''}exit {int(code)};"


def _time(at: datetime) -> str:
    """Local time with its zone."""
    return f"{at.astimezone():%Y-%m-%dT%H:%M:%S%z}"


def _plain(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        return msgspec.to_builtins(value)
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, Decimal) else value.isoformat() if hasattr(value, "isoformat") else value
