"""The claim-line contract: one row per billed line, and what each column of it means.

Every input format is brought to these columns; rules may rely on them. A column that an export lacks is NULL on every
row, and a rule that needs it says "not evaluated".
"""

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """How the text of a cell is read, and the SQL type it becomes."""

    TEXT = "text"
    CODE = "code"  # as text, but trimmed and upper-cased: procedure, modifier, place of service
    DATE = "date"
    TIME = "clock time"
    MONEY = "amount"
    UNITS = "units"
    MINUTES = "minutes"
    NUMBER = "whole number"
    FLAG = "yes or no"

    @property
    def sql_type(self) -> str:
        """The column's type in DuckDB."""
        return _SQL_TYPE[self]


_SQL_TYPE = {
    Kind.TEXT: "VARCHAR",
    Kind.CODE: "VARCHAR",
    Kind.DATE: "DATE",
    Kind.TIME: "TIME",
    Kind.MONEY: "DECIMAL(12,2)",
    Kind.UNITS: "DECIMAL(9,2)",
    Kind.MINUTES: "INTEGER",
    Kind.NUMBER: "INTEGER",
    Kind.FLAG: "BOOLEAN",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the contract. Which headers of an export mean it: audit/intake/columns/header_names.csv."""

    name: str
    kind: Kind
    meaning: str
    required: bool = False


def _numbered(stem: str, count: int, kind: Kind, meaning: str) -> tuple[Column, ...]:
    return tuple(Column(f"{stem}_{n}", kind, f"{meaning} {n}") for n in range(1, count + 1))


COLUMNS: tuple[Column, ...] = (
    Column("claim_id", Kind.TEXT, "claim control number", required=True),
    Column("claim_line_number", Kind.NUMBER, "line number within the claim", required=True),
    Column("claim_frequency_code", Kind.CODE, "1 original, 7 replacement, 8 void"),
    Column("original_claim_id", Kind.TEXT, "the claim that a replacement or void names"),
    Column("is_void", Kind.FLAG, "the system marks the line as void"),
    Column("is_deleted", Kind.FLAG, "the system marks the line as deleted"),
    Column("claim_status", Kind.TEXT, "state of the claim: paid, denied, pending"),
    Column("line_status", Kind.TEXT, "state of the line, where it has one of its own: it goes before the claim's"),
    Column("denial_mark", Kind.TEXT, "whether the line was denied: yes or no, the date of it, or a word"),
    Column("denial_reason", Kind.TEXT, "why the payer did not pay: adjustment reason codes (835 CAS), or words"),
    Column("cms_adjustment_type", Kind.CODE, "in CMS's claim feeds: 0 original, 1 cancellation, 2 adjustment"),
    Column("cms_control_number", Kind.TEXT, "in CMS's claim feeds: what a claim and its adjustments share"),
    Column("cms_effective_date", Kind.DATE, "in CMS's claim feeds: the day from which this version of the claim counts"),
    Column("cms_processing_indicator", Kind.CODE, "in CMS's files: why the line was paid or not (A, R and S paid)"),
    Column("cms_denial_code", Kind.CODE, "in CMS's files: whether the carrier paid or denied the claim"),
    Column("encounter_id", Kind.TEXT, "the practice's visit number"),
    Column("patient_id", Kind.TEXT, "the practice's patient number", required=True),
    Column("member_id", Kind.TEXT, "the payer's number for the patient"),
    Column("service_date", Kind.DATE, "date of service", required=True),
    Column("service_date_to", Kind.DATE, "last date of service of the line"),
    Column("submitted_date", Kind.DATE, "date the claim was sent"),
    Column("paid_date", Kind.DATE, "date of payment"),
    Column("procedure_code", Kind.CODE, "CPT or HCPCS code", required=True),
    *_numbered("modifier", 4, Kind.CODE, "modifier"),
    Column("units", Kind.UNITS, "units billed", required=True),
    Column("minutes", Kind.MINUTES, "timed minutes of this line"),
    Column("start_time", Kind.TIME, "clock time at which the line's service began"),
    Column("end_time", Kind.TIME, "clock time at which the line's service ended"),
    Column("visit_timed_minutes", Kind.MINUTES, "total timed minutes documented for the visit"),
    Column("visit_total_minutes", Kind.MINUTES, "total treatment minutes documented for the visit"),
    Column("area_minutes", Kind.TEXT, 'minutes by body area, "upper back:10; neck:5"'),
    Column("rendering_npi", Kind.TEXT, "NPI of the person who treated"),
    Column("rendering_taxonomy", Kind.CODE, "taxonomy code of the person who treated"),
    Column("rendering_name", Kind.TEXT, "name of the person who treated: for the report, no rule reads it"),
    Column("billing_npi", Kind.TEXT, "NPI of the practice that billed"),
    Column("payer_name", Kind.TEXT, "payer as the practice names it"),
    Column("payer_id", Kind.TEXT, "electronic payer id"),
    Column(
        "claim_filing_indicator", Kind.CODE, "837 SBR09: MB Part B, MA Part A, 16 Advantage HMO, MC Medicaid, CI commercial ..."
    ),
    Column("payer_sequence", Kind.CODE, "P primary, S secondary, T tertiary"),
    Column("place_of_service", Kind.CODE, "two-digit place of service"),
    Column("bill_type", Kind.CODE, "type of bill, on institutional claims"),
    Column("revenue_code", Kind.CODE, "revenue code, on institutional claims"),
    *_numbered("diagnosis", 12, Kind.CODE, "ICD-10 code"),
    Column("charge_amount", Kind.MONEY, "amount charged for the line"),
    Column("allowed_amount", Kind.MONEY, "amount allowed for the line"),
    Column("paid_amount", Kind.MONEY, "amount paid for the line"),
    Column("note_text", Kind.TEXT, "note for this line's service"),
    Column("body_region", Kind.TEXT, "body areas treated"),
    Column("techniques", Kind.TEXT, "techniques used"),
    Column("clinical_justification", Kind.TEXT, "why the service was needed"),
    Column("treatment_response", Kind.TEXT, "how the patient responded"),
    Column("location", Kind.TEXT, "clinic or site"),
)

BY_NAME: dict[str, Column] = {column.name: column for column in COLUMNS}
REQUIRED: tuple[str, ...] = tuple(column.name for column in COLUMNS if column.required)
PAYER_COLUMNS: tuple[str, ...] = ("payer_name", "payer_id", "claim_filing_indicator")
MONEY_COLUMNS: tuple[str, ...] = tuple(column.name for column in COLUMNS if column.kind is Kind.MONEY)
