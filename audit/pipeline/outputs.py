"""Every file of a run folder: the report's, the data's, and the manifest that lists them with size and SHA-256.

A file of rows is a line in audit/runs/outputs.py, one that is rendered from the stored run a line in audit/report/build.py.
"""

from audit import report
from audit.files.output import Output
from audit.runs import outputs

MANIFEST = Output(
    "manifest.json",
    "inputs with size and SHA-256, control totals, rules with versions and hashes, reference editions, settings",
)
OUTPUTS: tuple[Output, ...] = (*report.OUTPUTS, *outputs.OUTPUTS, MANIFEST)


def as_markdown() -> str:
    """The table of README.md."""
    rows = (f"| `{output.name}` | {output.what} |\n" for output in OUTPUTS)
    return f"| file | what it holds |\n|---|---|\n{''.join(rows)}"
