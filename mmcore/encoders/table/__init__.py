"""Encoders of table inputs."""
