"""Draws a dashboard's body with the metrics of a few runs, as CloudWatch would.

    orgscan dashboard > dashboard.json
    python render.py dashboard.json picture.png run-1/metrics.jsonl run-2/metrics.jsonl ...

The runs are laid a day apart. What the renderer does not know stops it: no picture shows something
else than the dashboard says.
"""

from __future__ import annotations

import argparse
import json
import re
import textwrap
from datetime import timedelta
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
from matplotlib import dates, pyplot  # noqa: E402
from matplotlib.patches import FancyBboxPatch  # noqa: E402
from matplotlib.ticker import MaxNLocator  # noqa: E402

from metrics import Metrics, Series, label  # noqa: E402

COLUMNS = 24
COLUMN, ROW = 0.75, 0.46  # inches
INK, FAINT, LINE, PAGE = "#16191f", "#687078", "#eaeded", "#f2f3f3"
COLORS = ["#0073bb", "#ff9900", "#1d8102", "#d13212", "#8c4fff", "#879596", "#00a1c9", "#a82a0c"]


class Picture:
    """A dashboard on its way onto a page."""

    def __init__(self, body: dict, metrics: Metrics):
        self.metrics = metrics
        # A few minutes after the last run, when somebody looks.
        self.now = metrics.latest + timedelta(minutes=42)
        self.start = self.now - days(body["start"])
        self.widgets = body["widgets"]
        for widget in self.widgets:
            # Below the row with the variable.
            widget["y"] += 1
        self.rows = max(one["y"] + one["height"] for one in self.widgets)
        self.figure = pyplot.figure(figsize=(COLUMNS * COLUMN, self.rows * ROW), facecolor=PAGE)

    def choice(self, name: str, value: str) -> None:
        """The variable, as it stands above the widgets."""
        axes = self.axes({"x": 0, "y": 0, "width": 5, "height": 1}, 0.1, 0.06, 0.05, 0.06)
        axes.axis("off")
        axes.annotate(name, (0, 0.5), xycoords="axes fraction", fontsize=9.5, weight="bold", color=INK,
                      va="center")
        box = {"boxstyle": "round,pad=0.4", "fc": "white", "ec": "#aab7b8"}
        axes.annotate(f"{value}  \u25be", (0.25, 0.5), xycoords="axes fraction", fontsize=9.5, color=INK,
                      va="center", bbox=box)

    def draw(self) -> None:
        for widget in self.widgets:
            properties = widget["properties"]
            if widget["type"] == "text":
                self.text(widget, properties)
                continue
            draw = {
                "singleValue": self.numbers,
                "timeSeries": self.trend,
                "bar": self.bars,
            }[properties["view"]]
            self.panel(widget, properties["title"])
            draw(widget, properties)

    def axes(self, widget: dict, left=0.0, bottom=0.0, right=0.0, top=0.0):
        """Axes inside a widget, with so many inches of it free at each side."""
        x, y = widget["x"] * COLUMN + left, (self.rows - widget["y"] - widget["height"]) * ROW + bottom
        width = widget["width"] * COLUMN - left - right
        height = widget["height"] * ROW - bottom - top
        page_width, page_height = self.figure.get_size_inches()
        return self.figure.add_axes(
            (x / page_width, y / page_height, width / page_width, height / page_height)
        )

    def panel(self, widget: dict, title: str) -> None:
        axes = self.axes(widget, 0.05, 0.05, 0.05, 0.05)
        axes.axis("off")
        axes.add_patch(
            FancyBboxPatch((0, 0), 1, 1, boxstyle="square,pad=0", fc="white", ec="#d5dbdb", lw=0.8,
                           transform=axes.transAxes)
        )
        axes.annotate(title, (0, 1), (8, -8), "axes fraction", "offset points", fontsize=9.5,
                      weight="bold", color=INK, va="top")

    def text(self, widget: dict, properties: dict) -> None:
        axes = self.axes(widget, 0.1, 0.02, 0.1, 0.02)
        axes.axis("off")
        y = -4
        for line in properties["markdown"].split("\n"):
            heading = re.match(r"(#+) (.*)", line)
            size = 18 - 3 * len(heading[1]) if heading else 9.5
            plain = heading[2] if heading else line
            links = re.search(r"\[([^]]+)\]\([^)]+\)", plain)
            plain = re.sub(r"\[([^]]+)\]\([^)]+\)", r"\1", plain).replace("**", "").replace("`", "")
            if not plain:
                y -= 3
                continue
            axes.annotate(plain, (0, 1), (0, y), "axes fraction", "offset points", fontsize=size,
                          weight="bold" if heading else "normal", va="top",
                          color="#0073bb" if links else INK)
            y -= size * 1.55

    def series(self, properties: dict) -> list[tuple[str, Series, dict]]:
        """The series of a widget, each with its label and how it is drawn."""
        begin = self.now - days(properties["start"]) if "start" in properties else self.start
        period, found = properties["period"], []
        for entry in properties["metrics"]:
            *name, drawn = entry
            if "expression" in drawn:
                series = self.metrics.expression(drawn["expression"], begin, self.now, drawn["period"])
            else:
                series = [self.metrics.get(name).within(begin, self.now, period)]
            found += [(label(drawn["label"], one, self.now), one, drawn) for one in series]
        return found

    def numbers(self, widget: dict, properties: dict) -> None:
        all_series = self.series(properties)
        width = widget["width"] * COLUMN - 0.3
        each = width / len(all_series)
        for n, (words, series, _) in enumerate(all_series):
            left = 0.2 + n * each
            right = widget["width"] * COLUMN - left - each
            axes = self.axes(widget, left, 0.08, right, 0.45)
            axes.axis("off")
            value = f"{series.last[1]:,.5g}" if series.last else "--"
            axes.annotate(value, (0, 1), (0, 0), "axes fraction", "offset points", fontsize=19,
                          color=INK if series.last else FAINT, va="top")
            lines = textwrap.wrap(words, max(10, int(each * 11)))[:3]
            axes.annotate("\n".join(lines), (0, 1), (0, -25), "axes fraction", "offset points",
                          fontsize=8, color=FAINT, va="top")
            if properties["sparkline"] and len(series.points) > 1:
                spark = self.axes(widget, left, 0.12, right + 0.25, widget["height"] * ROW - 0.55)
                spark.axis("off")
                spark.plot(*zip(*series.points), color=COLORS[n % len(COLORS)], lw=1.2)
                spark.margins(y=0.2)

    def trend(self, widget: dict, properties: dict) -> None:
        all_series = self.series(properties)
        axes = self.axes(widget, 0.5, 0.72, 0.25, 0.45)
        handles = []
        if properties.get("stacked"):
            times = [time for time, _ in all_series[0][1].points]
            values = [[dict(series.points).get(time, 0) for time in times] for _, series, _ in all_series]
            colors = [drawn["color"] for _, _, drawn in all_series]
            handles = axes.stackplot(times, values, colors=colors, alpha=0.75)
        else:
            for n, (_, series, drawn) in enumerate(all_series):
                color = drawn.get("color", COLORS[n])
                times, values = zip(*series.points) if series.points else ([], [])
                handles += axes.plot(times, values, color=color, lw=1.6, marker="o", ms=3)
        for line in properties.get("annotations", {}).get("horizontal", []):
            axes.axhline(line["value"], color=line["color"], lw=1.2, ls="--")
            axes.annotate(line["label"], (1, line["value"]), (0, 3), ("axes fraction", "data"),
                          "offset points", fontsize=7, color=line["color"], ha="right")
        self.dress(axes, properties)
        words = [words for words, _, _ in all_series]
        axes.legend(handles, words, loc="upper left", bbox_to_anchor=(-0.06, -0.17), ncols=3,
                    fontsize=7.5, frameon=False, labelcolor=INK, handlelength=1)

    def dress(self, axes, properties: dict) -> None:
        axes.set_xlim(self.start, self.now)
        axes.xaxis.set_major_locator(dates.DayLocator(interval=3))
        axes.xaxis.set_major_formatter(dates.DateFormatter("%m/%d"))
        left = properties["yAxis"]["left"]
        axes.set_ylim(bottom=left["min"])
        top = left.get("max") or max(axes.get_ylim()[1] * 1.1, 1)
        axes.set_ylim(top=top)
        axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        axes.tick_params(labelsize=7.5, colors=FAINT, length=0)
        axes.grid(axis="y", color=LINE)
        for side in ("top", "right", "left"):
            axes.spines[side].set_visible(False)
        axes.spines["bottom"].set_color("#aab7b8")

    def bars(self, widget: dict, properties: dict) -> None:
        all_series = self.series(properties)
        all_series = [one for one in all_series if one[1].last][:20]
        axes = self.axes(widget, 1.35, 0.2, 0.45, 0.45)
        values = [series.last[1] for _, series, _ in all_series]
        places = range(len(values))
        colors = ["#ff9900" if words.startswith("≥") else "#0073bb" for words, _, _ in all_series]
        axes.barh(places, values, color=colors, height=0.7)
        axes.set_yticks(places, [words for words, _, _ in all_series])
        for place, value in zip(places, values):
            axes.annotate(f"{value:,.5g}", (value, place), (3, 0), "data", "offset points", fontsize=7,
                          va="center", color=INK)
        axes.invert_yaxis()
        axes.set_xticks([])
        axes.tick_params(labelsize=7, colors=INK, length=0)
        for side in ("top", "right", "bottom"):
            axes.spines[side].set_visible(False)
        axes.spines["left"].set_color("#aab7b8")


