"""The measured process: `python -m benchmarks.jobs NAME ORDER-AS-JSON`."""

import json
import sys

from benchmarks.jobs import Order, job

print(job(sys.argv[1])(Order(**json.loads(sys.argv[2]))))
