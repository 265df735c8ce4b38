"""Figures: numbers -> Plotly and Altair objects; pure functions."""