def days(text: str) -> timedelta:
    """A relative time, `-P14D`."""
    form = re.fullmatch(r"-P(\d+)D", text)
    if form is None:
        raise ValueError(f"a time of an unknown form: {text}")
    return timedelta(days=int(form[1]))


def chosen(text: str, metrics: Metrics, account: str | None) -> tuple[dict, str, str]:
    """The dashboard with its variable set to an account, or to its default; its name, and the account."""
    (variable,) = json.loads(text)["variables"]
    if variable["type"] != "pattern" or variable["defaultValue"] != "__FIRST":
        raise ValueError(f"a variable of an unknown form: {variable}")
    choices = metrics.choices(variable)
    if account is not None and account not in choices:
        raise ValueError(f"account {account} has no metrics")
    account = account or choices[0]
    return json.loads(re.sub(variable["pattern"], account, text)), variable["label"], account


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("body", type=Path)
    parser.add_argument("picture", type=Path)
    parser.add_argument("runs", type=Path, nargs="+", help="metrics.jsonl of each, the oldest first")
    parser.add_argument("--namespace", default="OrgScan")
    parser.add_argument("--account", help="the account to choose; by default the first one")
    arguments = parser.parse_args()
    metrics = Metrics(arguments.namespace, arguments.runs)
    body, name, account = chosen(arguments.body.read_text(), metrics, arguments.account)
    picture = Picture(body, metrics)
    picture.choice(name, account)
    picture.draw()
    picture.figure.savefig(arguments.picture, dpi=80, metadata={"Software": None})


if __name__ == "__main__":
    main()
