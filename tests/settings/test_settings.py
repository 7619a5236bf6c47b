"""Settings that fit nothing, or nothing that can be: each is refused or said, with what would be right."""

import json
import os
import re
from datetime import date
from pathlib import Path

import pytest

from audit.errors import ConfigError
from audit.pipeline.preview import preview
from audit.settings import config, environment
from audit.settings.config import combine
from tests.end_to_end.command import claims_audit
from tests.intake.test_load import read, write

HEADER = "Chart No,Claim ID,Line,DOS,CPT,Mod 1,Units,Minutes,Payer,Charge"
ROW = "11,C1,1,2025-11-13,97110,GP,2,30,Aetna,90"


def settings(folder: Path, text: str) -> Path:
    return write(folder, text, "audit.toml")


@pytest.mark.parametrize(
    ("given", "said", "nearest"),
    [
        ({"patient_id": "Chart Num"}, "maps patient_id to the header 'Chart Num', which no file has", "'Chart No'"),
        ({"charge_amount": "Chargs"}, "maps charge_amount to the header 'Chargs'", "'Charge'"),
        ({"minutes": "Tx Time"}, "maps minutes to the header 'Tx Time'", "'Minutes'"),
        ({"paid_amount": "Chart"}, "maps paid_amount to the header 'Chart'", "init"),  # "Chart No" is the patient's
        ({"claim_id": "Chart No + DOSE"}, "maps claim_id to the header 'DOSE'", "'DOS'"),
    ],
)
def test_a_header_that_no_file_has_is_refused_with_the_nearest(
    given: dict[str, str], said: str, nearest: str, tmp_path: Path
) -> None:
    path = write(tmp_path, f"{HEADER}\n{ROW}\n")
    with pytest.raises(ConfigError) as caught:
        read(path, column_overrides=given)
    assert said in caught.value.message
    assert nearest in caught.value.hint


def test_a_header_that_one_of_several_files_has_is_found(tmp_path: Path) -> None:
    first = write(tmp_path, f"{HEADER}\n{ROW}\n", "a.csv")
    second = write(tmp_path, f"{HEADER.replace('Minutes', 'Tx')}\n{ROW.replace('C1', 'C2')}\n", "b.csv")
    for files in ((first, second), (second, first)):
        _, intake = read(*files, column_overrides={"minutes": "Tx"})
        assert "Tx" in [column.source_column for file in intake.files for column in file.mapping]
    with pytest.raises(ConfigError, match="'Tx Time', which no file has"):
        read(first, second, column_overrides={"minutes": "Tx Time"})


@pytest.mark.parametrize("text", ["[columns]\nminute = 'X'\n", "[constants]\nminute = '1'\n"])
def test_a_column_that_the_contract_lacks_is_refused_with_the_nearest(text: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="The nearest name is minutes"):
        combine(("x.csv",), settings(tmp_path, text), {})


def test_a_payer_pattern_that_fits_no_line_is_said_with_the_nearest_name(tmp_path: Path) -> None:
    path = write(tmp_path, f"{HEADER}\n{ROW}\n")
    given = settings(tmp_path, '[[payer]]\nmatch = ["atena*", "AETNA"]\nclass = "commercial"\n')
    seen = preview(combine((str(path),), given, {"select": ("CLM001",)}))
    (said,) = [warning for warning in seen.intake.warnings if "fits" in warning]
    assert said == "audit.toml: no payer of the export fits 'atena*', in [[payer]] table 1. The nearest is 'Aetna'."


def test_a_payer_pattern_that_fits_by_id_is_not_said(tmp_path: Path) -> None:
    path = write(tmp_path, f"{HEADER},Payer ID\n{ROW},60054\n")
    given = settings(tmp_path, '[[payer]]\nmatch = ["6005?"]\nclass = "commercial"\n')
    assert not [said for said in preview(combine((str(path),), given, {"select": ("CLM001",)})).intake.warnings if "fits" in said]


