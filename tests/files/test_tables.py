"""Tables that are written as their rows come."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from audit.files import tables


def batches(*texts: str) -> pa.RecordBatchReader:
    made = [pa.record_batch({"text": [text], "number": [len(text)]}) for text in texts]
    return pa.RecordBatchReader.from_batches(made[0].schema, made)


def test_rows_are_written_as_they_come_and_inert(tmp_path: Path) -> None:
    path = tables.write_csv_batches(batches("plain", "=1+1", 'a "b", c', "+\u202e"), tmp_path / "rows.csv")
    text = path.read_text(encoding="utf-8")
    assert text.splitlines() == ['"text","number"', '"plain",5', '"\'=1+1",4', '"a ""b"", c",8', '"\'+[U+202E]",2']
    assert path.stat().st_mode & 0o777 == 0o600


def test_batches_make_one_parquet_file(tmp_path: Path) -> None:
    rows = batches("one", "=two")
    path = tables.write_batches((pa.table(batch) for batch in rows), rows.schema, tmp_path / "rows.parquet")
    assert pq.read_table(path).to_pylist() == [{"text": "one", "number": 3}, {"text": "=two", "number": 4}]
    assert path.stat().st_mode & 0o777 == 0o600


def test_no_rows_are_a_file_with_its_columns(tmp_path: Path) -> None:
    schema = pa.schema([("text", pa.string())])
    empty = pa.RecordBatchReader.from_batches(schema, [])
    assert tables.write_csv_batches(empty, tmp_path / "rows.csv").read_text(encoding="utf-8") == '"text"\n'
    assert pq.read_table(tables.write_batches((), schema, tmp_path / "rows.parquet")).num_rows == 0


def test_what_was_written_is_read_again_by_column_and_row(tmp_path: Path) -> None:
    rows = batches("one", "=two", "one")
    path = tables.write_batches((pa.table(batch) for batch in rows), rows.schema, tmp_path / "rows.parquet")
    assert tables.read_parquet(path).equals(pq.read_table(path))
    some = tables.read_parquet(path, ["number", "text"], ["text"], lambda batch: pc.equal(batch["number"], 3))
    assert some.column_names == ["number", "text"]
    assert pa.types.is_dictionary(some.schema.field("text").type)
    assert some.to_pylist() == [{"number": 3, "text": "one"}] * 2
    none = tables.read_parquet(path, ["text"], ["text"], lambda batch: pc.equal(batch["text"], "no"))
    assert (none.num_rows, none.schema) == (0, some.select(["text"]).schema)
    with pytest.raises(pa.ArrowKeyError, match="date, hour"):
        tables.read_parquet(path, ["hour", "text", "date"])
