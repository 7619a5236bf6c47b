"""Runs the program on a random export, reads its findings back and tells what the oracle sees otherwise."""

import json
import re
import shlex
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq

from tests.end_to_end.command import Finished, claims_audit
from tests.oracle_rules import random_lines
from tests.oracle_rules.explained import explain, listed
from tests.oracle_rules.lines import Export, LineId
from tests.oracle_rules.once import counted_once
from tests.oracle_rules.payers import Settings
from tests.oracle_rules.reading import judge
from tests.oracle_rules.results import Finding, Results
from tests.oracle_rules.states import load

# Rules that this oracle reads: SQL and oracle agree in flags, direction and cents, but for the kinds of explained.toml. Rules of
# notes and of patterns over peers are tested elsewhere.
READ = (
    *("TIM001", "TIM002", "TIM003", "TIM004", "TIM005", "TIM006", "TIM007", "TIM008", "TIM009", "TIM010", "TIM011"),
    *("TIM013", "TIM014", "TIM015", "TIM016"),
    *("MOD001", "MOD002", "MOD003", "MOD004", "MOD005", "MOD006", "MOD007", "MOD008", "MOD009", "MOD011"),
    *("MAN003", "MAN005", "MAN006", "MAN008"),
    *("MED001", "MED002", "MED003", "MED004", "MED005", "MED006", "MED007", "MED008", "MED009", "MED010", "MED011", "MED012"),
    *("MED013", "MED014", "MED015", "MED016", "MED017", "MED018", "MED019", "MED020"),
    *("CLM001", "CLM002", "CLM003", "CLM004", "CLM005", "CLM006", "CLM007"),
    *("DOC003", "DOC004", "DOC005"),
)
# Shapes of which a share stands in the suite; without modifiers too few rules are asked.
SHARED_SHAPES: tuple[str, ...] = ("plain", "full", "totals", "clocks", "charges", "allowed", "not_covered", "one_practice")
COMMAND = Path(sys.executable).with_name("claims-audit")
UNKNOWN_KEY = re.compile(rf"\b({'|'.join(line.split(' = ')[0] for line in random_lines.NEW_KEYS.split(chr(10)) if line)})\b")

# Keys that the program has refused, so that it is asked once.
_unknown_keys: set[str] = set()


@dataclass
class Theirs:
    """One finding of the program."""

    rule: str
    lead: LineId
    direction: str
    amounts: dict[LineId, Decimal]


@dataclass
class Difference:
    """One subject on which the two readings differ."""

    rule: str
    members: frozenset[LineId]
    ours: str
    theirs: str


@dataclass
class Comparison:
    """One export judged twice."""

    export: Export
    results: Results
    differences: list[Difference]
    over: Decimal | None
    notes: list[str]
    flagged: dict[str, int]
    unjudged: dict[str, tuple[int, int]]
    explained: Counter[str]


def run_program(claims: Path, config: Path, out: Path, select: tuple[str, ...] = (), command: str = "") -> tuple[str, list[str]]:
    """Runs claims-audit, in this process where no command is given.

    Keys that today's program does not know are dropped from audit.toml, and named.
    """
    notes: list[str] = []
    call = ["run", str(claims), "--config", str(config), "--out", str(out), "--threads", "2"]
    if select:
        call += ["--select", ",".join(select)]
    _drop(config, _unknown_keys)
    while True:
        done = _in_its_own_process([*shlex.split(command), *call]) if command else claims_audit(*call, cwd=out.parent)
        unknown = UNKNOWN_KEY.search(done.err) if done.code == 2 else None
        if unknown is None:
            break
        notes.append(f"the program knows no key {unknown[1]}")
        _unknown_keys.add(unknown[1])
        _drop(config, _unknown_keys)
    # 4: a rule failed; the others are told all the same, and this one differs wherever the oracle finds something.
    notes += re.findall(r"Rule \w+ failed", done.err)
    if done.code not in (0, 4) or (done.code == 4 and not list(out.glob("*/findings.parquet"))):
        raise RuntimeError(f"claims-audit ended with {done.code}: {done.err[-2000:]}")
    return done.out + done.err, notes


def _in_its_own_process(call: list[str]) -> Finished:
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    return Finished(done.returncode, done.stdout, done.stderr)


def _drop(config: Path, keys: set[str]) -> None:
    kept = [line for line in config.read_text(encoding="utf-8").splitlines() if line.split(" = ")[0] not in keys]
    config.write_text("\n".join(kept) + "\n", encoding="utf-8")


