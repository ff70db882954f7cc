#!/usr/bin/env python3
"""Benchmark: TA-Lib's C library over a million candles, the baseline of `bench_indicators`.

Usage: .venv/bin/python scripts/bench-ta-lib.py [--candles N] [--rounds N]

Needs scripts/ta-lib-requirements.txt in .venv. The candles are those of `bench_indicators`, to the bit; what takes the
time is the six calls that give the same ten columns. `median_ms`: the C functions, called directly, into arrays that are
there already. `fresh_median_ms`: through the Python module, which makes an array for each column.
"""

import argparse
import ctypes
import json
import statistics
import time
from pathlib import Path

import numpy
import talib


def candles(count):
    """The highs, lows and closes."""
    state, close = 42, 40000.0
    columns = numpy.empty((3, count))

    def number():
        nonlocal state
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (state >> 11) / 2**53

    for index in range(count):
        opened = close
        close *= 1.0 + (number() - 0.5) * 0.005
        high = max(opened, close) * (1.0 + number() * 0.001)
        low = min(opened, close) * (1.0 - number() * 0.001)
        columns[:, index] = high, low, close
    return columns


def c_library():
    """The very library that the Python module is linked to."""
    folder = Path(talib.__file__).parent.parent / "ta_lib.libs"
    library = ctypes.CDLL(str(next(folder.glob("libta-lib*"))))
    if library.TA_Initialize() != 0:
        raise SystemExit("TA_Initialize failed")
    return library


def direct_calls(high, low, close):
    """A function that computes everything into arrays of its own, and those arrays."""
    library = c_library()
    columns = [numpy.zeros(len(close)) for _ in range(10)]
    as_c = lambda array: array.ctypes.data_as(ctypes.POINTER(ctypes.c_double))
    high, low, close, *out = map(as_c, (high, low, close, *columns))
    begin, filled, last = ctypes.c_int(), ctypes.c_int(), len(columns[0]) - 1
    where = ctypes.byref(begin), ctypes.byref(filled)
    two, simple = ctypes.c_double(2), 0

    def run():
        results = (
            library.TA_EMA(0, last, close, 21, *where, out[0]),
            library.TA_EMA(0, last, close, 55, *where, out[1]),
            library.TA_RSI(0, last, close, 14, *where, out[2]),
            library.TA_MACD(0, last, close, 12, 26, 9, *where, *out[3:6]),
            library.TA_BBANDS(0, last, close, 20, two, two, simple, *where, *out[6:9]),
            library.TA_ATR(0, last, high, low, close, 14, *where, out[9]),
        )
        if any(results):
            raise SystemExit(f"TA-Lib failed: {results}")

    return run, columns


def measure(rounds, run):
    """Milliseconds of each round after one that does not count, fastest first."""
    run()
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        run()
        times.append((time.perf_counter() - began) * 1e3)
    return sorted(times)


def main():
    """Prints one JSON line, with the names that `bench_indicators` has for it."""
    options = argparse.ArgumentParser()
    options.add_argument("--candles", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=7)
    options = options.parse_args()
    high, low, close = map(numpy.ascontiguousarray, candles(options.candles))

    run, columns = direct_calls(high, low, close)
    reused = measure(options.rounds, run)
    fresh = measure(
        options.rounds,
        lambda: (
            talib.EMA(close, 21),
            talib.EMA(close, 55),
            talib.RSI(close, 14),
            talib.MACD(close, 12, 26, 9),
            talib.BBANDS(close, 20, 2, 2, talib.MA_Type.SMA),
            talib.ATR(high, low, close, 14),
        ),
    )
    figures = {
        "subject": "ta-lib",
        "version": talib.__ta_version__.decode().split()[0],
        "candles": options.candles,
        "rounds": options.rounds,
        "median_ms": statistics.median_low(reused),
        "min_ms": reused[0],
        "ns_per_candle": statistics.median_low(reused) * 1e6 / options.candles,
        "fresh_median_ms": statistics.median_low(fresh),
        "fresh_min_ms": fresh[0],
        "last_close": float(close[-1]),
        # Places after the last value keep the zero that they began with.
        "sums": [float(column.sum()) for column in columns],
    }
    print(json.dumps(figures))


main()
