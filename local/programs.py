"""The programs that run beside the stack: the site's build and the card page."""

import os
import select
import subprocess
import sys

from local.settings import MERCHANT, ROOT, STORE_KEY, Settings, Unusable

Program = subprocess.Popen[bytes]
READY_SECONDS = 20.0
STOP_SECONDS = 3.0


def build_site(settings: Settings) -> Program:
    """Start building the pages."""
    return subprocess.Popen(
        [
            *(sys.executable, "site/build.py"),
            *("--out", str(settings.site)),
            *("--portal-url", settings.portal_url),
            *("--languages", ",".join(settings.languages)),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def finish(building: Program) -> None:
    """Wait until the pages are built; raise Unusable with what the build said if it failed."""
    said, _ = building.communicate()
    if building.returncode:
        raise Unusable(f"The site was not built:\n{said.decode(errors='replace').rstrip()}")


def simulate_bank(settings: Settings) -> Program:
    """Start the card page; its clock starts where the portal's is."""
    environment = {
        **os.environ,
        "CMI_PORT": str(settings.cmi_port),
        "CMI_MERCHANT": MERCHANT,
        "CMI_STORE_KEY": STORE_KEY,
        "CMI_NOW": settings.now().isoformat(),
        "CMI_RESET_URL": f"{settings.portal_url}/_local/reset",
    }
    with settings.bank_log.open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "cmi_simulator"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )


def await_bank(program: Program, settings: Settings) -> None:
    """Wait for the card page's one line, `ready`; raise Unusable where it does not come."""
    output = program.stdout
    assert output is not None  # noqa: S101 - it was opened as a pipe
    poll = select.poll()
    poll.register(output, select.POLLIN)
    if not poll.poll(READY_SECONDS * 1000) or not output.readline():
        raise Unusable(f"The CMI simulator does not start: see {settings.bank_log}.")


def stop(program: Program) -> None:
    """Ask a program to end, and make it end if it does not."""
    program.terminate()
    try:
        program.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        program.kill()
        program.wait()
    if program.stdout:
        program.stdout.close()
