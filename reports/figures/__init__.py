"""Figures from dated facts as they were known at an instant: what is asked, the SQL, and the one door to it."""
