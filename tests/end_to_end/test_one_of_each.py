"""One of a thing is told in the singular, wherever a reader meets it: terminal, check, report, card, rules.sql."""

import re
from pathlib import Path

from tests.end_to_end.command import claims_audit

HEADER = "Claim ID,Line,Patient ID,DOS,CPT,Mod 1,Units,Minutes,Payer,Rendering NPI,Paid,Note"
LINE = "C1,1,P1,11/13/2025,97124,GP,2,22,Medicare Part B,1234567893,$50.00,kneading of the low back"
BLANK = ",,,,,,,,,,,"
_MANY = re.compile(
    r"(?<![\d,.\u2212-])1 (?:\w+ )?(?:rows|lines|claims|findings|checks|visits|units|rules|files|columns|patients|providers|days|"
    r"times|amounts|minutes|others|choices|totals|cells|dates|notes|payers|parts|have|hold|are|were|show|need)\b"
)


def told_wrong(text: str) -> list[str]:
    plain = re.sub(r"<(script|style|pre|svg).*?</\1>|<[^>]+>", "\n", text, flags=re.DOTALL)
    return _MANY.findall(plain)


def test_the_pattern_knows_the_singular() -> None:
    assert told_wrong("1 row. 11 rows, 2.1 units and 1 unit; -1 units; TIM001 rules") == []
    assert told_wrong("<p>1 rows</p> <b>1 claim lines</b> in 1 findings") == ["1 rows", "1 claim lines", "1 findings"]


def test_one_of_each_is_told_in_the_singular(tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_text(f"{HEADER}\n{LINE}\n{BLANK}\n", encoding="utf-8")
    run = claims_audit("run", "one.csv", "--select", "TIM001", "--fail-on", "never", cwd=tmp_path)
    assert run.code == 0, run.err
    assert "Read 1 row = 1 audited" in run.err
    assert "each dollar counted once, in 1 finding." in run.err
    check = claims_audit("check", "one.csv", cwd=tmp_path)
    folder = tmp_path / "out" / "2025-11"
    pages = [path.read_text(encoding="utf-8") for path in (folder / "report.html", *(folder / "providers").iterdir())]
    assert len(pages) == 2
    again = claims_audit("report", folder, cwd=tmp_path)
    init = claims_audit("init", "one.csv", cwd=tmp_path)
    for text in (run.err, check.out, check.err, again.err, init.out, init.err, *pages):
        assert told_wrong(text) == []
