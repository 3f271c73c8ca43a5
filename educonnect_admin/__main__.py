"""Run the command line with `python -m educonnect_admin`."""

from educonnect_admin.cli import main

main()
