"""Vocabulary and common ground: values, registry, errors, settings, progress. Imports nothing of mmcore above it."""
