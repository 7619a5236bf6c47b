"""The check digit of a National Provider Identifier, for all of Python; queries/macros/npi.sql has it for SQL."""


def is_valid(text: str) -> bool:
    """Ten digits that pass the NPI's check digit (Luhn over 80840 and the number)."""
    if len(text) != 10 or not text.isdigit() or not text.isascii():
        return False
    total = 0
    for place, sign in enumerate(reversed("80840" + text)):
        value = int(sign) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
