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
    """One column of the contract; `aliases` are export headers known to mean it (compared without case or punctuation)."""

    name: str
    kind: Kind
    meaning: str
    aliases: tuple[str, ...] = ()
    required: bool = False


def _numbered(stem: str, count: int, kind: Kind, meaning: str, *aliases: str) -> tuple[Column, ...]:
    return tuple(
        Column(f"{stem}_{n}", kind, f"{meaning} {n}", tuple(alias.format(n=n) for alias in aliases)) for n in range(1, count + 1)
    )


COLUMNS: tuple[Column, ...] = (
    Column("claim_id", Kind.TEXT, "claim control number", ("Claim ID", "Claim #", "Claim No", "Claim Number"), True),
    Column("claim_line_number", Kind.NUMBER, "line number within the claim", ("Line", "Line #", "Line No", "Line Number"), True),
    Column(
        "claim_frequency_code",
        Kind.CODE,
        "1 original, 7 replacement, 8 void",
        ("Frequency", "Freq", "Frequency Code", "Claim Frequency"),
    ),
    Column(
        "original_claim_id",
        Kind.TEXT,
        "the claim that a replacement or void names",
        ("Original Claim", "Original Claim ID", "Orig Claim #", "Original Ref No"),
    ),
    Column("is_void", Kind.FLAG, "the system marks the line as void", ("Is Void", "Void", "Voided", "Is Voided", "Void Flag")),
    Column(
        "is_deleted",
        Kind.FLAG,
        "the system marks the line as deleted",
        ("Is Deleted", "Deleted", "Delete Flag", "Deleted Flag"),
    ),
    Column("claim_status", Kind.TEXT, "state of the claim: paid, denied, pending", ("Status", "Claim Status")),
    Column("encounter_id", Kind.TEXT, "the practice's visit number", ("Encounter", "Encounter ID", "Visit ID", "Visit #")),
    Column(
        "patient_id", Kind.TEXT, "the practice's patient number", ("Patient ID", "Patient #", "Acct #", "Account #", "MRN"), True
    ),
    Column("member_id", Kind.TEXT, "the payer's number for the patient", ("Member ID", "Subscriber ID", "Insured ID", "MBI")),
    Column(
        "service_date", Kind.DATE, "date of service", ("DOS", "Date of Service", "Service Date", "DOS From", "From Date"), True
    ),
    Column("service_date_to", Kind.DATE, "last date of service of the line", ("DOS To", "Service Date To", "To Date")),
    Column("submitted_date", Kind.DATE, "date the claim was sent", ("Submitted", "Date Submitted", "Billed Date", "Date Billed")),
    Column("paid_date", Kind.DATE, "date of payment", ("Paid Date", "Date Paid", "Payment Date")),
    Column(
        "procedure_code",
        Kind.CODE,
        "CPT or HCPCS code",
        ("CPT", "CPT Code", "Procedure", "Procedure Code", "Proc", "Proc Code", "HCPCS", "Billing Code"),
        True,
    ),
    *_numbered("modifier", 4, Kind.CODE, "modifier", "Mod {n}", "Mod{n}", "Modifier {n}", "M{n}"),
    Column("units", Kind.UNITS, "units billed", ("Units", "Qty", "Quantity", "Units Billed", "Billed Units"), True),
    Column(
        "minutes",
        Kind.MINUTES,
        "timed minutes of this line",
        ("Minutes", "Mins", "Timed Minutes", "Treatment Minutes", "Code Minutes"),
    ),
    Column("start_time", Kind.TIME, "clock time at which the line's service began", ("Start", "Start Time", "Time In")),
    Column("end_time", Kind.TIME, "clock time at which the line's service ended", ("End", "End Time", "Time Out")),
    Column(
        "visit_timed_minutes",
        Kind.MINUTES,
        "total timed minutes documented for the visit",
        ("Total Timed Minutes", "Visit Timed Minutes", "Timed Code Minutes"),
    ),
    Column(
        "visit_total_minutes",
        Kind.MINUTES,
        "total treatment minutes documented for the visit",
        ("Total Treatment Minutes", "Total Minutes", "Visit Minutes"),
    ),
    Column("area_minutes", Kind.TEXT, 'minutes by body area, "upper back:10; neck:5"', ("Area Minutes", "Minutes by Area")),
    Column(
        "rendering_npi",
        Kind.TEXT,
        "NPI of the person who treated",
        ("Rendering NPI", "Rend NPI", "Rendering Provider NPI", "Provider NPI", "Therapist NPI"),
    ),
    Column(
        "rendering_taxonomy",
        Kind.CODE,
        "taxonomy code of the person who treated",
        ("Taxonomy", "Rendering Taxonomy", "Provider Taxonomy"),
    ),
    Column("billing_npi", Kind.TEXT, "NPI of the practice that billed", ("Billing NPI", "Group NPI", "Billing Provider NPI")),
    Column(
        "payer_name",
        Kind.TEXT,
        "payer as the practice names it",
        ("Payer", "Payer Name", "Payor", "Insurance", "Insurance Company", "Primary Insurance", "Ins"),
    ),
    Column("payer_id", Kind.TEXT, "electronic payer id", ("Payer ID", "Payor ID", "Insurance ID")),
    Column(
        "claim_filing_indicator",
        Kind.CODE,
        "837 SBR09: MB Part B, MA Part A, 16 Advantage HMO, MC Medicaid, CI commercial ...",
        ("Filing Indicator", "Claim Filing Indicator", "SBR09", "Filing Code"),
    ),
    Column(
        "payer_sequence", Kind.CODE, "P primary, S secondary, T tertiary", ("Payer Sequence", "Ins Sequence", "Coverage Order")
    ),
    Column("place_of_service", Kind.CODE, "two-digit place of service", ("POS", "Place of Service", "Place of Svc")),
    Column(
        "bill_type", Kind.CODE, "type of bill, on institutional claims", ("Bill Type", "Type of Bill", "TOB", "Bill Type Code")
    ),
    Column(
        "revenue_code",
        Kind.CODE,
        "revenue code, on institutional claims",
        ("Revenue Code", "Rev Code", "Rev Cd", "Revenue Center Code", "CLM_LINE_REV_CTR_CD", "REV_CNTR"),
    ),
    *_numbered("diagnosis", 12, Kind.CODE, "ICD-10 code", "Dx {n}", "Dx{n}", "Diagnosis {n}", "ICD {n}", "ICD10 {n}"),
    Column(
        "charge_amount",
        Kind.MONEY,
        "amount charged for the line",
        ("Charge", "Charges", "Billed", "Billed Amount", "Charge Amount"),
    ),
    Column("allowed_amount", Kind.MONEY, "amount allowed for the line", ("Allowed", "Allowed Amount")),
    Column("paid_amount", Kind.MONEY, "amount paid for the line", ("Paid", "Paid Amount", "Payment", "Amount Paid")),
    Column("note_text", Kind.TEXT, "note for this line's service", ("Note", "Notes", "Line Note", "Treatment Note", "Note Text")),
    Column("body_region", Kind.TEXT, "body areas treated", ("Body Region", "Body Area", "Areas Treated", "Region")),
    Column("techniques", Kind.TEXT, "techniques used", ("Techniques", "Technique", "Interventions")),
    Column(
        "clinical_justification",
        Kind.TEXT,
        "why the service was needed",
        ("Clinical Justification", "Justification", "Medical Necessity"),
    ),
    Column(
        "treatment_response",
        Kind.TEXT,
        "how the patient responded",
        ("Treatment Response", "Response", "Patient Response"),
    ),
    Column("location", Kind.TEXT, "clinic or site", ("Location", "Clinic", "Facility", "Site", "Office")),
)

BY_NAME: dict[str, Column] = {column.name: column for column in COLUMNS}
REQUIRED: tuple[str, ...] = tuple(column.name for column in COLUMNS if column.required)
PAYER_COLUMNS: tuple[str, ...] = ("payer_name", "payer_id", "claim_filing_indicator")
MONEY_COLUMNS: tuple[str, ...] = tuple(column.name for column in COLUMNS if column.kind is Kind.MONEY)
