"""Makes candles, runs TA-Lib over them and writes both, one JSON file a series. Called by scripts/ta-lib-fixtures.

Numbers are written so that reading them gives the same bits; null stands where TA-Lib has no value.
"""

import json
import sys
from pathlib import Path

import numpy
import talib


class Numbers:
    """A linear congruential generator (Knuth's MMIX constants): the same numbers everywhere and always."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        """The next number, 0 <= n < 1."""
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 11) / 2**53


def walk(seed, bars, start, step, drift=0.0, decimals=None):
    """Bars (high, low, close) whose closes move by up to `step` either way, around `drift`, as shares of the price."""
    numbers = Numbers(seed)
    place = (lambda price: price) if decimals is None else (lambda price: round(price, decimals))
    close = start
    series = []
    for _ in range(bars):
        opened = close
        close = place(close * (1 + drift + step * (2 * numbers.next() - 1)))
        high = place(max(opened, close) * (1 + step * numbers.next()))
        low = place(min(opened, close) * (1 - step * numbers.next()))
        series.append((max(high, opened, close), min(low, opened, close), close))
    return series


def flat(bars, price):
    """What stands in for missing candles: high = low = close."""
    return [(price, price, price)] * bars


def with_holes(seed, holes):
    """A walk with a flat stretch of each length in it."""
    series = walk(seed, 60, 40000.0, 0.02, decimals=2)
    for number, length in enumerate(holes):
        price = series[-1][2]
        series += flat(length, price) + walk(seed + 1 + number, 60, price, 0.02, decimals=2)
    return series


SERIES = {
    "walk": walk(1, 400, 40000.0, 0.02, decimals=2),
    "unrounded": walk(2, 300, 1.0, 0.05),
    "flat": flat(200, 100.1),
    "rise": walk(3, 250, 100.0, 0.005, drift=0.03),
    "fall": walk(4, 250, 60000.0, 0.005, drift=-0.03),
    "only_up": [(price * 1.01, price, price * 1.01) for price in (100.0 * 1.02**bar for bar in range(120))],
    "tiny": walk(5, 250, 1e-5, 0.03),
    "huge": walk(6, 250, 1e12, 0.03),
    # Moves of a cent: the variance is far below the rounding of squared prices.
    "calm": walk(7, 250, 64000.0, 2e-7, decimals=2),
    "calmer": walk(8, 250, 64000.0, 1e-12),
    "holes": with_holes(9, [1, 2, 19, 45]),
    "long_hole": with_holes(20, [600]),
    "short": walk(30, 8, 40000.0, 0.02),
    "one": walk(31, 1, 40000.0, 0.02),
    **{f"first_{bars}": walk(32, bars, 40000.0, 0.02, decimals=2) for bars in (14, 15, 19, 20, 21, 33, 34, 54, 55)},
}


def indicators(series):
    """Every column of TA-Lib, by the name that it has in `Columns`."""
    high, low, close = (numpy.array(column) for column in zip(*series))
    macd, signal, histogram = talib.MACD(close, 12, 26, 9)
    upper, middle, lower = talib.BBANDS(close, 20, 2, 2, talib.MA_Type.SMA)
    return {
        "ema21": talib.EMA(close, 21),
        "ema55": talib.EMA(close, 55),
        "rsi14": talib.RSI(close, 14),
        "macd": macd,
        "macd_signal": signal,
        "macd_histogram": histogram,
        "bollinger_upper": upper,
        "bollinger_middle": middle,
        "bollinger_lower": lower,
        "atr14": talib.ATR(high, low, close, 14),
    }


def as_json(column):
    """One line."""
    return json.dumps([None if numpy.isnan(value) else float(value) for value in column], separators=(",", ":"))


def main():
    """Writes every series, and removes files of series that are no more."""
    folder = Path(sys.argv[1])
    folder.mkdir(exist_ok=True)
    for name, series in SERIES.items():
        high, low, close = zip(*series)
        columns = {"high": high, "low": low, "close": close, **indicators(series)}
        lines = ",\n".join(f'"{column}":{as_json(values)}' for column, values in columns.items())
        (folder / f"{name}.json").write_text(f"{{\n{lines}\n}}\n")
    for file in folder.glob("*.json"):
        if file.stem not in SERIES:
            file.unlink()


main()
