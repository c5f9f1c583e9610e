#!/usr/bin/env python3
"""Writes Sources/LLMKit/Cost/PriceTable+BuiltIn.swift from Scripts/prices.csv.

Usage: Scripts/generate-prices.py   (from the root of the repository; needs Python 3.9, no packages)

The rates of the CSV are dollars per million tokens; an empty cell is unknown, not zero. A row without `section` begins a
price, the rows after it give its rates for other services and longer prompts: `batch`, `above200000`, `batch.above200000`;
`atleast200000` counts the boundary in. `editions` lists the dated or numbered ids of a model (what stands behind its name)
that have the same prices; those with other prices have rows of their own. Nothing is derived or rounded here. The only
change is that vendors get the names that OpenTelemetry gives them. Scripts/gather-prices.py reads newer rates.
"""
import csv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATE = "2026-11-29"
SOURCE = "price file of litellm 1.108.7"

VENDORS = {"mistral": "mistral_ai", "xai": "x_ai", "azure": "azure.ai.openai", "moonshot": "moonshot_ai"}
CLASSES = {
    "input": "input", "output": "output", "cached_read": "cache_read", "cache_write_5m": "cache_write_5m",
    "cache_write_1h": "cache_write_1h", "reasoning_output": "reasoning",
}
TIMES = {"hours": "hours", "except": "except", "valid_from": "from", "valid_until": "until"}
FACTS = {"context_window": "context", "max_output": "max_output", "prompt_cache_min_tokens": "cache_min",
         "retirement_date": "retires"}


def rates(row):
    prefix = row["section"] + "." if row["section"] else ""
    return [f"{prefix}{name}={row[column]}" for column, name in CLASSES.items() if row[column]]


def fields(rows):
    first = rows[0]
    lists = {name: first[name].replace(";", ",") for name in ("editions", "hours", "except")}
    yield from (f"{name}={first[column] if name not in lists else lists[name]}"
                for column, name in {"editions": "editions", **TIMES}.items() if first[column])
    for row in rows:
        yield from rates(row)
    yield from (f"region.{factor}" for factor in first["regions"].split(";") if factor)
    yield from (f"{name}={first[column]}" for column, name in FACTS.items() if first[column])


def main():
    with open(ROOT / "Scripts/prices.csv", newline="") as file:
        prices = []
        for row in csv.DictReader(file):
            if row["section"]:
                prices[-1].append(row)
            else:
                prices.append([row])
    lines = [f"{VENDORS.get(p[0]['provider'], p[0]['provider'])} {p[0]['model']} " + " ".join(fields(p)) for p in prices]
    models = len({(p[0]["provider"], p[0]["model"]) for p in prices})
    text = "\n".join("        " + line for line in ["llmkit-prices 1", f"date: {DATE}", f"source: {SOURCE}", *lines])
    swift = f'''// Written by Scripts/generate-prices.py from Scripts/prices.csv: change those instead.

extension PriceTable {{
    /// List prices of {models} models, gathered on {DATE} from the {SOURCE}, which volunteers keep up.
    ///
    /// A start, not the truth: check what you are billed, and put your own prices over it (``overriding(with:)``).
    public static let builtIn =
        (try? PriceTable(parsing: builtInText, name: "built-in prices")) ?? PriceTable(empty: "")

    static let builtInText = """
{text}
        """
}}
'''
    (ROOT / "Sources/LLMKit/Cost/PriceTable+BuiltIn.swift").write_text(swift)
    print(f"{len(prices)} prices of {models} models")


if __name__ == "__main__":
    main()