def read_findings(out: Path) -> list[Theirs]:
    """The program's findings with the amounts of their lines."""
    folder = next(out.glob("*/findings.parquet")).parent
    amounts: dict[str, dict[LineId, Decimal]] = defaultdict(dict)
    for line in pq.read_table(folder / "finding_lines.parquet").to_pylist():
        if line["amount_at_risk"]:
            amounts[line["finding_id"]][line["claim_id"], line["claim_line_number"]] = line["amount_at_risk"]
    return [
        Theirs(f["rule_id"], (f["claim_id"], f["claim_line_number"]), f["direction"], amounts[f["finding_id"]])
        for f in pq.read_table(folder / "findings.parquet").to_pylist()
    ]


def differences(rule: str, ours: list[Finding], theirs: list[Theirs]) -> Iterator[Difference]:
    """Subjects that one flags and the other does not, or with other cents or direction.

    Findings belong together where they share a line (of theirs the lead line): those of one subject are added up.
    """
    subject_of: dict[LineId, frozenset[LineId]] = {}
    for members in [finding.members for finding in ours] + [frozenset([their.lead]) for their in theirs]:
        joined = members.union(*(subject_of.get(line, frozenset()) for line in members))
        subject_of |= dict.fromkeys(joined, joined)
    mine: dict[frozenset[LineId], list[Finding]] = defaultdict(list)
    told: dict[frozenset[LineId], list[Theirs]] = defaultdict(list)
    for finding in ours:
        mine[subject_of[min(finding.members)]].append(finding)
    for their in theirs:
        told[subject_of[their.lead]].append(their)
    for members in {**mine, **told}:
        us = _telling((f.direction, f.amount) for f in mine.get(members, []))
        them = _telling((t.direction, sum(t.amounts.values(), Decimal(0))) for t in told.get(members, []))
        if us != them:
            yield Difference(rule, members, us, them)


def _telling(findings: Iterator[tuple[str, Decimal]]) -> str:
    found = list(findings)
    if not found:
        return "nothing"
    return f"{'+'.join(sorted({direction for direction, _ in found}))} {sum((amount for _, amount in found), Decimal(0)):.2f}"


def compare(folder: Path, seed: int, shape: str, count: int, select: tuple[str, ...] = (), command: str = "") -> Comparison:
    """Writes an export into `folder`, judges it twice and compares."""
    claims, config = random_lines.write(folder, seed, shape, count)
    return compare_export(claims, config, select, command)


def compare_export(claims: Path, config: Path, select: tuple[str, ...] = (), command: str = "") -> Comparison:
    """An export judged twice, and what the two tell otherwise."""
    out = claims.parent / "out"
    said, notes = run_program(claims, config, out, select, command)
    theirs: dict[str, list[Theirs]] = defaultdict(list)
    for their in read_findings(out):
        theirs[their.rule].append(their)
    settings = Settings.of(config)
    export = load(claims, settings)
    results = judge(export)
    rules = [rule for rule in READ if not select or rule in select]
    found = [d for rule in rules for d in differences(rule, results.findings.get(rule, []), theirs[rule])]

    def judged_again(rule: str, way: frozenset[str]) -> Iterator[Difference]:
        return differences(rule, judge(replace(export, other_readings=way)).findings.get(rule, []), theirs[rule])

    left, explained = explain(found, judged_again)
    headline = re.search(r"Potential overpayment: \$([\d,.]*\d)", said)
    over = Decimal(headline[1].replace(",", "")) if headline else None
    counts = re.search(r"Read ([\d,]+) rows? = ([\d,]+) audited \+ ([\d,]+) excluded", said)
    if counts and (int(counts[2].replace(",", "")), int(counts[3].replace(",", ""))) != (len(export.lines), len(export.excluded)):
        notes.append(f"{counts[0]}, not {len(export.lines)} audited + {len(export.excluded)} excluded")
    flagged = {rule: len(results.findings.get(rule, [])) for rule in rules}
    told = _unjudged_by_program(out)
    unjudged = {rule: (len(results.unjudged.get(rule, ())), told.get(rule, 0)) for rule in rules}
    return Comparison(export, results, left, over, notes, flagged, unjudged, explained)


def _unjudged_by_program(out: Path) -> dict[str, int]:
    manifest = json.loads(next(out.glob("*/manifest.json")).read_text(encoding="utf-8"))
    return {rule["id"]: sum(entry["count"] for entry in rule["not_evaluated"]) for rule in manifest["rules"]}


def over_of(comparison: Comparison) -> Decimal:
    """The oracle's dollars over the rules compared, each counted once; explained kinds are read as the program does."""
    everything = replace(comparison.export, other_readings=frozenset(kind.name for kind in listed()))
    return counted_once(everything, judge(everything), comparison.flagged)
