"""Encoders of signal inputs."""
