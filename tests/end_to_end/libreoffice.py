"""LibreOffice Calc at work on a workbook: it opens the file, types into cells as a person does, and saves it as Excel's."""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

_MACRO = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Typing" script:language="StarBasic">
Sub TypeAndSave(book As String, sheetName As String, list As String)
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  Dim asExcel(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = &quot;Hidden&quot;
  hidden(0).Value = True
  asExcel(0).Name = &quot;FilterName&quot;
  asExcel(0).Value = &quot;Calc MS Excel 2007 XML&quot;
  doc = StarDesktop.loadComponentFromURL(ConvertToURL(book), &quot;_blank&quot;, 0, hidden())
  sheet = doc.Sheets.getByName(sheetName)
  handle = FreeFile
  Open list For Input As #handle
  Do While Not EOF(handle)
    Line Input #handle, entry
    parts = Split(entry, Chr(9))
    sheet.getCellRangeByName(parts(0)).FormulaLocal = parts(1)
  Loop
  Close #handle
  doc.storeToURL(ConvertToURL(book), asExcel())
  doc.close(True)
End Sub
</script:module>
"""
_LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false"
 library:passwordprotected="false"><library:element library:name="Typing"/></library:library>
"""
_SECONDS = 300


def command() -> str | None:
    """The program, where it is installed."""
    return shutil.which("soffice")


def type_into(book: Path, sheet: str, cells: Mapping[str, str], scratch: Path) -> None:
    """Type into cells of a sheet ({"A2": "confirm"}) and save the workbook in its place; `scratch` takes its profile."""
    _run(scratch, "--terminate_after_init")  # makes the profile, which would put a library of its own over this one
    standard = scratch / "profile" / "user" / "basic" / "Standard"
    (standard / "Typing.xba").write_text(_MACRO, encoding="utf-8")
    (standard / "script.xlb").write_text(_LIBRARY, encoding="utf-8")
    typed = scratch / "typed.txt"
    typed.write_text("".join(f"{cell}\t{text}\n" for cell, text in cells.items()), encoding="utf-8")
    _run(scratch, f'macro:///Standard.Typing.TypeAndSave("{book}","{sheet}","{typed}")')


def _run(scratch: Path, what: str) -> None:
    profile = f"-env:UserInstallation={(scratch / 'profile').as_uri()}"
    words = [str(command()), profile, "--headless", "--norestore", what]
    subprocess.run(words, check=True, timeout=_SECONDS, capture_output=True)
