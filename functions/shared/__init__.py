"""What the functions share. `VERSION` is that of `pyproject.toml`."""

VERSION = "0.1.0"
