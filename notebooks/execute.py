"""Runs notebooks headless; notebooks/run-all prepares what they need and calls this."""

import argparse
import re
import resource
import socket
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

OUT = Path("target/notebooks")
STARTS = 5
START_SECONDS = 10  # a start takes 2 to 3 on an idle machine
SETTLE_SECONDS = 1
CELL_SECONDS = 600


class NoStart(Exception):
    """The kernel did not start."""


def started(notebook, name, log):
    """Returns a client whose kernel answers. Only the start is tried again, never a cell."""
    for attempt in range(1, STARTS + 1):
        client = NotebookClient(
            notebook,
            startup_timeout=START_SECONDS,
            timeout=CELL_SECONDS,
            record_timing=False,
            resources={"metadata": {"path": "notebooks"}},
        )
        client.reset_execution_trackers()
        try:
            client.create_kernel_manager()
            client.start_new_kernel(stdout=log, stderr=log)
            await_ports(client.km)
            client.start_new_kernel_client()
            return client
        except RuntimeError as e:
            if client.km is not None:
                client._cleanup_kernel()
            print(f"{name}: start {attempt} of {STARTS} failed: {e}", flush=True)
    raise NoStart(f"the kernel did not start; see {log.name}")


def await_ports(manager):
    """Waits until the kernel listens, and a little longer.

    It listens before it can handle anything, and hangs for good if it is asked in between. That is
    why most starts that would hang do not; some still do.
    """
    begin = time.monotonic()
    for port in manager.ports:
        while True:
            try:
                socket.create_connection((manager.ip, port), 1).close()
                break
            except OSError:
                if time.monotonic() > begin + START_SECONDS:
                    raise RuntimeError(f"Kernel didn't listen in {START_SECONDS} seconds")
                time.sleep(0.1)
    time.sleep(SETTLE_SECONDS)


def run(notebook, name):
    """Runs all cells and returns what went wrong, or None."""
    log = open(OUT / f"{name}.log", "w", encoding="utf-8")
    try:
        client = started(notebook, name, log)
    except NoStart as e:
        return str(e)
    try:
        for number, cell in enumerate(notebook.cells, start=1):
            try:
                client.execute_cell(cell, number - 1)
            except (CellExecutionError, CellTimeoutError, DeadKernelError) as e:
                return f"cell {number}, which begins '{first_line(cell)}': {e}"
    finally:
        client._cleanup_kernel()
        log.close()
    return None


def first_line(cell):
    return cell.source.strip().split("\n")[0]


def processor_seconds():
    """Returns what the kernels that have ended took of the processors."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def tidy(notebook):
    """Leaves nothing in the notebook that differs from run to run or from machine to machine."""
    language = notebook.metadata.get("language_info", {}).get("name", "java")
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {
                "display_name": "Java",
                "language": "java",
                "name": "rapaio-jupyter-kernel",
            },
            "language_info": {
                "codemirror_mode": "java",
                "file_extension": ".java",
                "mimetype": "text/x-java-source",
                "name": language,
            },
        }
    )
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = merged([o for o in cell.outputs if not announces_path(o)])


def merged(outputs):
    """Makes one text of what was printed piece by piece."""
    result = []
    for output in outputs:
        last = result[-1] if result else {}
        if output.output_type == "stream" and last.get("name") == output.name:
            last.text += output.text
        else:
            result.append(output)
    return result


def announces_path(output):
    """Whether it is the kernel saying what it put on the class path, with its absolute path."""
    return output.output_type == "stream" and re.fullmatch(
        r"(\x1b\[[0-9;]*m)*Add \S+ to classpath(\x1b\[[0-9;]*m|\s)*", output.text
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", action="store_true", help="write into the notebooks themselves")
    parser.add_argument("notebooks", nargs="+", type=Path)
    arguments = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    failed = False
    for file in arguments.notebooks:
        notebook = nbformat.read(file, as_version=4)
        begin = time.monotonic()
        used = processor_seconds()
        error = run(notebook, file.stem)
        seconds = time.monotonic() - begin
        used = processor_seconds() - used
        tidy(notebook)
        nbformat.write(notebook, OUT / file.name)
        if error is None:
            if arguments.store:
                nbformat.write(notebook, file)
            cells = sum(cell.cell_type == "code" for cell in notebook.cells)
            print(
                f"{file}: ran {cells} cells in {seconds:.0f} s,"
                f" {used:.0f} s of processor time",
                flush=True,
            )
        else:
            failed = True
            print(f"{file}: {error}", file=sys.stderr)
            print(f"{file}: STOPPED by an error after {seconds:.0f} s", flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
