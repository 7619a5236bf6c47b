"""`claims-audit review`: what reviewers decided, into the ledger beside the runs and out of it."""

import csv
import hashlib
import io
from pathlib import Path

import click

from audit.cli import options
from audit.settings import environment
from audit.terms import plural


@click.group()
def review() -> None:
    """Bring reviewers' decisions in, and give out what stands."""


@review.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--reviewer", default="", metavar="NAME", help="Who decided, where the file does not say.")
@options.out_folder
def bring_in(file: Path, reviewer: str, out: Path) -> None:
    """Record the decisions of a findings.xlsx, findings.csv or decisions.csv: all of them, or none where one is wrong."""
    from audit.runs.ledgers import decisions, review_file, seals
    from audit.runs.timeline import history

    now = environment.now()
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    given = review_file.read(file)
    # Runs kept aside too: who decided in one that another has taken the place of since has not worked in vain.
    runs = (*history.kept(out), *history.look(out).runs)
    known = decisions.known_among(runs, given.ids, seals.read(out))
    made = review_file.decisions_of(given, known, reviewer.strip(), now.date())
    if decisions.was_imported(decisions.read(out), sha256):
        click.echo("This very file was imported before; nothing was added.", err=True)
        return
    added = decisions.add(out, made, known, file, sha256, now) if made else 0
    click.echo(f"{plural(len(made), 'decision')} read, {added} new.", err=True)
    if given.undecided:
        rows = plural(given.undecided, "row")
        click.echo(f"{rows} with a note or an amount but no disposition: nothing was taken from there.", err=True)
    if added:
        click.echo("The next run leaves what was dismissed out of its totals; run the audit again to see it at once.", err=True)


@review.command("export")
@options.out_folder
def give_out(out: Path) -> None:
    """What stands of each decided finding, as CSV on stdout."""
    from audit.files import inert
    from audit.runs.ledgers import decisions, losses

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["finding_id", "rule_id", "disposition", "amount", "refunded_on", "reviewer", "reviewed_on", "note"])
    for entry in decisions.standing(decisions.read(out)).values():
        what = entry.what
        cells = [what.finding_id, entry.rule_id, what.decision, what.amount, what.refunded_on]
        writer.writerow([inert.cell(cell) for cell in [*cells, what.reviewer, what.decided_on, what.note]])
    click.echo(text.getvalue(), nl=False)
    for sentence in losses.of_ledger(out, decisions.NAME):
        click.echo(sentence, err=True)


@review.command("status")
@options.out_folder
def tell(out: Path) -> None:
    """Findings open and decided by rule, as CSV on stdout, with the share confirmed and its 95 % interval."""
    from audit.runs.ledgers import decisions, losses, review as reviewed
    from audit.runs.timeline import history

    runs = sorted(history.look(out).runs, key=lambda run: run.created_at)
    found = reviewed.review([history.findings_of(run, reviewed.COLUMNS) for run in runs], decisions.read(out))
    click.echo("rule_id,open,returned,confirmed,dismissed,asked_or_referred,share_confirmed,from,to,set_aside")
    for rule in found.rules:
        said = reviewed.share(rule)
        shares = [f"{one:.3f}" for one in (said.share, said.low, said.high)] if said else ["", "", ""]
        counts = (rule.open, rule.returned, rule.confirmed, rule.dismissed, rule.asked_or_referred)
        click.echo(",".join([rule.rule_id, *map(str, counts), *shares, str(rule.set_aside)]))
    if found.gone:
        click.echo(
            f"{plural(found.gone, 'decided finding')} {'is' if found.gone == 1 else 'are'} in no run of {out} any more.", err=True
        )
    for sentence in losses.of_ledger(out, decisions.NAME):
        click.echo(sentence, err=True)
