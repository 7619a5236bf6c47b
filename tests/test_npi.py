"""The check digit of an NPI, and how near a number may come without being one."""

import pytest

from audit import npi


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("1234567893", True),
        ("1003000126", True),
        ("1234567890", False),
        ("1234567894", False),
        ("2134567893", False),
        ("123456789", False),
        ("12345678933", False),
        ("123456789X", False),
        ("\u0661234567893", False),
        ("", False),
    ],
)
def test_an_npi_passes_its_check_digit(text: str, is_one: bool) -> None:
    assert npi.is_valid(text) is is_one
