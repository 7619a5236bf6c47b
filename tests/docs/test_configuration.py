"""docs/configuration.md leaves out no key, variable or flag; docs/claim-line.md says what the contract says."""

import importlib.util
import re
from typing import Any

import click
import msgspec
import pytest

from audit import contract
from audit.cli.front_door import cli
from audit.settings import audit_toml, config
from tests.house.checkout import ROOT

PAGE = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
STRUCTS = {"[audit]": config.AuditSection, "[[payer]]": config.PayerSetting, "[[lexicon]]": config.LexiconTerm}


def section(heading: str) -> str:
    return PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("heading", STRUCTS)
def test_every_key_is_explained_and_no_other(heading: str) -> None:
    keys = {field.encode_name for field in msgspec.structs.fields(STRUCTS[heading])}
    cells = re.findall(r"^\| (`.*?) \|", section(heading), re.MULTILINE)
    assert {key for cell in cells for key in re.findall(r"`(\w+)`", cell)} == keys


def test_every_table_of_audit_toml_has_its_section() -> None:
    named = {re.sub(r"[\[\]]|\.ID", "", heading) for heading in re.findall(r"^## (\[.*\])$", PAGE, re.MULTILINE)}
    assert named == {field.encode_name for field in msgspec.structs.fields(config.Settings)}


@pytest.mark.parametrize("choice", ["PayerClass", "FailOn", "Phi"])
def test_every_value_of_a_choice_is_named(choice: str) -> None:
    values: tuple[str, ...] = getattr(audit_toml, choice).__args__
    assert all(f"`{value}`" in PAGE or f" {value} " in PAGE or f"`--phi {value}`" in PAGE for value in values)


def test_every_variable_is_named() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "audit").rglob("*.py")))
    used = set(re.findall(r"CLAIMS_AUDIT_[A-Z_]+[A-Z]|SOURCE_DATE_EPOCH", source))
    used |= {f"CLAIMS_AUDIT_{name.upper()}" for name in config.AuditSection.__struct_fields__}
    rows = re.findall(r"^\| `(CLAIMS_AUDIT_\w+|SOURCE_DATE_EPOCH)` ", section("Environment"), re.MULTILINE)
    assert sorted(rows) == sorted(used - {"CLAIMS_AUDIT_"})


def test_every_key_is_a_flag_of_run() -> None:
    command: Any = cli.commands["run"]
    assert set(config.AuditSection.__struct_fields__) <= {param.name for param in command.params}


def test_every_flag_of_run_is_named() -> None:
    command: Any = cli.commands["run"]
    flags = {
        option for param in command.params if isinstance(param, click.Option) for option in (*param.opts, *param.secondary_opts)
    }
    assert set(re.findall(r"(--[a-z][a-z-]+)", section("Flags of `run`").partition("`claims-audit")[0])) == flags


def test_the_contract_page_has_not_drifted() -> None:
    spec = importlib.util.spec_from_file_location("claim_line_page", ROOT / "docs" / "claim_line.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (ROOT / module.PAGE).read_text(encoding="utf-8") == module.text(), "run `make docs`"
    assert all(f"`{column.name}`" in module.text() for column in contract.COLUMNS)
