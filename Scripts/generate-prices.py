#!/usr/bin/env python3
"""Writes Sources/LLMKit/Cost/PriceTable+BuiltIn.swift from Scripts/prices.csv.

Usage: Scripts/generate-prices.py   (from the root of the repository; needs Python 3.9, no packages)

The columns of the CSV are dollars per million tokens; an empty cell is unknown, not zero. `editions` lists the dated or
numbered ids of a model (what stands behind its name) to which the source gives the same prices; those with other
prices have rows of their own. Three things are derived:
- vendors get the names that OpenTelemetry gives them;
- a model whose long prompts cost more, and that has batch or flex rates, gets those for long prompts too: each class
  in the proportion that it has for short ones;
- the factor `fast` is written out as a service tier.
"""
import csv
import re
from fractions import Fraction
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATE = "2026-11-23"
SOURCE = "price file of litellm 1.106.2"

VENDORS = {"mistral": "mistral_ai", "xai": "x_ai", "azure": "azure.ai.openai", "moonshot": "moonshot_ai"}
CLASSES = {
    "input": "input", "output": "output", "cache_read": "cached_read",
    "cache_write_5m": "cache_write_5m", "cache_write_1h": "cache_write_1h", "reasoning": "reasoning_output",
}
ABOVE = {
    "input": "input_above", "output": "output_above",
    "cache_read": "cached_read_above", "cache_write_5m": "cache_write_above",
}
SERVICES = {
    "batch": {"input": "batch_input", "output": "batch_output", "cache_read": "batch_cached_read"},
    "priority": {"input": "priority_input", "output": "priority_output"},
    "flex": {"input": "flex_input", "output": "flex_output"},
}


def exact(value):
    """A fraction as a decimal, to the millionth of a dollar per million tokens: one picodollar per token."""
    units = round(value * 10**6)
    text = f"{units // 10**6}.{units % 10**6:06d}".rstrip("0").rstrip(".")
    return text


def rates(row, columns):
    return {name: Fraction(row[column]) for name, column in columns.items() if row[column] != ""}


def tiers(row):
    """Thresholds with their rates. Models with more than two tiers have them in the note."""
    listed = re.findall(r"(\d+)-\d+: ([\d.]+)/([\d.]+)", row["note"])
    if listed:
        return [(int(low), {"input": Fraction(i), "output": Fraction(o)}) for low, i, o in listed if int(low) > 0]
    threshold = row["tier_threshold_tokens"]
    return [(int(threshold), rates(row, ABOVE))] if threshold else []


def fields(row):
    base = rates(row, CLASSES)
    if base.get("reasoning") == base.get("output"):
        base.pop("reasoning", None)
    long = tiers(row)
    services = {name: rates(row, columns) for name, columns in SERVICES.items()}
    factors = dict(pair.split("=") for pair in row["regional_multiplier"].split(";") if pair)
    if "fast" in factors:
        factor = Fraction(factors.pop("fast"))
        services["fast"] = {name: rate * factor for name, rate in base.items()}

    def write(prefix, section):
        for name, rate in section.items():
            yield f"{prefix}{name}={exact(rate)}"

    if row["editions"]:
        yield "editions=" + row["editions"].replace(";", ",")
    yield from write("", base)
    for threshold, section in long:
        yield from write(f"above{threshold}.", section)
    for service, section in services.items():
        yield from write(f"{service}.", section)
        if service in ("batch", "flex"):
            for threshold, above in long:
                scaled = {n: above[n] * r / base[n] for n, r in section.items() if n in above and base.get(n)}
                yield from write(f"{service}.above{threshold}.", scaled)
    for name, factor in factors.items():
        yield f"region.{name}={factor}"
    for name, column in [("context", "context_window"), ("max_output", "max_output"),
                         ("cache_min", "prompt_cache_min_tokens"), ("retires", "retirement_date")]:
        if row[column]:
            yield f"{name}={row[column]}"


def main():
    with open(ROOT / "Scripts/prices.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    lines = [f"{VENDORS.get(r['provider'], r['provider'])} {r['model']} " + " ".join(fields(r)) for r in rows]
    text = "\n".join("        " + line for line in ["llmkit-prices 1", f"date: {DATE}", f"source: {SOURCE}", *lines])
    swift = f'''// Written by Scripts/generate-prices.py from Scripts/prices.csv: change those instead.

extension PriceTable {{
    /// List prices of {len(rows)} models, gathered on {DATE} from the {SOURCE}, which volunteers keep up.
    ///
    /// A start, not the truth: check what you are billed, and put your own prices over it (``overriding(with:)``).
    public static let builtIn = (try? PriceTable(parsing: builtInText, name: "built-in prices")) ?? PriceTable(empty: "")

    static let builtInText = """
{text}
        """
}}
'''
    (ROOT / "Sources/LLMKit/Cost/PriceTable+BuiltIn.swift").write_text(swift)
    print(f"{len(rows)} prices")


if __name__ == "__main__":
    main()
