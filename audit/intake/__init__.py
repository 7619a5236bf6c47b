"""Export files in, contract rows, rejected rows and control totals out."""

from audit.intake.columns.given import given
from audit.intake.files.sources import find_sources, passed_over, present
from audit.intake.load import load
from audit.intake.proof.gate import check_rejects
from audit.intake.survey import Survey, survey

__all__ = ["Survey", "check_rejects", "find_sources", "given", "load", "passed_over", "present", "survey"]