def test_an_unknown_name_of_the_environment_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAIMS_AUDIT_THREAD", "2")
    with pytest.raises(ConfigError, match=r"CLAIMS_AUDIT_THREAD, which means nothing") as caught:
        combine(("x.csv",), None, {})
    assert "CLAIMS_AUDIT_THREADS" in caught.value.hint
    monkeypatch.delenv("CLAIMS_AUDIT_THREAD")
    monkeypatch.setenv("CLAIMS_AUDIT_THREADS", "2")
    assert combine(("x.csv",), None, {}).threads == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [("filing_days = -1", "filing_days is -1"), ("filing_days = 0", "filing_days is 0"),
     ("yearly_visits = -3", "yearly_visits is -3"), ("daily_units = { 97140 = -2 }", "daily_units of 97140 is -2")],
)  # fmt: skip
def test_a_limit_below_nought_is_refused(text: str, said: str, tmp_path: Path) -> None:
    given = settings(tmp_path, f'[[payer]]\nmatch = ["a*"]\n{text}\n')
    with pytest.raises(ConfigError, match=said):
        combine(("x.csv",), given, {})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('npi = "1234567890"\nname = "A"', "npi '1234567890' is no NPI"),
        ('npi = "1234567893"\nname = " "', "has no name"),
        ('npi = "1234567893"\nname = "A"\n[[provider]]\nnpi = "1234567893"\nname = "B"', "stands in another"),
        ('npi = "1234567893"', "name"),
        ('npi = "1234567893"\nname = "A"\nphone = "1"', "phone"),
    ],
)
def test_a_provider_that_cannot_be_named_so_is_refused(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=said):
        combine(("x.csv",), settings(tmp_path, f"[[provider]]\n{text}\n"), {})


def test_a_provider_has_a_name_and_may_have_a_role(tmp_path: Path) -> None:
    given = settings(tmp_path, '[[provider]]\nnpi = "1234567893"\nname = "Desk 4"\n')
    (one,) = combine(("x.csv",), given, {}).providers
    assert (one.npi, one.name, one.role) == ("1234567893", "Desk 4", "")


def test_limits_of_nought_and_of_a_day_hold(tmp_path: Path) -> None:
    given = settings(tmp_path, '[[payer]]\nmatch = ["a*"]\nfiling_days = 1\nyearly_visits = 0\ndaily_units = { 97140 = 0 }\n')
    assert combine(("x.csv",), given, {}).payers[0].filing_days == 1


@pytest.mark.parametrize(
    ("limit", "right"), [("127MB", False), ("1KB", False), ("128MB", True), ("0.2 GB", True), ("4GiB", True)]
)
def test_memory_that_holds_no_audit_is_refused(limit: str, right: bool) -> None:
    if right:
        assert combine(("x.csv",), None, {"memory_limit": limit}).memory_limit == limit
        return
    with pytest.raises(ConfigError, match="less than an audit needs"):
        combine(("x.csv",), None, {"memory_limit": limit})


@pytest.mark.parametrize("limit", ["much", "4", "-4GB", "GB", "4 parsecs"])
def test_memory_that_is_no_amount_is_refused(limit: str) -> None:
    with pytest.raises(ConfigError, match="is not an amount of memory"):
        combine(("x.csv",), None, {"memory_limit": limit})


def test_threads_beyond_reason_are_refused() -> None:
    assert combine(("x.csv",), None, {"threads": config.MOST_THREADS}).threads == config.MOST_THREADS
    with pytest.raises(ConfigError, match="threads are more than"):
        combine(("x.csv",), None, {"threads": config.MOST_THREADS + 1})


