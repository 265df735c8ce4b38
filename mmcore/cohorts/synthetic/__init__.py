"""What the synthetic cohorts share: random numbers by case, sentences with places, drawing, beliefs, and the cohort."""
