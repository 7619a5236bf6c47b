"""The synthetic practice: who works there, whom it bills, what it charges, and what a correct visit looks like."""
