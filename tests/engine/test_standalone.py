"""A run on a standalone master, of whose two workers one is killed, is what it is on one machine. More: tests.both_engines."""

from pathlib import Path

from tests.both_engines import Asked, audited, differences
from tests.end_to_end.command import SAMPLES
from tests.end_to_end.part_of_sample import visits_of
from tests.engine.killing import worker_killed
from tests.engine.spark_here import linux, spark
from tests.engine.standalone import standalone


@spark
@linux
def test_a_worker_killed_while_it_judges_changes_no_byte_of_the_findings(tmp_path: Path) -> None:
    asked = Asked("visits", (str(visits_of(tmp_path / "claims.csv")), "--config", str(SAMPLES / "audit.toml")))
    whole = audited(asked, tmp_path)
    assert whole.files["findings.csv"].count(b"\n") > 100
    with standalone(tmp_path / "cluster") as cluster, worker_killed(cluster) as killing:
        told = ("--engine", "spark", "--master", cluster.url, "--partitions", "2")
        parted = audited(asked, tmp_path, *told, **cluster.variables)
    assert killing.seconds, "no worker was killed"
    assert cluster.url.encode() in parted.files["manifest.json"]
    assert differences(whole, parted) == []
