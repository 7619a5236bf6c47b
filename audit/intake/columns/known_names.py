"""Names that billing systems, clearinghouses and CMS files give to the contract's columns, beyond its everyday aliases.

Compared without case and punctuation. `STRONG` names mean the column; `WEAK` ones mean it where nothing stronger stands
in the file; `STAND_INS` are contract columns that serve for a required one that the export truly lacks.
"""

from collections.abc import Mapping

_ORDINALS = ("1ST", "2ND", "3RD", "4TH")

STRONG: Mapping[str, tuple[str, ...]] = {
    "claim_id": ("CUR_CLM_UNIQ_ID", "CLM_ID", "Claim Control Number", "ICN", "Invoice Number", "Invoice #"),
    "claim_line_number": ("LINE_NUM", "CLM_LINE_NUM", "Line Item", "Service Line"),
    "claim_frequency_code": ("CLM_FREQ_CD", "Claim Frequency Code"),
    "encounter_id": ("Appointment ID", "Appt ID"),
    "patient_id": ("MRN", "Client ID", "Person ID", "BENE_ID", "Pt ID", "PtID", "Patient Number", "Chart #", "Chart Number"),
    "member_id": (
        "Mbr #", "Mbr ID", "Subscriber #", "Medicare ID", "BENE_MBI_ID", "Policy Number", "Policy #", "Insured #", "Member",
    ),
    "service_date": (
        "ServiceStartDate", "Session Date", "LINE_1ST_EXPNS_DT", "CLM_LINE_FROM_DT", "claim_line_start_date", "Visit Date",
        "DETAILSVCDATE", "Svc Date", "Treatment Date", "Start Date of Service",
    ),
    "service_date_to": (
        "ServiceEndDate", "LINE_LAST_EXPNS_DT", "CLM_LINE_THRU_DT", "claim_line_end_date", "End Date of Service", "TODATE",
    ),
    "paid_date": ("Check Date", "Remit Date"),
    "procedure_code": (
        "CLM_LINE_HCPCS_CD", "HCPCS_CD", "HCPCS Code", "ProcedureCodeString", "therapy_code", "Submitted CPT", "CPT/HCPCS",
        "Service Code", "Charge Code",
    ),
    "units": (
        "UnitsOfService", "Sub Quantity", "service_unit_quantity", "LINE_SRVC_CNT", "CLM_LINE_SRVC_UNIT_QTY", "Unit",
        "Days/Units",
    ),
    "minutes": ("TimeWorkedInMins", "Duration (min)", "Duration Minutes", "Time (min)"),
    "start_time": ("TimeWorkedFrom", "Session Start", "Begin Time"),
    "end_time": ("TimeWorkedTo", "Session End", "Stop Time"),
    "rendering_npi": ("PRF_PHYSN_NPI", "RNDRG_PRVDR_NPI_NUM", "Treating NPI"),
    "rendering_taxonomy": ("Taxonomy Code",),
    "billing_npi": ("ORG_NPI_NUM", "Practice NPI"),
    "payer_name": ("PayorName", "PrimaryInsuranceCompanyName", "FSC", "Carrier", "Primary Payer", "Primary Insurance Name"),
    "place_of_service": (
        "ServiceLocationPlaceOfServiceCode", "place_of_service_code", "LINE_PLACE_OF_SRVC_CD", "CLM_POS_CD", "POS Code",
    ),
    "charge_amount": (
        "TotalCharges", "LINE_SBMTD_CHRG_AMT", "ClientCharges", "Chg", "Total Charge", "Billed Charges", "Charged Amount",
        "Total Fee",
    ),
    "allowed_amount": ("LINE_ALOWD_CHRG_AMT", "CLM_LINE_ALOWD_CHRG_AMT", "Allowable"),
    "paid_amount": ("LINE_NCH_PMT_AMT", "CLM_LINE_CVRD_PD_AMT", "Insurance Paid", "Ins Paid", "Total Paid", "Payments"),
    "location": ("Clinic Name", "Facility Name", "ServiceLocationName", "Service Location"),
    **{
        f"modifier_{n}": (
            f"ProcedureModifier{n}", f"hcpcs_modifier_{n}", f"HCPCS_{n}_MDFR_CD", f"HCPCS_{_ORDINALS[n - 1]}_MDFR_CD",
        )
        for n in range(1, 5)
    },
    **{
        f"diagnosis_{n}": (
            f"diagnosis_code_{n}", f"DiagnosisCode{n}", f"CLM_DGNS_{n}_CD", f"ICD_DGNS_CD{n}", f"ICD-10 Dx {n}", f"Diag {n}",
        )
        for n in range(1, 13)
    },
}  # fmt: skip
_FIRST_DIAGNOSIS = ("Primary Diagnosis", "treating_diagnosis", "LINE_ICD_DGNS_CD", "CLM_LINE_DGNS_CD")

WEAK: Mapping[str, tuple[str, ...]] = {
    "service_date": ("FROMDATE", "From Date", "claim_start_date", "CLM_FROM_DT", "DateTimeFrom", "Date"),
    "service_date_to": ("claim_end_date", "CLM_THRU_DT"),
    "patient_id": ("Account #", "Acct #", "Account Number", "Acct No"),
    "start_time": ("DateTimeFrom",),
    "end_time": ("DateTimeTo",),
    "note_text": ("Notes", "Comments"),
    "payer_name": ("Ins", "Plan", "Health Plan"),
    "diagnosis_1": ("Dx", "Diagnosis", "ICD", "ICD-10", "Diagnosis Code", "Dx Code", *_FIRST_DIAGNOSIS),
    "modifier_1": ("Modifier", "Modifiers", "Mod", "Mods", "CPT Modifier"),
    "charge_amount": ("Total", "Amount"),
}

# A claim's own date, for the lines of it on which the line's date is blank (institutional claims leave it so).
FILLS: Mapping[str, tuple[str, ...]] = {"service_date": ("claim_start_date", "CLM_FROM_DT")}

# Headers that say their minutes are hours: "0.75", or "0:45".
HOURS: tuple[str, ...] = (
    "TimeWorkedInHours",
    "Hours",
    "Time (hours)",
    "Duration (hours)",
    "Duration (hh:mm)",
    "Duration (h:mm)",
    "Time (hh:mm)",
    "Time (h:mm)",
    "Hrs",
)

STAND_INS: Mapping[str, tuple[str, ...]] = {"claim_id": ("encounter_id",), "patient_id": ("member_id",)}
