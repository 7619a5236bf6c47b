"""Export files in, contract rows, rejected rows and control totals out."""

from audit.intake.gate import check_rejects
from audit.intake.load import load
from audit.intake.sources import find_sources
from audit.intake.survey import Survey, survey

__all__ = ["Survey", "check_rejects", "find_sources", "load", "survey"]
