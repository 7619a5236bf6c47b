"""`python -m tests.oracle_rules --lines 20000 --seed 1`: random exports judged twice, and every difference with its rows."""

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.oracle_rules.compare import COMMAND, READ, Comparison, Difference, compare, over_of
from tests.oracle_rules.explained import listed
from tests.oracle_rules.random_lines import SHAPES, shapes

# Columns shown of a line, most telling first, and the few words that stand for them.
SHOWN = {
    "procedure_code": "",
    "units": "u",
    "minutes": "m",
    "start_time": "from",
    "end_time": "to",
    "visit_timed_minutes": "total",
    "claim_status": "status",
    "patient_id": "",
    "service_date": "",
    "submitted_date": "sent",
    "rendering_npi": "npi",
    "rendering_taxonomy": "",
    "billing_npi": "by",
    "payer_name": "",
    "payer_sequence": "",
    "place_of_service": "pos",
    "bill_type": "bill",
    "body_region": "",
    "area_minutes": "",
    "encounter_id": "",
    "diagnosis_1": "dx",
    "member_id": "member",
    "charge_amount": "charge",
    "allowed_amount": "allowed",
    "paid_amount": "paid",
}


def main() -> int:
    """Prints differences; 1 where there are any that no kind explains."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle_rules", description=__doc__)
    parser.add_argument("--lines", type=int, default=20000)
    parser.add_argument("--size", type=int, default=2500, help="lines of one export")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shape", default="", choices=["", *SHAPES], help="one shape of export; default each in turn")
    parser.add_argument("--rules", default="", help="ids of the rules to compare, by comma; default all that the oracle reads")
    parser.add_argument("--command", default=str(COMMAND), help="the claims-audit to hold the oracle against")
    parser.add_argument("--show", type=int, default=3, help="differences to show for each rule and export")
    chosen = parser.parse_args()
    rules = tuple(filter(None, chosen.rules.split(",")))
    differing: Counter[str] = Counter()
    flagged: Counter[str] = Counter()
    explained: Counter[str] = Counter()
    unlike_once = 0
    unjudged: dict[str, Counter[str]] = {"oracle": Counter(), "program": Counter()}
    for seed, shape, count in shapes(chosen.seed, chosen.lines, chosen.size):
        with tempfile.TemporaryDirectory() as folder:
            comparison = compare(Path(folder), seed, chosen.shape or shape, count, rules, chosen.command)
        told = f"{len(comparison.differences)} differences, {comparison.explained.total()} explained"
        once = over_of(comparison)
        unlike_once += once != comparison.over
        told += f"; over, once: oracle {once}, program {comparison.over}"
        print(f"== seed {seed}, {chosen.shape or shape}, {count} lines: {told}")
        for note in comparison.notes:
            print(f"   {note}")
        _show(comparison, chosen.show)
        differing.update(difference.rule for difference in comparison.differences)
        flagged.update(comparison.flagged)
        explained.update(comparison.explained)
        for rule, (ours, theirs) in comparison.unjudged.items():
            unjudged["oracle"][rule] += ours
            unjudged["program"][rule] += theirs
    for rule in rules or READ:
        told = f"{flagged[rule]} findings, {differing[rule]} differences"
        print(f"{rule}: {told}; not evaluated: oracle {unjudged['oracle'][rule]}, program {unjudged['program'][rule]}")
    for kind in listed():
        print(f"explained, {kind.name} ({', '.join(kind.rules)}): {explained[kind.name]}")
    told = f"{flagged.total()} findings, {explained.total()} differences explained, {differing.total()} not"
    print(f"{told}; exports whose dollars counted once differ: {unlike_once}")
    return 1 if differing or unlike_once else 0


def _show(comparison: Comparison, limit: int) -> None:
    shown: Counter[str] = Counter()
    for difference in comparison.differences:
        shown[difference.rule] += 1
        if shown[difference.rule] <= limit:
            print(f"-- {difference.rule}: oracle {difference.ours}, program {difference.theirs}")
            for row in _rows(comparison, difference):
                print(f"   {row}")


def _rows(comparison: Comparison, difference: Difference) -> list[str]:
    """The lines of the subject, and the others of the same patient and date."""
    lines = [*comparison.export.lines, *comparison.export.excluded]
    days = {(line.patient, line.day) for line in lines if line.id in difference.members}
    near = [line for line in lines if line.id in difference.members or ((line.patient, line.day) in days and len(days) == 1)]
    return [
        f"{'*' if line.id in difference.members else ' '} {line.claim_id}/{line.number} "
        f"{line.state} {'/'.join(line.modifiers) or '-'} "
        + " ".join(f"{word} {cell}".strip() for column, word in SHOWN.items() if (cell := line.cell(column)))
        for line in sorted(near, key=lambda line: line.id)[:8]
    ]


if __name__ == "__main__":
    sys.exit(main())
