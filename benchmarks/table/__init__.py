"""One table of what the product costs beside its peers: `python -m benchmarks.table`."""
