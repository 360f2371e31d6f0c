"""Morocco's clock: Africa/Casablanca by the pinned `tzdata`, never by the machine's own tables.

Its offset moves with Ramadan and by decree: machines whose tables are a few months old are an
hour off, and the month of a fee, a receipt's time and CMI's page would disagree.
"""

from importlib.resources import files
from zoneinfo import ZoneInfo

with files("tzdata.zoneinfo.Africa").joinpath("Casablanca").open("rb") as _rules:
    CASABLANCA = ZoneInfo.from_file(_rules, key="Africa/Casablanca")
