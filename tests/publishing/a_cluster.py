"""A Dask cluster of two workers on this machine, as a program: prints its address and the workers' process numbers, then waits.

It is a process of its own because whoever imports Dask has threads, and can no longer be copied.
"""

import sys

from distributed import LocalCluster

if __name__ == "__main__":
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", local_directory=sys.argv[1], memory_limit=0
    ) as cluster:
        numbers = [str(nanny.pid) for nanny in cluster.workers.values()]
        print(cluster.scheduler_address, *numbers, flush=True)
        sys.stdin.read()
