"""Zip archives whose list of entries is damaged: said in one way, wherever the program meets them."""

import random
import zipfile
from pathlib import Path

import pytest

from audit.errors import InputError
from audit.files.packed import open_zip
from audit.pipeline import surroundings
from audit.reference import archive

NAME = "caf\u00e9.csv".encode()


@pytest.fixture
def whole(tmp_path: Path) -> bytes:
    with zipfile.ZipFile(tmp_path / "whole.zip", "w") as made:
        made.writestr(NAME.decode(), "a,b\n1,2\n")
    return (tmp_path / "whole.zip").read_bytes()


@pytest.mark.parametrize("name", [b"\0" + NAME[1:], b"\xff" + NAME[1:], NAME[:-2] + b"\xc3v"])
def test_an_entry_whose_name_cannot_be_read_is_damage_to_all_who_open_it(name: bytes, whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / "odd.zip"
    path.write_bytes(whole.replace(NAME, name))
    with pytest.raises(zipfile.BadZipFile), open_zip(path):
        pass
    surroundings.check_room(tmp_path, [path])
    with pytest.raises(InputError, match=r"odd\.zip: not a readable zip file"):
        archive.members(archive.open_source(path))


def test_a_byte_that_is_another_is_an_error_of_the_archive_or_none(whole: bytes, tmp_path: Path) -> None:
    path, chance, refused = tmp_path / "spoiled.zip", random.Random(7), 0
    for place in range(len(whole)):
        for byte in (0, 0xFF, chance.randrange(256)):
            path.write_bytes(whole[:place] + bytes([byte]) + whole[place + 1 :])
            try:
                with open_zip(path):
                    pass
            except zipfile.BadZipFile:
                refused += 1
    assert refused > 40
