"""Header lines of real exports, each with rows in its own habits, read end to end without configuration."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from audit.errors import InputError
from tests.unit.test_intake_load import read, rows, write


@dataclass(frozen=True)
class Export:
    """`columns` of the first row, as text, where the export can be read; else what its refusal must name."""

    text: str
    columns: dict[str, str] = field(default_factory=dict)
    refused: tuple[str, ...] = ()
    overrides: dict[str, str] = field(default_factory=dict)


EXPORTS = {
    "webpt": Export(
        '\ufeff"Clinic Name","Case Name","Visit ID","Patient Name","Patient DOB","Date of Service","Primary Insurance",'
        '"Place of Service","Treating Diagnosis","Modifier","CPT Code","Units"\n'
        'North,Case 1,V7,"Last, First",01/02/1980,11/13/2025,Aetna,11,M54.50,"59, GP",97140,2\n',
        refused=("patient_id", "'Patient Name' holds names"),
    ),
    "webpt, with the name taken for the patient": Export(
        '\ufeff"Clinic Name","Visit ID","Patient Name","Date of Service","Primary Insurance","Modifier","CPT Code","Units"\n'
        'North,V7,"Last, First",11/13/2025,Aetna,"59, GP",97140,2\n',
        {"claim_id": "V7", "claim_line_number": "1", "modifier_1": "59", "modifier_2": "GP", "payer_name": "Aetna"},
        overrides={"patient_id": "Patient Name"},
    ),
    "kareo charges": Export(
        "ID,EncounterID,PatientID,PatientName,PatientDateOfBirth,ServiceStartDate,ServiceEndDate,PostingDate,ProcedureCode,"
        "ProcedureModifier1,ProcedureModifier2,ProcedureName,Units,Minutes,UnitCharge,TotalCharges,AllowedAmount,"
        "PrimaryInsuranceCompanyName,ServiceLocationPlaceOfServiceCode,LineNote,Status\n"
        "9,E1,P1,A B,1/2/1980,11/13/2025,11/13/2025,11/15/2025,97124,59,GP,x,2.0,30,60.00,120.00,80.5,BCBS,11,rubbed,Closed\n",
        {"claim_id": "E1", "service_date": "2025-11-13", "modifier_1": "59", "units": "2.00", "minutes": "30",
         "charge_amount": "120.00", "payer_name": "BCBS", "place_of_service": "11", "note_text": "rubbed"},
    ),
    "central reach": Export(
        "Id,ClientId,ClientFirstName,ProviderId,DateOfService,TimeWorkedFrom,TimeWorkedTo,TimeWorkedInHours,UnitsOfService,"
        "ProcedureCodeString,PayorName,Location,ClientCharges,AmountPaid,Claim Number\n"
        "1,C9,Ann,5,2025-11-13T00:00:00.0000000,9:05 AM,9:50 AM,0.75,3,97140: Hands on the neck,Aetna,11: Office,90,45,K1\n",
        {"claim_id": "K1", "patient_id": "C9", "service_date": "2025-11-13", "start_time": "09:05:00", "minutes": "45",
         "procedure_code": "97140", "units": "3.00", "charge_amount": "90.00", "paid_amount": "45.00"},
    ),
    "central reach, without a claim number": Export(
        "Id,ClientId,DateOfService,TimeWorkedInMins,UnitsOfService,ProcedureCode,PayorName\n1,C9,2025-11-13,45,3,97140,Aetna\n",
        refused=("claim_id (claim control number)",),
    ),
    "simple practice, Charge twice": Export(
        "Date of Service,Client,Clinician,Billing Code,Primary Insurance,Rate per Unit,Units,Charge,Paid,Unpaid,Charge,Paid\n"
        "04/27/2026 12:00,A B,C D,97124,Aetna,60,2,120,0,120,120,0\n",
        refused=("'Charge' (column 8) and 'Charge' (column 11)",),
    ),
    "tuva": Export(
        "claim_id,claim_line_number,person_id,payer,claim_start_date,claim_line_start_date,place_of_service_code,"
        "service_unit_quantity,hcpcs_code,hcpcs_modifier_1,hcpcs_modifier_2,rendering_npi,paid_amount,diagnosis_code_1\n"
        "T1,1,P1,medicare,2025-11-13,,11,1,97140,GP,,1245319599,10.5,M5450\n",
        {"patient_id": "P1", "payer_name": "medicare", "service_date": "2025-11-13", "units": "1.00", "modifier_1": "GP",
         "diagnosis_1": "M5450", "rendering_npi": "1245319599"},
    ),
    "cclf 5": Export(
        "CUR_CLM_UNIQ_ID,CLM_LINE_NUM,BENE_MBI_ID,CLM_FROM_DT,CLM_THRU_DT,CLM_POS_CD,CLM_LINE_FROM_DT,CLM_LINE_THRU_DT,"
        "CLM_LINE_HCPCS_CD,CLM_LINE_CVRD_PD_AMT,RNDRG_PRVDR_NPI_NUM,CLM_LINE_ALOWD_CHRG_AMT,CLM_LINE_SRVC_UNIT_QTY,"
        "HCPCS_1_MDFR_CD,HCPCS_2_MDFR_CD,CLM_DGNS_1_CD,Payer\n"
        "1,2,1EG4TE5MK73,2025-11-13,2025-11-13,11,2025-11-13,2025-11-13,97124,20,1245319599,25,1,59,GP,M5450,Medicare\n",
        {"claim_id": "1", "claim_line_number": "2", "patient_id": "1EG4TE5MK73", "member_id": "1EG4TE5MK73",
         "modifier_2": "GP", "paid_amount": "20.00", "allowed_amount": "25.00", "diagnosis_1": "M5450"},
    ),
    "ccw carrier": Export(
        "DML_IND|BENE_ID|CLM_ID|LINE_NUM|PRF_PHYSN_NPI|LINE_SRVC_CNT|LINE_PLACE_OF_SRVC_CD|LINE_1ST_EXPNS_DT|"
        "LINE_LAST_EXPNS_DT|HCPCS_CD|HCPCS_1ST_MDFR_CD|HCPCS_2ND_MDFR_CD|LINE_NCH_PMT_AMT|LINE_SBMTD_CHRG_AMT|"
        "LINE_ALOWD_CHRG_AMT|CARR_LINE_MTUS_CNT|Payer\n"
        "V|-100|-200|1|1245319599|2|11|13-Nov-2025|13-Nov-2025|97140|GP||31.5|90|40|2|Medicare\n",
        {"patient_id": "-100", "claim_id": "-200", "service_date": "2025-11-13", "units": "2.00", "paid_amount": "31.50"},
    ),
    "synthea": Export(
        "ID,CLAIMID,CHARGEID,PATIENTID,TYPE,AMOUNT,FROMDATE,TODATE,PLACEOFSERVICE,PROCEDURECODE,MODIFIER1,UNITS,NOTES,LINENOTE\n"
        "1,c1,1,p1,CHARGE,10,2025-11-13,2025-11-13,11,97124,,1,a,b\n",
        refused=("a payer",),
    ),
    "bill review": Export(
        "Vendor,Tax ID,Invoice Number,Invoice Date,Total,Line,Patient First,Patient Last,DOB,Member ID,DOS,CPT,Modifiers,Units,"
        "Charge,Rendering NPI,Description,Frequency Code,Original Claim,Payer\n"
        "V,1,INV1,11/20/2025,240,1,A,B,1/2/80,M1,11/13/2025,97140,59GP,2,120,1245319599,x,7,INV0,WC Fund\n",
        {"claim_id": "INV1", "patient_id": "M1", "modifier_1": "59", "modifier_2": "GP", "charge_amount": "120.00",
         "claim_frequency_code": "7", "original_claim_id": "INV0"},
    ),
    "denials, a cell more than headers": Export(
        "Claim #,Account#,MRN,Subscriber#,Payer Name,Date of Service,CPT Code,Modifier,ICD-10,Units,Billed,Allowed,Paid,"
        "Provider\n"
        + "".join(f"K{n},A1,M{n},S1,Aetna,11/13/2025,97140,59,M54.5,2,$1200.00,80,40,B C,extra\n" for n in range(4)),
        {"patient_id": "M0", "member_id": "S1", "diagnosis_1": "M54.5", "charge_amount": "1200.00", "paid_amount": "40.00"},
    ),
    "abbreviated, no units": Export(
        "PtID,Pt First,Pt Last,DOB,Mbr#,Ins,DOS,Proc,Dx,Chg,RxnCode\n1,A,B,1/1/80,M1,Aetna,11/13/2025,97124,M54.5,$60.00,CO50\n",
        refused=("claim_id", "units (units billed)"),
    ),
    "tabs in a .csv": Export(
        "PtID\tFirst\tThing\tClaim No\tMember\tPayer\tDOS\tCPT\tUnits\tBilled\n"
        "1\tA\tx\tK1\tM1\tAetna\t11/13/2025\t97124\t2\t$60.00\n",
        {"claim_id": "K1", "patient_id": "1", "charge_amount": "60.00"},
    ),
    "semicolons": Export(
        "patient_id;first_name;claim_no;payer;service_date;cpt;qty;billed_amount\nP1;A;K1;Aetna;13/11/2025;97124;2;60.00\n",
        {"service_date": "2025-11-13", "units": "2.00"},
    ),
    "facility, dashes for no modifier": Export(
        "Facility,NPI,Address,Patient Name,DOB,Medicare ID,Insurance,Session Date,CPT Code,Modifier,Diagnosis,Units,Charges,"
        "Claim #\nN,1245319599,1 Road,A B,1/1/50,1EG4TE5MK73,Medicare,11/13/2025,97124,--,M54.5,1,$580.00,K1\n",
        {"patient_id": "1EG4TE5MK73", "modifier_1": "", "charge_amount": "580.00", "location": "N"},
    ),
    "backlog": Export(
        "Claim #,First Name,Last Name,Member ID,Payer,Date of Service,CPT,Modifier,Diagnosis,Units,Charge,Paid,Status\r\n"
        'K1,A,B,M1,Aetna,11/13/2025,97140,59,M54.5,4,"1,200.00",0.00,DENIED\r\n',
        {"claim_id": "K1", "charge_amount": "1200.00", "claim_status": "DENIED"},
    ),
    "title lines and a totals line": Export(
        "Sunrise Therapy\nClaims from 11/01/2025\n\nClaim ID,Patient ID,DOS,CPT,Units,Charge,Payer\n"
        "K1,P1,11/13/2025,97124,2,$60.00,Aetna\nTotal,,,,,$60.00,\n",
        {"claim_id": "K1", "charge_amount": "60.00"},
    ),
    "minimal": Export("Patient ID,DOS,CPT,Units,Charges\nP1,01/15/2024,97124,1,60\n", refused=("claim_id", "a payer")),
    "code and modifiers in one cell": Export(
        "claim_id,patient_id,dos,billing_code,units,payer\n"
        "K1,P1,2025-11-13,97140 GP 59,1,Aetna\nK2,P1,2025-11-13,97140-59,1,Aetna\n",
        {"procedure_code": "97140", "modifier_1": "GP", "modifier_2": "59"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_of_the_field_is_read_or_its_lack_is_named(name: str, tmp_path: Path) -> None:
    export = EXPORTS[name]
    path = write(tmp_path, export.text)
    if export.refused:
        with pytest.raises(InputError) as caught:
            read(path, column_overrides=export.overrides)
        for said in export.refused:
            assert said in str(caught.value)
        return
    con, intake = read(path, column_overrides=export.overrides)
    assert intake.rejected_rows == 0, intake.rejections
    asked = ", ".join(f"coalesce(CAST(\"{column}\" AS VARCHAR), '')" for column in export.columns)
    assert dict(zip(export.columns, rows(con, asked)[0], strict=True)) == export.columns


def test_patients_data_is_named_and_not_loaded(tmp_path: Path) -> None:
    _, intake = read(write(tmp_path, EXPORTS["bill review"].text))
    assert intake.files[0].private_columns == ("Patient First", "Patient Last", "DOB")
    assert "Description" in intake.files[0].unmapped_columns


def test_a_totals_line_is_no_row_and_is_held_against_the_sum(tmp_path: Path) -> None:
    _, intake = read(write(tmp_path, EXPORTS["title lines and a totals line"].text))
    assert intake.rows == 1
    assert any("totals line states charge_amount 60.00, and its rows add up" in warning for warning in intake.warnings)


def test_the_tuva_sample_ties_out_and_says_its_oddities() -> None:
    sample = Path(__file__).resolve().parents[3] / "shared" / "samples" / "tuva_medical_claim_2018.csv"
    if not sample.exists():
        pytest.skip("the Tuva sample is not part of the project")
    _, intake = read(sample, constants={"payer_name": "not stated"})
    assert (intake.rows, intake.rejected_rows) == (6067, 429)
    said = " ".join(intake.warnings)
    assert "no finding counts dollars on them" in said
    assert "0 units" in said
