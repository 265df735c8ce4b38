"""Whether an explanation is right: pointing at known evidence, deletion and insertion, robustness."""
