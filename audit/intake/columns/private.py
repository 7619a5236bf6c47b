"""Fields that hold a patient's identity and serve no rule: recognised by their headers, named in the report, never loaded."""

import re

from audit.intake.columns.names import normalized

_PERSON = r"(patient|pt|client|member|mbr|subscriber|insured|guarantor|bene|beneficiary|responsibleparty|person)"
_PRIVATE = re.compile(
    rf"^{_PERSON}?(name|first|last|middle|initial|mi|firstname|lastname|middlename|middleinitial|fullname|suffixname)$"
    rf"|^(first|last|middle|full)name{_PERSON}?$|^{_PERSON}$"
    rf"|^{_PERSON}?(dob|dateofbirth|birthdate|birthday|birthyear|ssn|socialsecurity(number|no)?|sex|gender|race|ethnicity)$"
    rf"|^{_PERSON}?(address\w*|street\w*|addr\d?|city|state|zip|zipcode|postalcode|county)$"
    rf"|^{_PERSON}?(phone\w*|homephone|cellphone|cell|mobile\w*|workphone|fax|email\w*|emailaddress|employer\w*)$"
    rf"|^{_PERSON}(dl|driverslicense|maritalstatus|occupation|language)$"
)


def is_private(header: str) -> bool:
    """Whether a header names a patient's name, birth date, address, telephone, social security number or the like."""
    return _PRIVATE.match(normalized(header)) is not None
