"""Native charts of the workbook, over the cells of its first sheet."""

from typing import Any

STATE_COLOURS = ("9AA5B1", "E69F00", "56B4E9", "009E73")
"""Not notified, notified, e-mail to confirm, active: told apart by colour-blind eyes too."""
DARK = "1F3A5F"
_WIDTH = 22.0


def funnel(sheet: Any, heading: int, last: int) -> Any:
    """Return the funnel: one bar a step, the first on top.

    Args:
        sheet: Where labels are in column A and numbers in B.
        heading: The row of the headings.
        last: The row of the last step.
    """
    chart = _bars(sheet, heading, last, last_column=2, title="Du compte à l'activation")
    chart.height, chart.legend = 7.5, None
    chart.series[0].graphicalProperties.solidFill = DARK
    _show_values(chart)
    return chart


def groups(sheet: Any, heading: int, last: int) -> Any:
    """Return the states of each group, stacked."""
    chart = _bars(sheet, heading, last, last_column=5, title="Où en sont les comptes")
    chart.grouping, chart.overlap = "stacked", 100
    chart.height = 6 + 0.55 * (last - heading)
    chart.legend.position = "b"
    for series, colour in zip(chart.series, STATE_COLOURS, strict=True):
        series.graphicalProperties.solidFill = colour
    return chart


def curve(sheet: Any, heading: int, last: int) -> Any:
    """Return the accounts activated in all, day after day."""
    from openpyxl.chart import LineChart, Reference
    from openpyxl.chart.axis import DateAxis

    chart: Any = LineChart()
    chart.title = "Comptes activés, jour après jour"
    chart.add_data(
        Reference(sheet, min_col=3, min_row=heading, max_row=last), titles_from_data=True
    )
    chart.set_categories(Reference(sheet, min_col=1, min_row=heading + 1, max_row=last))
    chart.x_axis = DateAxis(crossAx=100)
    chart.x_axis.number_format = "DD/MM/YYYY"
    chart.x_axis.majorTimeUnit = "days"
    chart.y_axis.crossAx = 500
    chart.series[0].graphicalProperties.line.solidFill = STATE_COLOURS[-1]
    chart.series[0].marker.symbol = "circle"
    chart.series[0].smooth = False
    chart.legend, chart.width, chart.height = None, _WIDTH, 8.5
    _show_axes(chart)
    return chart


def _bars(sheet: Any, heading: int, last: int, *, last_column: int, title: str) -> Any:
    from openpyxl.chart import BarChart, Reference

    chart: Any = BarChart()
    chart.type, chart.title, chart.width, chart.gapWidth = "bar", title, _WIDTH, 50
    numbers = Reference(sheet, min_col=2, max_col=last_column, min_row=heading, max_row=last)
    chart.add_data(numbers, titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=heading + 1, max_row=last))
    chart.x_axis.scaling.orientation = "maxMin"  # the first line of the table on top
    chart.y_axis.scaling.min = 0
    _show_axes(chart)
    return chart


def _show_axes(chart: Any) -> None:
    # openpyxl marks axes as deleted unless told; recent readers then hide them.
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.number_format = "#,##0"
    chart.y_axis.scaling.min = 0


def _show_values(chart: Any) -> None:
    from openpyxl.chart.label import DataLabelList

    chart.dataLabels = DataLabelList()
    chart.dataLabels.showVal = True
    for name in ("showSerName", "showCatName", "showLegendKey", "showPercent"):
        setattr(chart.dataLabels, name, False)
