"""The program's part in the comparison with the rivals: reads an export, runs the core rules and writes their findings.

All that a run does up to its findings, with messages, evidence and dollars; without the report.

    python -m benchmarks.core export.parquet found.parquet
"""

import sys
import tempfile
from pathlib import Path

import pyarrow.parquet as pq

from audit import intake
from audit.engine.engines import open_engine
from audit.engine.remembered import Remembered
from audit.pipeline import steps
from audit.progress import Silent
from audit.runs.outputs import FINDINGS
from audit.settings.config import Config
from benchmarks.rivals.agree import CORE


def main(export: str, out: str, memory_limit: str | None = None) -> None:
    """Audit the export, and write findings.parquet's rows to `out`."""
    config = Config(sources=(export,), select=CORE, memory_limit=memory_limit)
    with tempfile.TemporaryDirectory(dir=Path(out).parent) as folder, open_engine(config, Path(folder) / "spill") as engine:
        catalogue = steps.choose_rules(config)
        taken = steps.read(engine, intake.find_sources(config.sources), catalogue, config, Path(folder), Silent())
        steps.stage(engine, taken, catalogue, config, Silent())
        outcomes = steps.evaluate(engine, catalogue, Silent(), "")
        failed = [outcome for outcome in outcomes if outcome.error]
        if failed:
            raise SystemExit(str(failed))
        engine.collect(Remembered())
        pq.write_table(engine.table(FINDINGS), out)


if __name__ == "__main__":
    main(*sys.argv[1:])
