"""Encoders of image inputs."""
