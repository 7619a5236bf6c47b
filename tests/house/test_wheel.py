"""What a wheel holds: the program, its SQL, its templates, its tables, and nothing of the workshop."""

import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

import audit
from tests.house.checkout import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    return zipfile.ZipFile(path)


def below(folder: str, *suffixes: str) -> set[str]:
    found = (path.relative_to(ROOT) for path in (ROOT / folder).rglob("*") if path.suffix in suffixes)
    return {path.as_posix() for path in found}


def test_the_sql_is_in_it(wheel: zipfile.ZipFile) -> None:
    files = below("queries", ".sql")
    assert files
    assert {f"audit/{name}" for name in files} <= set(wheel.namelist())


def test_the_templates_are_in_it(wheel: zipfile.ZipFile) -> None:
    files = below("reports", ".j2", ".css")
    assert files
    assert {f"audit/{name}" for name in files} <= set(wheel.namelist())


def test_the_reference_tables_are_in_it(wheel: zipfile.ZipFile) -> None:
    files = below("audit/reference/data", ".csv", ".toml")
    assert files
    assert files <= set(wheel.namelist())


def test_every_module_is_in_it(wheel: zipfile.ZipFile) -> None:
    assert below("audit", ".py") <= set(wheel.namelist())


def test_nothing_else_is_in_it(wheel: zipfile.ZipFile) -> None:
    assert {name.split("/")[0] for name in wheel.namelist()} == {"audit", f"claims_audit-{audit.__version__}.dist-info"}
    assert not [name for name in wheel.namelist() if Path(name).suffix in {".pyc", ".parquet"} or "test" in name]


def test_the_licence_and_the_command_are_in_it(wheel: zipfile.ZipFile) -> None:
    info = f"claims_audit-{audit.__version__}.dist-info"
    assert b"Apache License" in wheel.read(f"{info}/licenses/LICENSE")
    assert b"claims-audit = audit.cli:main" in wheel.read(f"{info}/entry_points.txt")


def test_the_version_is_one() -> None:
    assert metadata.version("claims-audit") == audit.__version__
