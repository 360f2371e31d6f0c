"""The whole system on this machine: what `make run` starts, in order, and stops."""

import os
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

import boto3

from local import demo, edge, interrupts, keys, ports, programs, resources, template
from local.aws import Cloud
from local.bus import Bus
from local.console import Console
from local.gateway import Gateway, Serving
from local.pool import Pool
from local.postman import Postman
from local.process import Failed, account, environment
from local.programs import Program
from local.resources import Made
from local.retries import Tell
from local.schedules import Scheduler
from local.settings import Settings, Unusable
from local.static import Site
from local.stream import Poller
from local.template import Template

WATCH_SECONDS = 0.3


@dataclass(frozen=True, slots=True)
class Back:
    """The way back to the demo data, for one caller at a time."""

    session: boto3.Session
    cloud: Cloud
    table: str
    settings: Settings
    _one: threading.Lock

    def __call__(self) -> None:
        """Load the dues, forget orders and letters, open the payment that is shown as open."""
        with self._one:
            demo.load(self.session, self.table, self.settings.now())
            self.cloud.forget_letters()
            self.cloud.take_records(self.table)
            demo.start_payment(self.settings.portal_url)


@dataclass(frozen=True, slots=True)
class Stack:
    """What runs and is looked after: the card page and the functions by name."""

    bank: Program
    pools: dict[str, Pool]


def start(settings: Settings, parts: ExitStack) -> Stack:
    """Start everything and give what to look after; `parts` stops what was started.

    Raise Unusable where a port is taken or a part does not start.
    """
    portal = ports.claim(settings.portal_port, "PORTAL_PORT")
    aws = ports.claim(settings.aws_port, "AWS_PORT")
    ports.check(settings.cmi_port, "CMI_PORT")
    settings.folder.mkdir(parents=True, exist_ok=True)
    settings.functions_log.write_bytes(b"")
    bank = begun(programs.simulate_bank, settings, parts)
    building = begun(programs.build_site, settings, parts)
    cloud = Cloud(aws)
    parts.callback(cloud.stop)
    session = _session(settings)
    described = template.read()
    made = resources.make(described, session, settings)
    os.environ["TABLE"] = made.table
    keys.write(session, list(made.keys.values()), settings.keys)
    pools = _pools(made, settings, parts)
    back = Back(session, cloud, made.table, settings, threading.Lock())
    postman = _postman(described, cloud, pools, settings)
    parts.callback(postman.stop)
    programs.finish(building)
    gateway = Gateway(
        edge.read(described, made.headers, settings.languages),
        Site(settings.site, {"/keys.json": settings.keys}),
        {route: pools[name] for route, name in described.routes().items()},
        Console(cloud, back, postman, settings).answer,
        settings,
    )
    parts.callback(Serving(gateway, portal).stop)
    _load(pools, settings)
    back()
    parts.callback(_poller(described, made, cloud, pools, _tell(settings)).stop)
    parts.callback(_scheduler(described, pools).stop)
    programs.await_bank(bank, settings)
    return Stack(bank, pools)


def watch(running: Stack, settings: Settings) -> None:
    """Raise Unusable when the card page ends by itself, and return never."""
    while True:
        check(running, settings)
        time.sleep(WATCH_SECONDS)


def check(running: Stack, settings: Settings) -> None:
    """Raise Unusable where the card page has ended by itself."""
    if running.bank.poll() is not None:
        raise Unusable(f"The CMI simulator ended by itself: see {settings.bank_log}.")


def begun(begin: Callable[[Settings], Program], settings: Settings, parts: ExitStack) -> Program:
    """Begin a program that `parts` will end; no interruption comes between the two."""
    with interrupts.held():
        program = begin(settings)
        parts.callback(programs.stop, program)
    return program


def _session(settings: Settings) -> boto3.Session:
    """Turn this process, and so the functions' own modules in it, to the embedded AWS."""
    os.environ.update(account(settings.aws_url))
    return boto3.Session()


def _pools(made: Made, settings: Settings, parts: ExitStack) -> dict[str, Pool]:
    """Start a first copy of every function."""
    pools = {}
    for function in made.functions:
        pool = Pool(
            function,
            environment(function, settings.aws_url),
            settings.functions_log,
            settings.ahead.total_seconds(),
        )
        parts.callback(pool.stop)
        pool.start()
        pools[function.name] = pool
    return pools


def _load(pools: dict[str, Pool], settings: Settings) -> None:
    """Wait until every function is loaded."""
    for name, pool in pools.items():
        try:
            pool.load()
        except Failed as error:
            raise Unusable(f"{name} does not load: see {settings.functions_log}.") from error


def _poller(
    described: Template,
    made: Made,
    cloud: Cloud,
    pools: dict[str, Pool],
    tell: Tell,
) -> Poller:
    subscribers = [(stream, pools[stream.function].invoke) for stream in described.streams()]
    take = partial(cloud.take_records, made.table)
    return Poller(take, subscribers, cloud.application.written, tell)


def _postman(
    described: Template, cloud: Cloud, pools: dict[str, Pool], settings: Settings
) -> Postman:
    subscribers = [(rule, pools[rule.function].invoke) for rule in described.rules()]
    bus = Bus(subscribers, _tell(settings))
    return Postman(cloud, bus, described.mail_events(), settings.now)


def _tell(settings: Settings) -> Tell:
    """Give what writes a line among what the functions print."""

    def tell(line: str) -> None:
        with settings.functions_log.open("a", encoding="utf-8") as log:
            log.write(line + "\n")

    return tell


def _scheduler(described: Template, pools: dict[str, Pool]) -> Scheduler:
    return Scheduler(
        [(schedule, pools[schedule.function].invoke) for schedule in described.schedules()]
    )
