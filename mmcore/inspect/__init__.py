"""One encoder: what it makes of a value, and how it places the cases of a cohort."""