def test_a_folder_of_reference_tables_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is not a folder"):
        combine(("x.csv",), None, {"reference_dir": tmp_path / "absent"})
    assert combine(("x.csv",), None, {"reference_dir": tmp_path}).reference_dir == tmp_path


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("max_rejected = 0.5\n", "`max_rejected` is a key of [audit]. "),
        ("[audit]\nmaxrejected = 0.5\n", "`max_rejected` is a key of [audit]. "),
        ('[audit]\nclass = "commercial"\n', "`class` is a key of "),
        ('[[payer]]\nmatch = ["a*"]\nyearly_visit = 3\n', "`yearly_visits` is a key of [[payer]]. "),
        ('[[payers]]\nmatch = ["a*"]\n', "`payer` is a key of audit.toml itself. "),
        ("zzz = 1\n", "docs/configuration.md lists"),
    ],
)
def test_an_unknown_key_is_answered_with_the_place_of_the_nearest(text: str, meant: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        combine(("x.csv",), settings(tmp_path, text), {})
    assert caught.value.hint.startswith(meant)


def test_a_flag_wins_over_the_environment_and_that_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = '[audit]\nsources = ["a.csv"]\nthreads = 1\nfail_on = "low"\nstrict = true\nentity = "Two Rivers"\nselect = ["tim"]\n'
    given = settings(tmp_path, text)
    monkeypatch.setenv("CLAIMS_AUDIT_THREADS", "2")
    monkeypatch.setenv("CLAIMS_AUDIT_FAIL_ON", "medium")
    monkeypatch.setenv("CLAIMS_AUDIT_MAX_REJECTED", "0.5")
    monkeypatch.setenv("CLAIMS_AUDIT_SELECT", "mod001, clm")
    found = combine((), given, {"fail_on": "high", "strict": False, "ignore": (), "auditor": None})
    assert (found.sources, found.threads, found.fail_on, found.strict, found.entity) == (
        ("a.csv",),
        2,
        "high",
        False,
        "Two Rivers",
    )
    assert (found.max_rejected, found.select, found.auditor) == (0.5, ("MOD001", "CLM"), None)
    assert found.whence == {
        "sources": str(given), "entity": str(given), "threads": "CLAIMS_AUDIT_THREADS", "select": "CLAIMS_AUDIT_SELECT",
        "max_rejected": "CLAIMS_AUDIT_MAX_REJECTED", "fail_on": "the command line", "strict": "the command line",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("THREADS", "many", "CLAIMS_AUDIT_THREADS='many' is not a whole number"),
        ("THREADS", "0", "threads is 0; it must be 1 or more"),
        ("STRICT", "perhaps", "CLAIMS_AUDIT_STRICT='perhaps' is not true or false"),
        ("PHI", "none", "CLAIMS_AUDIT_PHI='none' is none of pseudonym, full, hidden"),
        ("FAIL_ON", "worst", "CLAIMS_AUDIT_FAIL_ON='worst' is none of never, low, medium, high"),
        ("MAX_REJECTED", "1.01", "max_rejected is 1.01"),
        ("MAX_REJECTED", "-0.01", "max_rejected is -0.01"),
        ("RULE_SECONDS", "0", "rule_seconds is 0"),
        ("PERIOD", "2025-13", "neither a month nor a quarter"),
        ("OUT", " ", "CLAIMS_AUDIT_OUT is empty"),
    ],
)
def test_a_variable_that_cannot_be_is_refused(name: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"CLAIMS_AUDIT_{name}", value)
    with pytest.raises(ConfigError, match=re.escape(said)):
        combine(("x.csv",), None, {})


def test_sources_of_a_standing_job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = settings(tmp_path, '[audit]\nsources = ["{period}.csv"]\nperiod = "last-month"\n')
    assert combine((), given, {}, date(2026, 1, 1)).sources == ("2025-12.csv",)
    assert combine((), given, {"period": "2025-Q1"}).sources == ("2025-01.csv", "2025-02.csv", "2025-03.csv")
    monkeypatch.setenv("CLAIMS_AUDIT_SOURCES", "b.csv:c.csv")
    assert combine((), given, {}).sources == ("b.csv", "c.csv")
    assert combine(("d.csv",), given, {}).sources == ("d.csv",)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1765800000")
    assert combine(("{period}",), given, {}).sources == ("2025-11",)
    monkeypatch.delenv("CLAIMS_AUDIT_SOURCES")
    with pytest.raises(ConfigError, match="No SOURCE was named"):
        combine((), None, {})


@pytest.mark.parametrize("seconds", ["9" * 30, "99999999999999"])
def test_a_time_beyond_the_calendar_is_refused(seconds: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", seconds)
    with pytest.raises(ConfigError, match="is no time"):
        environment.now()


def test_folders_of_rules_stand_beside_the_file_that_names_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own").mkdir()
    given = settings(tmp_path, '[audit]\nrule_folders = ["own"]\n')
    assert combine(("x.csv",), given, {}).rule_folders == (tmp_path / "own",)
    monkeypatch.setenv("CLAIMS_AUDIT_RULE_FOLDERS", str(tmp_path))
    assert combine(("x.csv",), given, {}).rule_folders == (tmp_path,)
    with pytest.raises(ConfigError, match="The folder of rules nowhere is not a folder"):
        combine(("x.csv",), given, {"rule_folders": ("nowhere",)})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xef\xbb\xbf[audit]\nthreads = 2\n", ""),
        ("[audit]\nthreads = 2\n".encode("utf-16"), "is not UTF-8 text"),
        (b"[audit]\nentity = '\xe9'\n", "is not UTF-8 text"),
        (b"x = " + b"[" * 100_000, "audit.toml"),
        (b"[audit]\nthreads = 1\nthreads = 2\n", "audit.toml: "),
        (b"[audit]\nthreads = 2\n#" + b"x" * 5_000_000, "is too large"),
        (b"\0", "audit.toml: "),
    ],
)
def test_an_odd_audit_toml_is_a_sentence(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "audit.toml"
    path.write_bytes(content)
    if not said:
        assert combine(("x.csv",), path, {}).threads == 2
        return
    with pytest.raises(ConfigError, match=re.escape(said)):
        combine(("x.csv",), path, {})


def test_a_pipe_in_the_place_of_audit_toml_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "audit.toml")
    with pytest.raises(ConfigError, match="is not a file"):
        combine(("x.csv",), tmp_path / "audit.toml", {})


