"""The random numbers of RAT-STATS, the sampling program of the HHS inspector general: the same seed draws the same rows.

The generator is that of B. A. Wichmann and I. D. Hill (Applied Statistics 31, 1982, algorithm AS 183). Its three start values
come from the seed by the random function of Visual Basic 6, in which RAT-STATS is written: `Rnd(-1)`, `Randomize seed`, and
three calls of `Rnd`. Of a seed only 16 bits enter, so there are 65,536 streams.
"""

import struct
from collections.abc import Iterator
from itertools import islice

from audit.errors import ConfigError

MODULI = (30269, 30307, 30323)
MULTIPLIERS = (171, 172, 170)
STREAMS = 1 << 16
_VB_STATES = 1 << 24
# A stream has some 7e12 numbers; one that has not given enough by then is caught in a circle.
_PATIENCE = 100
_MOST_STRATA = 1000


def stream_of(seed: float) -> int:
    """Which of the 65,536 streams a seed picks: the exclusive-or of the two halves of the high 32 bits of its double."""
    (high,) = struct.unpack("<I", struct.pack("<d", seed)[4:])
    return int(high >> 16 ^ high & 0xFFFF)


def start_values(seed: float) -> tuple[int, int, int]:
    """The three start values that Visual Basic 6 makes of a seed; each from 1 to its modulus."""
    (bits,) = struct.unpack("<I", struct.pack("<f", -1.0))
    state = _stepped((bits + (bits >> 24)) % _VB_STATES)
    state = state & 0xFF | stream_of(seed) << 8
    values = []
    for modulus in MODULI:
        state = _stepped(state)
        values.append(int(state / _VB_STATES * modulus) + 1)
    first, second, third = values
    return first, second, third


def fractions(seed: float) -> Iterator[float]:
    """The numbers from 0 up to 1 of the seed's stream, without end."""
    values = start_values(seed)
    while True:
        a, b, c = (value * multiplier % modulus for value, multiplier, modulus in zip(values, MULTIPLIERS, MODULI, strict=True))
        values = a, b, c
        # Doubles, summed from left to right: another order gives another last bit.
        yield (a / MODULI[0] + b / MODULI[1] + c / MODULI[2]) % 1.0


def numbers(seed: float, low: int, high: int) -> Iterator[int]:
    """Whole numbers from low to high, both included, in the order drawn; one that was drawn before is passed over.

    Gives as many as there are, each once. Memory grows with what was taken of it, not with the range.
    """
    width, drawn = high - low + 1, set[int]()
    for tries, fraction in enumerate(fractions(seed)):
        if len(drawn) == width:
            return
        if tries > _PATIENCE * (width + 1000):
            raise ConfigError(f"The seed {seed} does not reach all of {width:,} numbers.", "Choose another seed.")
        number = int(fraction * width) + low
        if number not in drawn:
            drawn.add(number)
            yield number


def single_stage(seed: float, low: int, high: int, quantity: int, spares: int = 0) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """RAT-STATS's single stage random numbers: the numbers drawn and the spares, each in the order drawn.

    Spares are the next numbers of the same stream. Raises ConfigError where the range does not hold so many.
    """
    if quantity < 1 or spares < 0:
        raise ConfigError("A sample has at least one row, and no fewer than no spares.")
    if quantity + spares > high - low + 1:
        raise ConfigError(
            f"{quantity:,} numbers and {spares:,} spares are more than the {max(high - low + 1, 0):,} there are to draw from.",
            "Draw fewer, or review all of them.",
        )
    drawn = tuple(islice(numbers(seed, low, high), quantity + spares))
    return drawn[:quantity], drawn[quantity:]


def strata_seeds(seed: float, strata: int) -> tuple[int, ...]:
    """A seed for each stratum, made from one: the numbers that it draws from 1 to 86,399, in the order drawn.

    RAT-STATS itself can draw them. A number is passed over where its stream is that of the seed or of a stratum before:
    no two strata share a stream.
    """
    if strata > _MOST_STRATA:
        raise ConfigError(f"{strata:,} strata are more than the {_MOST_STRATA:,} that are drawn from.", "Choose coarser strata.")
    seeds, taken = list[int](), {stream_of(seed)}
    for number in numbers(seed, 1, 86_399):
        if len(seeds) == strata:
            break
        if stream_of(number) not in taken:
            taken.add(stream_of(number))
            seeds.append(number)
    return tuple(seeds)


def _stepped(state: int) -> int:
    """The next state of Visual Basic's generator."""
    return (state * 1_140_671_485 + 12_820_163) % _VB_STATES
