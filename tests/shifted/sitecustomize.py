"""Read by every Python that `tests/shifted/run.sh` starts: libfaketime refuses the system call of `time.sleep`."""

import threading
import time


def sleep(seconds: float) -> None:
    threading.Event().wait(seconds)


time.sleep = sleep
