"""Metrics of a few runs, and what CloudWatch's expressions find in them."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path

DAY = timedelta(days=1)

# The expressions that the dashboard is made of. What is of another form stops the picture.
SEARCH = re.compile(
    r"SLICE\(SORT\(SEARCH\('\{\"(?P<namespace>[^\"]+)\",(?P<dimension>\w+)\} MetricName=\"(?P<metric>\w+)\"', "
    r"'Maximum', (?P<period>\d+)\), MAX, DESC\), 0, (?P<most>\d+)\)"
)
QUERY = re.compile(
    r"SELECT MAX\((?P<metric>\w+)\) FROM SCHEMA\(\"(?P<namespace>[^\"]+)\", (?P<dimension>\w+)\) "
    r"GROUP BY (?P=dimension) ORDER BY MAX\(\) DESC LIMIT (?P<most>\d+)"
)
VARIABLE = re.compile(r"\{\"(?P<namespace>[^\"]+)\",(?P<dimension>\w+)\} MetricName=\"(?P<metric>\w+)\"")


@dataclass
class Series:
    """The values of one metric, by time."""

    metric: str
    dimensions: dict[str, str]
    points: list[tuple[datetime, float]] = field(default_factory=list)

    @property
    def last(self) -> tuple[datetime, float] | None:
        return self.points[-1] if self.points else None

    def within(self, begin: datetime, end: datetime, period: int) -> Series:
        """The highest value of each period, as the statistic Maximum has it."""
        periods: dict[datetime, float] = {}
        for time, value in self.points:
            if begin <= time <= end:
                start = datetime.fromtimestamp(time.timestamp() // period * period, timezone.utc)
                periods[start] = max(value, periods.get(start, value))
        return Series(self.metric, self.dimensions, sorted(periods.items()))


class Metrics:
    """All series of a namespace. The runs are laid a day apart, the last one at its own time."""

    def __init__(self, namespace: str, runs: list[Path]):
        self.namespace = namespace
        self.series: dict[tuple[str, str], Series] = {}
        latest = None
        for age, run in enumerate(reversed(runs)):
            lines = [json.loads(line) for line in run.read_text().splitlines()]
            times = [datetime.fromisoformat(line["timestamp"]) for line in lines]
            latest = latest or max(times)
            for line in lines:
                account = line.get("account_id", "")
                dimensions = {"AccountId": account} if account else {}
                key = (line["name"], account)
                series = self.series.setdefault(key, Series(line["name"], dimensions))
                series.points.append((latest - age * DAY, line["value"]))
        for series in self.series.values():
            series.points.sort()
        self.latest = latest

    def get(self, entry: list) -> Series:
        """The series that a widget's entry names."""
        namespace, metric, *dimensions = entry
        if namespace != self.namespace:
            raise ValueError(f"no namespace {namespace}")
        account = dict(zip(dimensions[::2], dimensions[1::2])).get("AccountId", "")
        found = self.series.get((metric, account))
        return found or Series(metric, {"AccountId": account} if account else {})

    def expression(self, text: str, begin: datetime, end: datetime, period: int) -> list[Series]:
        """What a search or a query finds: the accounts with the highest values, and how high."""
        form = SEARCH.fullmatch(text) or QUERY.fullmatch(text)
        if form is None or form["namespace"] != self.namespace or form["dimension"] != "AccountId":
            raise ValueError(f"an expression of an unknown form: {text}")
        found = [series.within(begin, end, period) for series in self.named(form["metric"])]
        found = [series for series in found if series.points]
        found.sort(key=lambda series: -max(value for _, value in series.points))
        return found[: int(form["most"])]

    def named(self, metric: str) -> list[Series]:
        """All accounts' series of a metric."""
        return [one for (name, account), one in self.series.items() if name == metric and account]

    def choices(self, variable: dict) -> list[str]:
        """What a variable of the dashboard can be."""
        form = VARIABLE.fullmatch(variable["search"])
        if form is None or form["namespace"] != self.namespace:
            raise ValueError(f"a search of an unknown form: {variable['search']}")
        values = defaultdict(list)
        for series in self.named(form["metric"]):
            values[series.dimensions[variable["populateFrom"]]].append(series)
        return sorted(values)


def label(text: str, series: Series, now: datetime) -> str:
    """A dynamic label.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/graph-dynamic-labels.html
    """

    def value(match: re.Match) -> str:
        name = match[1]
        if dimension := re.fullmatch(r"PROP\('Dim\.(\w+)'\)", name):
            return series.dimensions[dimension[1]]
        if series.last is None:
            return "--"
        time, number = series.last
        texts = {
            "LAST": f"{number:,.5g}",
            "LAST_TIME": f"{time:%Y-%m-%d %H:%M} UTC",
            "LAST_TIME_RELATIVE": relative(now - time),
        }
        return texts[name]

    return re.sub(r"\$\{([^}]+)\}", value, text)


def relative(age: timedelta) -> str:
    minutes = int(age.total_seconds() // 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [f"{days}d" if days else "", f"{hours}h" if hours else "", f"{minutes}m"]
    return " ".join(part for part in parts if part)
