"""Files that are not what their name says: read for what they are, or named without a word of what they hold."""

import gzip
from pathlib import Path

import pytest

from audit.errors import InputError
from audit.intake.formats.kinds import TEXT, kind_of
from tests.intake.test_load import read, rows, write

ISA = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *251113*1200*^*00501*000000001*0*P*:~"
X12 = ISA + "GS*HC*A*B*20251113*1200*1*X*005010X222A1~ST*837*0001~NM1*IL*1*ROE*JANICE~DMG*D8*19430501*F~"
PAGE = (
    "<html><head><style>td {color: red}</style><title>Roe</title></head><body><table><tr><td colspan=3>Sunrise Therapy</table>"
    "<table border=1><tr><th>Claim #<th>Patient ID<th>DOS<th>CPT<th>Units<th>Payer<th>Note</tr>"
    "<tr><td>C1</td><td>P1</td><td>11/13/2025</td><td>97140</td><td>2</td><td>Aetna&nbsp;&amp; Co</td><td>neck,<br>back</td></tr>"
    "<tr><td>C2<td>P2<td>11/13/2025<td>97124<td>1<td>Aetna<td></table></body></html>"
)
_CELLS = "".join(
    f"<Cell><Data>{name}</Data></Cell>" for name in ("Claim #", "Patient ID", "Room", "DOS", "CPT", "Units", "Payer")
)
XML_BOOK = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook><Worksheet ss:Name="Claims"><Table>'
    f"<Row>{_CELLS}</Row><Row><Cell><Data>C1</Data></Cell><Cell><Data>P1</Data></Cell>"
    "<Cell ss:Index='4'><Data>2025-11-13T00:00:00.000</Data></Cell><Cell><Data>97140</Data></Cell><Cell><Data>1</Data></Cell>"
    "<Cell><Data>Aetna</Data></Cell></Row></Table></Worksheet></Workbook>"
)


@pytest.mark.parametrize("name", ["claims.txt", "claims.csv", "claims.jsonl.gz", "claims.xlsx", "claims.parquet"])
@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (X12, "X12 claims (837)"),
        (f"\ufeff\r\n{X12}", "X12 claims (837)"),
        (X12.replace("*", "|").replace("837", "835"), "an X12 remittance (835)"),
        ('{"Claim #": "C1", "Patient": "ROE JANICE"}\n{"Claim #": "C2", "Patient": "ROE PAUL"}\n', "JSON"),
        ('[\n  {"Claim #": "C1", "Patient": "ROE JANICE"}\n]', "JSON"),
        ('[["C1", "ROE JANICE"]]', "JSON"),
        ("MSH|^~\\&|A|B\rPID|1||P1||ROE^JANICE\r", "HL7 messages"),
        ("INSERT INTO claim VALUES ('C1', 'ROE JANICE');\n", "SQL statements"),
    ],
)
def test_another_kind_is_named_and_nothing_of_it_shown(text: str, kind: str, name: str, tmp_path: Path) -> None:
    data = text.encode()
    with pytest.raises(InputError) as caught:
        read(write(tmp_path, gzip.compress(data) if name.endswith(".gz") else data, name))
    assert f"{name} holds {kind}" in caught.value.message
    assert not any(part in str(caught.value) for part in ("ROE", "JANICE", "1943", "C1"))


def test_xml_under_the_name_of_a_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"claims\.csv holds XML"):
        read(write(tmp_path, "<claims><patient>ROE</patient></claims>", "claims.csv"))
    with pytest.raises(InputError, match=r"claims\.csv holds a web page"):
        read(write(tmp_path, PAGE, "claims.csv"))


@pytest.mark.parametrize(
    "head", ["[Claim ID],[Line]\n", "ST,ZIP,CITY\n", "Claim ID,Line\n", '"Claim ID","Line"\n', "<5 min,CPT\n", "Story\n"]
)
def test_a_table_is_taken_for_no_other_kind(head: str) -> None:
    assert kind_of(head.encode()) == TEXT
    assert kind_of(head.encode("utf-16")) == TEXT


