"""One command for every school of an academy: tasks, the crews that do them, the report.

A task is one school. Crews are `concurrent.futures` executors: processes of this machine, or
a Dask cluster. There is no queue of ours and no state of ours: what is left to do is asked
of the database, so that a campaign which was killed is resumed by running it again.
"""
