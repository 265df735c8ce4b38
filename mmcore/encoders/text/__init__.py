"""Encoders of text inputs."""
