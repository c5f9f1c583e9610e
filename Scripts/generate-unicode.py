#!/usr/bin/env python3
"""Writes Sources/CKernels/unicode_tables.h: what BERT's text normaliser does with each Unicode scalar.

The tables are read off the reference, scalar by scalar, so that tokens are those that the models were trained on. The
reference mixes Unicode versions (its categories are older than its decompositions), and so do the tables.

Needs the Python package tokenizers (last run with 0.23.3). Usage: Scripts/generate-unicode.py
"""
import pathlib

from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers

OFF = dict(clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=False)
OTHER, CONTROL, WHITESPACE, WHITESPACE_CONTROL, PUNCTUATION, MARK = range(6)


def bert(**flags):
    return normalizers.BertNormalizer(**{**OFF, **flags}).normalize_str


clean, strip, lower = bert(clean_text=True), bert(strip_accents=True), bert(lowercase=True)
decompose = normalizers.NFD().normalize_str
split = pre_tokenizers.BertPreTokenizer().pre_tokenize_str
SCALARS = [code for code in range(0x110000) if not 0xD800 <= code < 0xE000]


def category(code):
    text = "x" + chr(code) + "x"
    words = [word for word, _ in split(text)]
    is_removed = clean(text) == "xx"
    if words == ["x", "x"]:
        return WHITESPACE_CONTROL if is_removed else WHITESPACE
    if is_removed:
        return CONTROL
    if words != [text]:
        return PUNCTUATION
    return MARK if strip(chr(code)) == "" else OTHER


def combining_classes():
    """The canonical combining classes, told by how the reference orders two scalars; only their order matters."""
    def is_after(a, b):  # whether a's class is higher than b's, and neither is zero
        return decompose(chr(a) + chr(b)) != chr(a) + chr(b)

    simple = [code for code in SCALARS if decompose(chr(code)) == chr(code)]
    # U+0334 has the lowest class of the alphabetic marks, U+0345 the highest of all.
    moving = [code for code in simple if is_after(code, 0x334) or is_after(0x345, code) or code == 0x345]
    groups = []  # one list of scalars per class, in order
    for code in moving:
        low, high = 0, len(groups)
        while low < high:
            middle = (low + high) // 2
            if is_after(code, groups[middle][0]):
                low = middle + 1
            else:
                high = middle
        if low < len(groups) and not is_after(groups[low][0], code):
            groups[low].append(code)
        else:
            groups.insert(low, [code])
    return {code: rank + 1 for rank, group in enumerate(groups) for code in group}


def word_scalars():
    """What `\\w` matches: a token that must be a single word is not found in front of it."""
    tokenizer = Tokenizer(models.WordLevel({"?": 0}, unk_token="?"))
    tokenizer.add_tokens([AddedToken("!", single_word=True, normalized=False)])
    token = tokenizer.token_to_id("!")
    return {code for code in SCALARS if token not in tokenizer.encode("!" + chr(code)).ids}


def class_rows():
    order, words, rows, last = combining_classes(), word_scalars(), [], 0
    assert max(order.values()) < 0x80
    for code in SCALARS:
        value = category(code) << 8 | (code in words) << 7 | order.get(code, 0)
        if value != last:
            rows.append(f"{code << 11 | value:#x}")
            last = value
    return rows


def decomposition_rows():
    """Hangul syllables are left out: they are computed."""
    rows, pool = [], []
    for code in SCALARS:
        text = decompose(chr(code))
        if text == chr(code) or 0xAC00 <= code <= 0xD7A3:
            continue
        rows.append(f"{{{code:#x}, {len(pool)}, {len(text)}}}")
        pool += [f"{ord(part):#x}" for part in text]
    return rows, pool


def lowercase_rows():
    """Runs of scalars with the same distance to their lower case, one or two apart."""
    runs = []
    for code in SCALARS:
        text = lower(chr(code))
        if text == chr(code) or code == 0x130:  # the only one that becomes two scalars
            continue
        assert len(text) == 1
        offset = ord(text) - code
        if runs and runs[-1][3] == offset:
            first, last, step, _ = runs[-1]
            gap = code - last
            if gap == step or (first == last and gap == 2):
                runs[-1] = (first, code, gap, offset)
                continue
        runs.append((code, code, 1, offset))
    return [f"{{{first:#x}, {last:#x}, {step}, {offset}}}" for first, last, step, offset in runs]


def table(kind, name, rows):
    lines, line = [], "   "
    for row in rows:
        if len(line) + len(row) + 2 > 120:
            lines.append(line)
            line = "   "
        line += f" {row},"
    lines.append(line)
    return f"static const {kind} {name}[{len(rows)}] = {{\n" + "\n".join(lines) + "\n};\n"


decompositions, pool = decomposition_rows()
output = pathlib.Path(__file__).resolve().parent.parent / "Sources/CKernels/unicode_tables.h"
output.write_text("\n".join([
    "// Written by Scripts/generate-unicode.py. Do not edit.\n",
    "// The first scalar of each run << 11 | category << 8 | whether it belongs to words << 7 | rank of its combining class.",
    table("uint32_t", "classes", class_rows()),
    "// Scalar, place in the pool, length.",
    table("struct decomposition", "decompositions", decompositions),
    table("uint32_t", "pool", pool),
    "// First, last, step, offset.",
    table("struct case_run", "lowercase", lowercase_rows()),
]).rstrip() + "\n")
print(f"wrote {output}")
