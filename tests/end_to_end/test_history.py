"""Runs over time, as a user meets them: new, repeated, resolved, and findings set aside."""

import csv
import io
import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq

from tests.end_to_end.command import claims_audit
from tests.end_to_end.test_command_line import changed, write_csv

OCTOBER = changed(Claim_ID="C1", DOS="10/16/2025")
NOVEMBER = changed(Claim_ID="C2", DOS="11/13/2025")


def run(folder: Path, name: str, *rows: list[str]) -> Path:
    done = claims_audit("run", write_csv(folder / name, *rows), "--select", "TIM001", cwd=folder)
    assert done.code == 0, done.err
    return folder / Path(done.out.strip()).parent


def status(run_folder: Path) -> dict[str, str]:
    rows = pq.read_table(run_folder / "findings.parquet").to_pylist()
    return {row["claim_id"]: row["status"] for row in rows}


def manifest(run_folder: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((run_folder / "manifest.json").read_text(encoding="utf-8"))
    return found


def history(run_folder: Path) -> dict[str, object]:
    """What the manifest says of the run before; its figures over several runs stand in `trend`."""
    found = dict(manifest(run_folder)["history"])  # type: ignore[call-overload]
    return {name: found[name] for name in ("previous", "resolved")}


def counted_once(run_folder: Path) -> str:
    return str(manifest(run_folder)["totals"]["over"]["counted_once"])  # type: ignore[index]


def test_a_finding_seen_in_the_run_before_is_a_repeat(tmp_path: Path) -> None:
    first = run(tmp_path, "october.csv", OCTOBER)
    assert status(first) == {"C1": "new"}
    second = run(tmp_path, "both.csv", OCTOBER, NOVEMBER)
    assert second.name == "2025-10_2025-11"
    assert status(second) == {"C1": "repeat", "C2": "new"}
    assert history(second) == {"previous": "2025-10", "resolved": 0}


def test_a_finding_that_is_gone_is_resolved(tmp_path: Path) -> None:
    run(tmp_path, "october.csv", OCTOBER)
    mended = changed(Claim_ID="C1", DOS="10/16/2025", Units="1")
    second = run(tmp_path, "both.csv", mended, NOVEMBER)
    assert history(second) == {"previous": "2025-10", "resolved": 1}


def test_a_month_that_is_not_in_the_later_run_is_not_resolved(tmp_path: Path) -> None:
    run(tmp_path, "october.csv", OCTOBER)
    assert history(run(tmp_path, "november.csv", NOVEMBER)) == {"previous": "2025-10", "resolved": 0}


def test_running_a_month_again_compares_it_with_the_month_before(tmp_path: Path) -> None:
    run(tmp_path, "november.csv", NOVEMBER)
    assert status(run(tmp_path, "november.csv", NOVEMBER)) == {"C2": "new"}


def test_a_finding_set_aside_is_listed_and_counts_nowhere(tmp_path: Path) -> None:
    before = run(tmp_path, "both.csv", OCTOBER, NOVEMBER)
    assert counted_once(before) == "50.00"
    rows = pq.read_table(before / "findings.parquet").to_pylist()
    wanted = next(row["finding_id"] for row in rows if row["claim_id"] == "C1")
    done = claims_audit("suppress", wanted[:10], "--reason", "checked with the chart", "--until", "2999-01-01", cwd=tmp_path)
    assert done.code == 0, done.err
    after = run(tmp_path, "both.csv", OCTOBER, NOVEMBER)
    assert status(after) == {"C1": "suppressed", "C2": "new"}
    assert counted_once(after) == "25.00"
    assert "checked with the chart" in (after / "report.html").read_text(encoding="utf-8")
    assert (tmp_path / "out" / "suppressions.json").stat().st_mode & 0o777 == 0o600


def test_a_suppression_ends(tmp_path: Path) -> None:
    before = run(tmp_path, "october.csv", OCTOBER)
    wanted = pq.read_table(before / "findings.parquet")["finding_id"][0].as_py()
    claims_audit("suppress", wanted, "--reason", "for a while", "--until", "2999-01-01", cwd=tmp_path)
    ledger = tmp_path / "out" / "suppressions.json"
    ledger.write_text(ledger.read_text(encoding="utf-8").replace("2999", "2020"), encoding="utf-8")
    after = run(tmp_path, "october.csv", OCTOBER)
    assert status(after) == {"C1": "new"}
    warned = [one for one in manifest(after)["warnings"] if "suppression has ended" in one]  # type: ignore[attr-defined]
    assert len(warned) == 1
    assert wanted in warned[0]


def test_what_is_set_aside_is_listed_and_taken_back(tmp_path: Path) -> None:
    before = run(tmp_path, "october.csv", OCTOBER)
    wanted = pq.read_table(before / "findings.parquet")["finding_id"][0].as_py()
    claims_audit("suppress", wanted, "--reason", "read the\nchart", "--until", "2999-01-01", "--by", "desk", cwd=tmp_path)
    listed = claims_audit("suppress", "--list", cwd=tmp_path)
    head = "what\tuntil\tstands\tby\treason\n"
    assert (listed.code, listed.out) == (0, f"{head}{wanted}\t2999-01-01\tin force\tdesk\tread the chart\n")
    assert claims_audit("suppress", wanted[:10], "--lift", cwd=tmp_path).code == 0
    assert claims_audit("suppress", "--list", cwd=tmp_path).out == head
    assert status(run(tmp_path, "october.csv", OCTOBER)) == {"C1": "new"}


def test_a_run_keeps_the_figures_of_the_runs_before_it(tmp_path: Path) -> None:
    run(tmp_path, "october.csv", OCTOBER)
    second = run(tmp_path, "november.csv", NOVEMBER)
    kept = manifest(second)["history"]["trend"]  # type: ignore[index]
    assert [(one["label"], one["over_once"], one["lines_with_error"], one["differs"]) for one in kept] == [
        ("2025-10", "25.00", 1, {}),
        ("2025-11", "25.00", 1, {}),
    ]
    page = (second / "report.html").read_text(encoding="utf-8")
    shutil.rmtree(tmp_path / "out" / "2025-10")
    assert claims_audit("report", second, cwd=tmp_path).code == 0
    assert (second / "report.html").read_text(encoding="utf-8") == page


def test_what_cannot_be_set_aside(tmp_path: Path) -> None:
    run(tmp_path, "october.csv", OCTOBER)
    for arguments, word in [
        (["ffffffffffffffff", "--reason", "x", "--until", "2999-01-01"], "No finding"),
        (["0", "--reason", " ", "--until", "2999-01-01"], "needs a reason"),
        (["", "--reason", "x", "--until", "2999-01-01"], "Say which finding"),
        (["0", "--reason", "x", "--until", "soon"], "--until"),
        (["0", "--reason", "x", "--until", "2020-01-01"], "2020-01-01 is past"),
        (["0", "--until", "2999-01-01"], "--reason"),
        (["0", "--lift", "--reason", "x"], "--lift takes no --reason"),
        (["0", "--list"], "--list takes no finding"),
        (["0", "--lift"], "No finding begins"),
    ]:
        done = claims_audit("suppress", *arguments, cwd=tmp_path)
        assert done.code == 2
        assert word in done.err


def test_a_damaged_memory_is_named_and_the_month_is_audited(tmp_path: Path) -> None:
    run(tmp_path, "october.csv", OCTOBER)
    run(tmp_path, "november.csv", NOVEMBER)
    out = tmp_path / "out"
    (out / "2025-10" / "manifest.json").unlink()
    (out / "2025-11" / "findings.parquet").write_bytes(b"PAR1")
    (out / "suppressions.json").write_text("[{]", encoding="utf-8")
    for name in ("attempts.jsonl", "manifests.jsonl"):
        with (out / name).open("a", encoding="utf-8") as file:
            file.write("{")
    december = run(tmp_path, "december.csv", changed(Claim_ID="C3", DOS="12/16/2025"))
    assert status(december) == {"C3": "new"}
    assert history(december) == {"previous": None, "resolved": None}
    warned = " ".join(manifest(december)["warnings"])  # type: ignore[arg-type]
    for words in (
        "2025-10 is not the folder of a finished run",
        "2025-11/findings.parquet cannot be read",
        "suppressions.json",
        "attempts.jsonl, line 3 is damaged",
        "manifests.jsonl, line 4 is damaged",
    ):
        assert words in warned
    assert claims_audit("suppress", "--list", cwd=tmp_path).code == 3
    assert (out / "suppressions.json").read_text(encoding="utf-8") == "[{]"
    assert "attempts.jsonl, line 3 is damaged" in (out / "index.html").read_text(encoding="utf-8")
    listed = claims_audit("history", "list", cwd=tmp_path)
    assert "2025-12" in listed.out
    assert listed.err.count("Not listed: ") == 2


def test_what_is_gone_is_named_by_whoever_looks_and_the_month_is_audited(tmp_path: Path) -> None:
    first = run(tmp_path, "october.csv", OCTOBER)
    (wanted,) = pq.read_table(first / "findings.parquet")["finding_id"].to_pylist()
    claims_audit("suppress", wanted, "--reason", "settled", "--until", "2999-01-01", cwd=tmp_path)
    run(tmp_path, "november.csv", NOVEMBER)
    out = tmp_path / "out"
    shutil.rmtree(out / "2025-10")
    (out / "suppressions.json").unlink()
    december = write_csv(tmp_path / "december.csv", changed(Claim_ID="C3", DOS="12/16/2025"))
    words = ("run", december, "--select", "TIM001")
    gone = "The run of 2025-10 is in the list of runs, and its folder is gone."
    cut = "suppressions.json held 1 entry on "
    mail = claims_audit(*words, "--log", "line", cwd=tmp_path)
    quiet = claims_audit(*words, "--quiet", cwd=tmp_path)
    assert (mail.code, quiet.code, quiet.out) == (0, 0, "")
    told = [mail.out, quiet.err, claims_audit(*words, cwd=tmp_path).err, claims_audit("history", "list", cwd=tmp_path).err]
    told += [(out / "index.html").read_text(encoding="utf-8"), (out / "2025-12" / "report.html").read_text(encoding="utf-8")]
    verified = claims_audit("verify", "out/2025-11", "--stored", cwd=tmp_path)
    absent = claims_audit("verify", "out/2025-10", cwd=tmp_path)
    assert (verified.code, absent.code) == (0, 3)
    for text in (*told, verified.out, absent.out):
        assert gone in text
        assert cut in text
    listed = claims_audit("suppress", "--list", cwd=tmp_path)
    assert (listed.code, listed.out.count("\n")) == (0, 1)
    assert cut in listed.err
    refused = claims_audit("suppress", "0", "--reason", "x", "--until", "2999-01-01", cwd=tmp_path)
    assert refused.code == 2
    for names, code, said in (
        ((), 2, "Say what is so on purpose"),
        (("2025-10", "--all"), 2, "Say what is so on purpose"),
        (("2025-11",), 2, "Missing or changed: 2025-10, suppressions.json."),
        (("2025-10", "suppressions.json"), 0, "2025-10: on record as so on purpose."),
    ):
        done = claims_audit("history", "accept", *names, cwd=tmp_path)
        assert done.code == code
        assert said in done.err
    assert claims_audit(*words, "--quiet", cwd=tmp_path).err == ""


def test_list_and_compare(tmp_path: Path) -> None:
    run(tmp_path, "october.csv", OCTOBER)
    run(tmp_path, "both.csv", changed(Claim_ID="C1", DOS="10/16/2025", Units="1"), NOVEMBER)
    listed = claims_audit("history", "list", cwd=tmp_path).out
    assert "2025-10 " in listed
    assert "2025-10_2025-11" in listed
    compared = claims_audit("history", "compare", "out/2025-10", "out/2025-10_2025-11", cwd=tmp_path)
    rows = list(csv.DictReader(io.StringIO(compared.out)))
    assert {(row["change"], row["claim_id"]) for row in rows} == {("new", "C2"), ("resolved", "C1")}
    # By the names that the list shows, too; a folder of that name at hand goes first.
    by_name = claims_audit("history", "compare", "2025-10", "2025-10_2025-11", cwd=tmp_path)
    assert (by_name.code, by_name.out) == (0, compared.out)
    (tmp_path / "2025-10").mkdir()
    assert claims_audit("history", "compare", "2025-10", "2025-10_2025-11", cwd=tmp_path).code == 3
    assert claims_audit("history", "compare", "out/nothing", "out/2025-10", cwd=tmp_path).code == 3


def month(folder: Path, *words: str, code: int = 0, units: str = "2") -> str:
    """Audit November, as its lines are now; gives what was said."""
    source = write_csv(folder / "november.csv", changed(Claim_ID="C2", DOS="11/13/2025", Units=units))
    done = claims_audit("run", source, "--select", "TIM001", "--period", "2025-11", *words, cwd=folder)
    assert done.code == code, done.err
    return done.out + done.err


def test_a_period_that_is_final_is_audited_again_only_where_that_is_asked_for(tmp_path: Path) -> None:
    month(tmp_path, "--final")
    out = tmp_path / "out"
    first = manifest(out / "2025-11")["run"]
    refused = month(tmp_path, "--final", code=2, units="1")
    assert "2025-11 is on record as final: run " in refused
    assert "--replace" in refused
    assert manifest(out / "2025-11")["run"] == first
    assert "ended with 2" not in (out / "index.html").read_text(encoding="utf-8"), "nothing is missing"
    told = month(tmp_path, "--replace", "--log", "line", units="1")
    assert "kept: 0 not found then, 0 in both, 1 settled." in told
    assert manifest(out / "2025-11.superseded-1")["run"] == first
    page = (out / "index.html").read_text(encoding="utf-8")
    assert '<a href="2025-11.superseded-1/report.html">2025-11.superseded-1 of 20' in page
    (listed,) = [line for line in claims_audit("history", "list", cwd=tmp_path).out.splitlines() if line.startswith("2025-11")]
    assert listed.split()[1] == "draft"
    assert listed.split()[-1] == "2025-11.superseded-1"
    assert "this run replaces one of" in (out / "2025-11" / "report.html").read_text(encoding="utf-8")
    assert claims_audit("verify", "out/2025-11.superseded-1", "--stored", cwd=tmp_path).code == 0
    month(tmp_path, units="1")
    assert [path.name for path in out.glob("*superseded*")] == ["2025-11.superseded-1"], "a draft goes without a word"


def test_a_final_run_stays_beside_the_same_run_made_again(tmp_path: Path) -> None:
    month(tmp_path, "--final")
    refused = claims_audit("run", "november.csv", "--select", "TIM001", cwd=tmp_path)
    assert "on record as final" in refused.err, "the period is known by its lines too"
    month(tmp_path, "--final", "--replace")
    assert (tmp_path / "out" / "2025-11.superseded-1").is_dir()


def test_a_report_that_is_final_is_on_record_as_final(tmp_path: Path) -> None:
    month(tmp_path)
    page = tmp_path / "out" / "2025-11" / "report.html"
    for words, state, code in (("--final",), "Final", 2), ((), "Final", 2), (("--draft",), "Draft", 0):
        assert claims_audit("report", "out/2025-11", *words, cwd=tmp_path).code == 0
        assert f">{state}<" in page.read_text(encoding="utf-8")
        month(tmp_path, code=code)


def test_decisions_in_a_run_that_was_replaced_since_are_taken(tmp_path: Path) -> None:
    month(tmp_path)
    (old,) = pq.read_table(tmp_path / "out" / "2025-11" / "findings.parquet").to_pylist()
    month(tmp_path, units="1")
    (tmp_path / "decided.csv").write_text(f"finding_id,disposition\n{old['finding_id']},confirm\n", encoding="utf-8")
    done = claims_audit("review", "import", "decided.csv", "--reviewer", "AB", cwd=tmp_path)
    assert done.code == 0
    assert done.err.startswith("1 decision read, 1 new.\n")


def test_latest_leads_to_the_latest_services(tmp_path: Path) -> None:
    for name, row, latest in (("b", NOVEMBER, "2025-11"), ("a", OCTOBER, "2025-11"), ("c", NOVEMBER, "2025-11")):
        run(tmp_path, f"{name}.csv", row)
        assert (tmp_path / "out" / "latest").readlink() == Path(latest)
    december = changed(Claim_ID="C3", DOS="12/16/2025")
    run(tmp_path, "d.csv", NOVEMBER, december)
    assert (tmp_path / "out" / "latest").readlink() == Path("2025-11_2025-12")
    run(tmp_path, "e.csv", december)
    assert (tmp_path / "out" / "latest").readlink() == Path("2025-12"), "of two that end on one day the one put last"


def test_what_is_dismissed_is_counted_alike_everywhere(tmp_path: Path) -> None:
    first = run(tmp_path, "both.csv", OCTOBER, NOVEMBER)
    wanted = pq.read_table(first / "findings.parquet")["finding_id"][0].as_py()
    assert claims_audit("suppress", wanted, "--reason", "settled", "--until", "2999-01-01", cwd=tmp_path).code == 0
    done = claims_audit("run", "both.csv", "--select", "TIM001", "--log", "line", cwd=tmp_path)
    assert " 1 finding: " in done.out
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert all(f'<td class="number" data-label="{name}"><span>1</span></td>' in page for name in ("Findings", "New"))
    assert claims_audit("history", "list", cwd=tmp_path).out.splitlines()[1].split()[-3:-1] == ["1", "$25.00"]
