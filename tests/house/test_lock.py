"""The locks pin every package, with the hashes of its release, and name no place to download from."""

import re
import tomllib
from collections.abc import Iterator
from importlib import metadata
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.checkout import ROOT

LOCKS = ("audit", "dev", "spark")
_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}$")


def blocks(name: str) -> Iterator[tuple[Requirement, list[str]]]:
    """Each pinned requirement of a lock with its hashes; anything else than these and comments fails."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    for logical in "\n".join(lines).replace(" \\\n", " ").splitlines():
        requirement, *hashes = re.split(r"\s+(?=--hash)", logical.strip())
        yield Requirement(requirement), hashes


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", LOCKS)
def test_each_requirement_is_one_release_with_hashes(name: str) -> None:
    for requirement, hashes in blocks(name):
        assert re.fullmatch(r"==[0-9][0-9a-z.]*", str(requirement.specifier)), f"{requirement} is not pinned"
        assert hashes, f"{requirement} has no hash"
        assert all(map(_HASH.match, hashes)), f"{requirement} has something that is no sha256"
        assert requirement.url is None, f"{requirement} names an address"


@pytest.mark.parametrize("name", LOCKS)
def test_no_address_and_no_option_stands_in_a_lock(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*-(?!-hash=)", text, re.MULTILINE), "a lock holds requirements and hashes only"


@pytest.mark.parametrize("package", ["duckdb", "numpy", "pandas", "pyarrow", "scipy"])
def test_hashes_cover_a_release_and_not_one_machine(package: str) -> None:
    counts = [len(hashes) for requirement, hashes in blocks("audit") if requirement.name == package]
    assert counts, f"{package} is not locked"
    assert min(counts) >= 10, "wheels for two processors, three systems and several Pythons, and the source"


@pytest.mark.parametrize("larger", ["dev", "spark"])
def test_the_locks_agree(larger: str) -> None:
    others = {f"{requirement.name}{requirement.specifier}": hashes for requirement, hashes in blocks(larger)}
    for requirement, hashes in blocks("audit"):
        pin = f"{requirement.name}{requirement.specifier}"
        assert others.get(pin) == hashes, f"{pin} differs between the locks; run `make lock`"


def test_the_locks_satisfy_the_ranges() -> None:
    extra = project()["project"]["optional-dependencies"]["spark"]
    wanted = [*project()["project"]["dependencies"], *project()["dependency-groups"]["installer"], *extra]
    locked = {canonicalize_name(requirement.name): requirement.specifier for requirement, _ in blocks("spark")}
    for requirement in map(Requirement, wanted):
        pin = locked.get(canonicalize_name(requirement.name))
        assert pin, f"{requirement.name} is not in the lock; run `make lock`"
        assert all(requirement.specifier.contains(item.version) for item in pin), f"{requirement} against {pin}"


def test_everything_that_the_readme_shows_comes_with_the_package() -> None:
    """Excel, the workbook, statistics and charts are no extras: `pip install claims-audit` alone does them."""
    needed = {canonicalize_name(Requirement(item).name) for item in project()["project"]["dependencies"]}
    assert needed >= {"python-calamine", "xlsxwriter", "scipy", "vl-convert-python"}
    assert set(project()["project"].get("optional-dependencies", {})) <= {"spark"}


def test_an_environment_gets_a_current_installer() -> None:
    locked = {requirement.name: requirement.specifier for requirement, _ in blocks("dev")}
    for name in ("pip", "setuptools"):
        assert metadata.version(name) in locked[name]
