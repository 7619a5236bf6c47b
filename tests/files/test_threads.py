"""What reads the files of a run starts no thread: where the system gives none, Arrow waits for it without end."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.command import claims_audit, environment
from tests.end_to_end.test_command_line import changed, write_csv

_READERS = """
import sys
from pathlib import Path

from audit.report.stored import source, tally
from audit.runs import claim
from audit.runs.ledgers import decisions, review
from audit.runs.timeline import digest, history
from audit.runs.folder import soundness
from audit.runs.format import stored

folder = Path(sys.argv[1])
run, whole = history.read_run(folder), source.read_run(folder)
claim_id = whole.findings["claim_id"][0].as_py()
decided = {"finding_id": whole.findings["finding_id"][0].as_py()}
readers = {
    "history.look": lambda: history.look(folder.parent).runs[0],
    "history.finding_ids": lambda: history.finding_ids(run)[0],
    "history.compare": lambda: history.compare(run, run).repeated[0],
    "digest": lambda: digest.digest(folder).standing["new"],
    "soundness": lambda: not soundness.faults(folder, stored.read(folder)),
    "claim": lambda: claim.read(folder, claim_id).findings[0],
    "report": lambda: source.read_run(folder).findings["finding_id"][0],
    "evidence": lambda: source.evidence_of(whole, [decided["finding_id"]])[decided["finding_id"]],
    "tally": lambda: tally.claims(whole)["over"],
    "decisions": lambda: decisions.known_among([run], [decided["finding_id"]])[decided["finding_id"]],
    "review": lambda: review.review([history.findings_of(run, review.COLUMNS)], []),
}
for name, reader in readers.items():
    before = len(list(Path("/proc/self/task").iterdir()))
    assert reader(), name
    after = len(list(Path("/proc/self/task").iterdir()))
    if after > before:
        print(f"{name} started {after - before}")
"""


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="this system does not tell a process's threads")
def test_no_thread_is_started(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "export.csv", changed(Claim_ID="C1"), changed(Claim_ID="C2"))
    assert claims_audit("run", source, "--select", "TIM001", cwd=tmp_path).code == 0
    folder = tmp_path / "out" / "2025-11"
    done = subprocess.run(
        [sys.executable, "-c", _READERS, str(folder)], env=environment(tmp_path), capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("", "")
