"""The office side of EduConnect."""

__version__ = "0.1.0"
