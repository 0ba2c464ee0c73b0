"""`python -m stripchart`."""

from stripchart.cli.app import main

main()
