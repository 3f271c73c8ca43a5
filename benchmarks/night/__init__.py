"""The rectorate's night, measured: an academy imported, its accounts opened, letters printed.

`python -m benchmarks.night`: PostgreSQL as it is installed (each commit on the disk), the
commands as they are typed, their CPU apart from the server's, hashing alone in between.
"""
