"""Findings of a finished run -> the report that people read. Reads the run folder only; needs no engine."""

from audit.report.build import OUTPUTS, build_view, render_again, write_all, write_report
from audit.report.charts.vega import why_not as why_no_charts
from audit.report.options import ReportOptions
from audit.report.outputs.page import render_html

__all__ = ["OUTPUTS", "ReportOptions", "build_view", "render_again", "render_html", "why_no_charts", "write_all", "write_report"]