@pytest.mark.parametrize(
    "row", ["C1,ROE JANICE,97124,2,Aetna", "ROE,JANICE,MASSAGE,NECK,GP", "ROE JANICE,PT,AETNA,,", "P-1,ROE JANICE,NECK 2,x,AETNA"]
)
def test_a_short_file_without_a_header_shows_no_row_of_it(row: str, tmp_path: Path) -> None:
    other = row.replace("JANICE", "PAUL").replace("C1", "C2").replace("P-1", "P-2")
    for text in (f"{row}\n{other}\n", f"{row}\n{other}\n{row}\n"):
        with pytest.raises(InputError, match="no header line that can be told") as caught:
            read(write(tmp_path, text))
        assert "ROE" not in str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_web_table_named_as_a_workbook_is_read(encoding: str, tmp_path: Path) -> None:
    con, intake = read(write(tmp_path, PAGE.encode(encoding), "report.xls"))
    assert rows(con, "claim_id, procedure_code, payer_name, note_text, source_row") == [
        ("C1", "97140", "Aetna & Co", "neck,\nback", 3),
        ("C2", "97124", "Aetna", None, 4),
    ]
    assert intake.files[0].format == "web table, named as a workbook"


def test_a_workbook_in_xml_is_read(tmp_path: Path) -> None:
    con, _ = read(write(tmp_path, XML_BOOK, "report.xls"))
    assert rows(con, "claim_id, procedure_code, CAST(service_date AS VARCHAR)") == [("C1", "97140", "2025-11-13")]


def test_text_named_as_a_workbook_is_read(tmp_path: Path) -> None:
    text = "Claim #\tPatient ID\tDOS\tCPT\tUnits\tPayer\nC1\tP1\t11/13/2025\t97140\t2\tAetna\n"
    for name in ("report.xls", "report.xlsx"):
        con, intake = read(write(tmp_path, text.encode("utf-16"), name))
        assert rows(con, "claim_id, source_row") == [("C1", 2)]
        assert intake.files[0].format == "tab-separated"


def test_a_workbook_of_today_named_as_an_old_one_is_read(tmp_path: Path) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    pytest.importorskip("python_calamine")
    with xlsxwriter.Workbook(tmp_path / "report.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Claim #", "Patient ID", "DOS", "CPT", "Units", "Payer"])
        sheet.write_row(1, 0, ["C1", "P1", "11/13/2025", "97140", 1, "Aetna"])
    (tmp_path / "report.xlsx").rename(tmp_path / "report.xls")
    con, _ = read(tmp_path / "report.xls")
    assert rows(con, "claim_id, source_row") == [("C1", 2)]


def _compound(*streams: str) -> bytes:
    """A compound file, as Office keeps an encrypted workbook in: a header, a table of sectors, a folder of empty streams."""
    header = bytearray(512)
    header[:8] = bytes.fromhex("d0cf11e0a1b11ae1")
    header[24:34] = bytes([0x3E, 0, 3, 0, 0xFE, 0xFF, 9, 0, 6, 0])
    header[44:48] = (1).to_bytes(4, "little")
    header[48:52] = (1).to_bytes(4, "little")
    header[56:60] = (4096).to_bytes(4, "little")
    header[60:64] = header[68:72] = b"\xfe\xff\xff\xff"
    header[76:512] = b"\x00\x00\x00\x00" + b"\xff" * 432
    table = b"\xfd\xff\xff\xff\xfe\xff\xff\xff" + b"\xff" * 504
    folder = b""
    for place, name in enumerate(["Root Entry", *streams]):
        text = name.encode("utf-16-le")
        entry = bytearray(128)
        entry[: len(text)] = text
        entry[64:66] = (len(text) + 2).to_bytes(2, "little")
        entry[66:68] = bytes([5 if place == 0 else 2, 1])
        entry[68:80] = b"\xff" * 12
        entry[116:120] = b"\xfe\xff\xff\xff"
        folder += bytes(entry)
    return bytes(header) + table + folder.ljust(512, b"\x00")


@pytest.mark.parametrize("name", ["locked.xlsx", "locked.xls"])
def test_a_workbook_with_a_password_says_so(name: str, tmp_path: Path) -> None:
    pytest.importorskip("python_calamine")
    with pytest.raises(InputError, match="guarded by a password") as caught:
        read(write(tmp_path, _compound("EncryptionInfo", "EncryptedPackage"), name))
    assert "take the password off" in caught.value.hint
