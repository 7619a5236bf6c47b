"""Which files the user's words lead to."""

import errno
import os
from pathlib import Path

import pytest

from audit.errors import ExitCode, InputError
from audit.intake.files.sources import distinct_names, find_sources, passed_over


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("C1,97140,2025-11-03")
    return path


def test_files_folders_and_globs_are_opened_up_sorted_and_once(tmp_path: Path) -> None:
    a, b = touch(tmp_path / "a.csv"), touch(tmp_path / "b.parquet")
    deep = touch(tmp_path / "deep" / "c.CSV")
    touch(tmp_path / "readme.md")
    touch(tmp_path / "~$a.xlsx")
    assert find_sources([str(tmp_path), str(b), str(a)]) == (a, b)
    assert find_sources([str(tmp_path / "**" / "*.*")]) == (a, b, deep)


def test_a_file_whose_name_looks_like_a_pattern_is_a_file(tmp_path: Path) -> None:
    path = touch(tmp_path / "march [1].csv")
    assert find_sources([str(path)]) == (path,)


def test_what_leads_nowhere_is_said(tmp_path: Path) -> None:
    touch(tmp_path / "upper" / "deep" / "c.csv")
    (tmp_path / "empty").mkdir()
    touch(tmp_path / "notes" / "x.docx")
    for pattern, said in [
        ("missing.csv", "does not exist"),
        ("empty", "empty"),
        ("upper", "deep"),
        ("notes", "x.docx"),
        ("notes/x.docx", "does not read"),
        ("*.parquet", "matches no file"),
        ("notes/*", "x.docx"),
    ]:
        with pytest.raises(InputError) as caught:
            find_sources([str(tmp_path / pattern)])
        assert said in str(caught.value)
    with pytest.raises(InputError):
        find_sources([])


def test_names_take_as_many_folders_as_tell_them_apart(tmp_path: Path) -> None:
    paths = [tmp_path / "x/oct/e.csv", tmp_path / "y/oct/e.csv", tmp_path / "x/nov/e.csv", tmp_path / "f.csv"]
    assert distinct_names(paths) == ("x/oct/e.csv", "y/oct/e.csv", "nov/e.csv", "f.csv")


@pytest.mark.parametrize("pattern", ["exports/a.csv", "exports", "exports/*.csv"])
def test_a_source_in_a_closed_folder_is_an_input_that_cannot_be_read(
    pattern: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(path: Path) -> bool:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    monkeypatch.setattr(Path, "is_dir", closed)
    with pytest.raises(InputError, match=r"cannot be read: Permission denied\.") as told:
        find_sources([str(tmp_path / pattern)])
    assert told.value.exit_code == ExitCode.INPUT


README = "Charges of November.\nCall the billing office with questions.\n"


@pytest.mark.parametrize("pattern", ["", "*"])
def test_a_folder_s_texts_that_are_no_tables_are_left_and_everything_unread_is_named(pattern: str, tmp_path: Path) -> None:
    claims = touch(tmp_path / "nov.csv")
    for name, text in [("README.txt", README), ("remit.pdf", "%PDF"), ("dec.json", "[]"), ("Thumbs.db", "x"), (".sums", "x")]:
        (tmp_path / name).write_text(text)
    asked = [str(tmp_path / pattern)]
    assert find_sources(asked) == (claims,)
    (said,) = passed_over(asked)
    assert said.endswith("beside the exports it holds README.txt, dec.json, remit.pdf, which claims-audit does not read.")
    assert passed_over([str(claims)]) == ()


def test_a_text_that_is_named_or_stands_alone_is_read(tmp_path: Path) -> None:
    readme = touch(tmp_path / "readme.txt")
    readme.write_text(README)
    assert find_sources([str(tmp_path)]) == find_sources([str(readme)]) == (readme,)
    assert passed_over([str(tmp_path)]) == ()
