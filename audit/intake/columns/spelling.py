"""The words of headers, and short ways of writing them: "Clm Ref" and "Claim Reference" are one header."""

import re
from functools import lru_cache

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
# Each short form means one word, whatever stands beside it.
_SHORT = {
    "nbr": "number", "num": "number", "no": "number", "acct": "account", "pt": "patient", "pat": "patient", "mbr": "member",
    "ins": "insurance", "svc": "service", "srvc": "service", "serv": "service", "dt": "date", "amt": "amount", "chg": "charge",
    "chrg": "charge", "chgs": "charges", "qty": "quantity", "mins": "minutes", "min": "minutes", "proc": "procedure",
    "px": "procedure", "cd": "code", "clm": "claim", "payor": "payer", "tm": "time", "unit": "units", "pl": "place",
    "plc": "place", "ref": "reference", "tx": "treatment", "trt": "treatment", "txt": "treatment", "stat": "status",
    "sts": "status", "loc": "location", "pkg": "package", "prvdr": "provider", "prov": "provider", "prv": "provider",
    "prvd": "provider", "rend": "rendering", "rndrng": "rendering", "perf": "performing", "mod": "modifier", "mods": "modifiers",
    "diag": "diagnosis", "dx": "diagnosis", "pmt": "payment", "pymt": "payment", "pmts": "payments", "pd": "paid",
    "allwd": "allowed", "alwd": "allowed", "lic": "license", "enc": "encounter", "appt": "appointment", "dept": "department",
    "desc": "description", "descr": "description", "freq": "frequency", "seq": "sequence", "pri": "primary", "prim": "primary",
    "curr": "current", "cur": "current", "thru": "through", "thr": "through", "clin": "clinician", "ther": "therapist",
    "subs": "subscriber", "dob": "birth", "med": "medical", "rec": "record", "stmt": "statement",
    "tkt": "ticket", "rsn": "reason",
}  # fmt: skip
SHORT_FORMS = frozenset(_SHORT)
# Of these nobody knows: PT is a patient or physical therapy, "Charge/Unit" a price and "Charge Units" a count.
_UNSURE = frozenset({"pt", "unit"})
# Says nothing of what a column holds. ("The", "and" stand in sentences: a readme is no table.)
_EMPTY = frozenset({"of"})


def words_of(header: str) -> list[str]:
    """The words of a header, in small letters: "ChartNum" and "chart_num" have two."""
    return [word.casefold() for word in _WORD.findall(header)]


def in_full(word: str) -> str:
    """A word of a header, written out where it is a short form."""
    return _SHORT.get(word, word)


@lru_cache(maxsize=1 << 12)
def written_out(header: str) -> tuple[str, ...]:
    """The words of a header with short forms written out: "Svc Dt" and "Service Date" agree.

    Their order stays, for it means something: "Paid Primary" is no "Primary Paid". Nothing of a header in other letters than
    ASCII's, nor of one of a single word: what is short of it may mean anything.
    """
    words = [word if word in _UNSURE else in_full(word) for word in words_of(header) if word not in _EMPTY]
    return tuple(words) if header.isascii() and len(words) > 1 else ()
