"""Figures in, charts as inline SVG out."""