def test_the_settings_in_force_are_printed_with_whence_they_come(tmp_path: Path) -> None:
    settings(tmp_path, '[audit]\nentity = "Two [bold]Rivers"\n[[payer]]\nmatch = ["a*"]\n')
    words = ("config", "x.csv", "--period", "2025-q4", "--no-strict")
    done = claims_audit(*words, "--format", "json", cwd=tmp_path, CLAIMS_AUDIT_THREADS="2")
    assert done.code == 0, done.err
    told = {one["setting"]: (one["value"], one["from"]) for one in json.loads(done.out)}
    assert set(config.AuditSection.__struct_fields__) <= set(told)
    assert told["period"] == ("2025-Q4", "the command line")
    assert told["strict"] == (False, "the command line")
    assert told["threads"] == (2, "CLAIMS_AUDIT_THREADS")
    assert told["entity"] == ("Two [bold]Rivers", "audit.toml")
    assert told["phi"] == ("pseudonym", "default")
    assert told["[[payer]]"] == (1, "audit.toml")
    table = claims_audit(*words, cwd=tmp_path).out
    assert re.search(r"entity +Two \[bold\]Rivers +audit.toml", table)
    assert re.search(r"threads +- +default", table)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[audit]\nentitiy = 'a'", "[audit] has no key 'entitiy'."),
        ("[audits]\na = 1", "The file has no key 'audits'."),
        ("[[payer]]\nmatch = ['a']\n[[payer]]\nunitrule = 'cms'", "[[payer]] table 2 has no key 'unitrule'."),
        ("[[payer]]\nclass = 'blues'", "[[payer]] table 1 lacks match."),
        ("[audit]\nentity = 5", "[audit] entity must be text between quotation marks, and is a whole number."),
        ("[audit]\nsources = 'x.csv'", "[audit] sources must be a list in [brackets], and is text between quotation marks."),
        ("[audit]\nselect = [1]", "An entry of [audit] select must be text between quotation marks, and is a whole number."),
        ("[audit]\nfinal = 'yes'", "[audit] final must be true or false, and is text between quotation marks."),
        ("[rules]\nTIM001 = 5", "A value of [rules] must be a table, and is a whole number."),
        ("audit = 5", "[audit] must be a table, and is a whole number."),
        (
            "[audit]\nphi = 'psuedonym'",
            "[audit] phi is 'psuedonym', which is none of pseudonym, full, hidden; the nearest is pseudonym.",
        ),
        ("[[payer]]\nmatch = ['a']\nclass = 'medcare_ffs'", "; the nearest is medicare_ffs."),
        ('[audit]\n"\\u202e\\u0007x" = 1', "[audit] has no key '??x'."),
        (f"[audit]\n{'k' * 5000} = 1", f"[audit] has no key '{'k' * 40}...'."),
        ("[audit]\nsources = ['x/{perod}.csv']", "has {perod}, which means nothing.\nThe nearest is {period}."),
    ],
)
def test_a_fault_is_told_in_the_words_of_who_wrote_the_file(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "audit.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as told:
        combine((), tmp_path / "audit.toml", {})
    assert said in str(told.value)


@pytest.mark.parametrize("kind", ["folder", "pipe", "link"])
def test_what_is_called_audit_toml_and_is_none_is_not_passed_over(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "audit.toml"
    {"folder": path.mkdir, "pipe": lambda: os.mkfifo(path), "link": lambda: path.symlink_to("nowhere")}[kind]()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match=r"audit\.toml is (not a file|a link that leads nowhere)"):
        combine(("x.csv",), None, {})
