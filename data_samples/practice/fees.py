"""What each code is (timed or not), and what the practice charges and is paid for it.

Relative values are the 2024 non-facility totals of the Medicare fee schedule; the conversion factor is 2025's, rounded.
Multiple-procedure reductions are left out on purpose: a line's unit price then never depends on its neighbours.
"""

from practice.people import PAYERS
from practice.records import Line

_CONVERSION_FACTOR_CENTS = 3235

TIMED: dict[str, int] = {  # hundredths of a relative value unit
    "97032": 43, "97035": 42, "97110": 88, "97112": 101, "97113": 110, "97116": 88, "97124": 91, "97140": 81, "97530": 110,
    "97535": 98, "97542": 95, "97750": 102,
}  # fmt: skip
COGNITIVE: dict[str, int] = {"97129": 67, "97130": 64}  # first 15 minutes, each further 15 minutes
UNTIMED: dict[str, int] = {
    "97012": 42, "97016": 35, "97150": 54, "97161": 301, "97162": 301, "97163": 301, "97164": 210, "97165": 304, "97166": 304,
    "97167": 304, "97168": 210, "98940": 82, "98941": 118, "98942": 152, "99213": 265, "29530": 89, "G0283": 35,
    "97010": 19, "97014": 37,
}  # fmt: skip
NOT_ALWAYS_THERAPY = {"97129", "97130", "98940", "98941", "98942", "99213", "29530", "97010", "97014"}

_VALUE = TIMED | COGNITIVE | UNTIMED


def price(line: Line, payer_key: str) -> None:
    """Fill charge, allowed and paid (cents) from the fee schedule, the payer's share and the units."""
    payer = PAYERS[payer_key]
    medicare = (_VALUE[line.code] * _CONVERSION_FACTOR_CENTS + 50) // 100
    unit_allowed = (medicare * payer.fee_percent + 50) // 100
    line.charge = (medicare * 23 // 1000) * 100 * line.units
    line.allowed = unit_allowed * line.units
    line.paid = (line.allowed * payer.paid_percent + 50) // 100


def share(line: Line, units: int) -> int:
    """Cents of the line's payment that fall on `units` of its units, rounded half up."""
    return (2 * line.paid * units + line.units) // (2 * line.units)
