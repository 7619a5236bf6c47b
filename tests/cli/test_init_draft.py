"""The draft of audit.toml: it loads, it changes no reading, and of patients' data it shows shapes only."""

from pathlib import Path
from typing import Any

import pytest

from audit import intake
from audit.cli import init_draft
from audit.errors import ConfigError
from audit.intake.survey import looks, shape
from audit.pipeline.preview import Preview, preview, reach
from audit.settings import config as configuration
from audit.settings.config import Config

HEADER = "Claim #,Line,Acct #,DOS,CPT,Units,Payer,Filing Indicator,Billed"


def export(folder: Path, *rows: str, header: str = HEADER, name: str = "export.csv") -> Path:
    path = folder / name
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return path


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def line(number: int, payer: str, filing: str = "", code: str = "97140") -> str:
    return f"C{number},1,P{number},2025-11-{number:02},{code},1,{quoted(payer)},{filing},10.00"


def seen(*sources: Path, config_file: Path | None = None) -> Preview:
    settings = configuration.read_settings(config_file)[0] if config_file else configuration.Settings()
    return preview(
        Config(
            sources=tuple(map(str, sources)),
            columns=settings.columns,
            constants=settings.constants,
            payers=tuple(settings.payer),
            select=("CLM001", "TIM001"),
        )
    )


def drafted(folder: Path, *sources: Path) -> Path:
    config = Config(sources=tuple(map(str, sources)), select=("CLM001", "TIM001"))
    survey = intake.survey(intake.find_sources(config.sources))
    out = folder / "audit.toml"
    init_draft.write(init_draft.draft(survey, preview(config), config), out, force=True)
    return out


def policies(told: Preview) -> list[list[Any]]:
    shown = ("payer_name", "payer_id", "claim_filing_indicator", "payer_class", "unit_rule", "follows_ncci", "lines")
    return sorted(([row[name] for name in shown] for row in told.payers), key=str)


def test_a_column_that_one_of_several_files_lacks_is_asked_for_where_others_may_lack_it(tmp_path: Path) -> None:
    known = export(tmp_path, line(3, "Aetna"), name="a.csv")
    other = export(tmp_path, line(4, "Aetna"), header=HEADER.replace("Claim #", "Zorp"), name="b.csv")
    config = Config(sources=(str(known), str(other)))
    text = init_draft.draft(intake.survey([*intake.find_sources(config.sources)]), None, config)
    names = text[text.index("[header_names]") : text.index("[constants]")]
    assert "# OPEN: b.csv has no claim_id; other files have one." in names
    assert '# claim_id = ["' in names
    assert 'claim_id = "Claim #"' not in text.replace('# claim_id: "Claim #"', ""), "it would be the answer for one of them"
    assert "REQUIRED" not in text
    alone = init_draft.draft(intake.survey(intake.find_sources((str(other),))), None, Config(sources=(str(other),)))
    assert "REQUIRED and not found: claim_id" in alone
    assert "[header_names]" not in alone


@pytest.mark.parametrize("payer", ['Acme [West] * "A"', "Acme \\ Co", "N° Ünïon #1", "= '''", "Tab\there", "Medicare Part B"])
def test_any_payer_name_makes_a_draft_that_matches_it(payer: str, tmp_path: Path) -> None:
    source = export(tmp_path, line(1, payer), line(2, payer.upper()), line(3, "Other"))
    draft = drafted(tmp_path, source)
    after = seen(source, config_file=draft)
    assert policies(after) == policies(seen(source))
    assert all(row["decided_by"].startswith("audit.toml") for row in after.payers)


def test_a_payer_that_differs_by_filing_indicator_is_not_pinned_to_one_class(tmp_path: Path) -> None:
    source = export(tmp_path, line(1, "Acme", "16"), line(2, "Acme", "CI"), line(3, "", "MB"))
    draft = drafted(tmp_path, source)
    text = draft.read_text(encoding="utf-8")
    assert "# class = differs by line: commercial, medicare_advantage" in text
    assert "1 line names no payer" in text
    assert policies(seen(source, config_file=draft)) == policies(seen(source))


def test_a_header_that_is_read_in_a_way_of_its_own_is_left_unnamed(tmp_path: Path) -> None:
    header = HEADER.replace("Units", "Units,Hours")
    source = export(tmp_path, *(line(n, "Acme").replace(",97140,1,", ",97140,1,0.5,") for n in (1, 2)), header=header)
    draft = drafted(tmp_path, source)
    assert '# minutes: "Hours"' in draft.read_text(encoding="utf-8")
    after = seen(source, config_file=draft)
    assert next(column.how for column in after.intake.files[0].mapping if column.name == "minutes").startswith("its header says")


def test_files_that_differ_in_their_headers_are_read_as_before(tmp_path: Path) -> None:
    first = export(tmp_path, line(1, "Acme"), name="a.csv")
    second = export(tmp_path, line(2, "Acme"), header=HEADER.replace("CPT", "Proc Code"), name="b.csv")
    draft = drafted(tmp_path, first, second)
    text = draft.read_text(encoding="utf-8")
    assert '# procedure_code: "CPT" in a.csv' in text
    assert '# procedure_code: "Proc Code" in b.csv' in text
    assert seen(first, second, config_file=draft).fates == seen(first, second).fates


def test_a_hostile_header_stays_in_its_comment(tmp_path: Path) -> None:
    header = HEADER + ',"x\n[rules.TIM001]\nmin_excess = 99"'
    draft = drafted(tmp_path, export(tmp_path, line(1, "Acme") + ",y", header=header))
    assert configuration.read_settings(draft)[0].rules == {}


def test_write_leaves_a_file_alone_and_no_half_of_one(tmp_path: Path) -> None:
    out = tmp_path / "audit.toml"
    out.write_text("", encoding="utf-8")
    with pytest.raises(ConfigError, match="exists already"):
        init_draft.write("[audit]\n", out, force=False)
    with pytest.raises(ConfigError):
        init_draft.write("[audit\n", out, force=True)
    assert out.read_text(encoding="utf-8") == ""
    assert [path.name for path in tmp_path.iterdir()] == ["audit.toml"]


def test_cells_are_shown_by_shape_unless_they_are_codes() -> None:
    assert shape("C251100001") == "A#########"
    assert looks("patient_id", ["SMITJO01"]) == ("AAAAAA##",)
    assert looks("procedure_code", ["97140", "97110", "97140"]) == ("97140", "97110")
    assert looks("procedure_code", ["John Smith"]) == ("AAAA AAAAA",)
    assert looks("note_text", ["patient reports pain in the neck"]) == ("text",)
    assert looks("diagnosis_1", ["M54.2"]) == ("A##.#",)


def test_reach_tells_none_from_nothing(tmp_path: Path) -> None:
    told = seen(export(tmp_path, line(1, "Acme")))
    assert [reach(outcome) for outcome in told.outcomes] == ["all", "none"]
    untimed = seen(export(tmp_path, line(1, "Acme", code="99213"), name="b.csv"))
    assert [reach(outcome) for outcome in untimed.outcomes] == ["all", "nothing to examine"]
