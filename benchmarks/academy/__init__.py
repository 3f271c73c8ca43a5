"""A whole academy on paper: a list of schools, and the files that each of them delivers.

`python -m benchmarks.academy FOLDER --schools 2800`: the same bytes from the same seed, one
sector at a time, so that memory does not grow with the academy.
"""
