"""The reference for WordPieceOracleTests: random and hostile strings, and what Hugging Face's tokenizers makes of them.

usage: wordpiece.py TOKENIZER_JSON COUNT SEED     COUNT 0: every Unicode scalar instead, forty a string
Prints a line per string: its UTF-8 in hexadecimal, a tab, its ids with spaces between them.
"""
import random
import sys
import unicodedata

from tokenizers import Tokenizer

path, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
tokenizer = Tokenizer.from_file(path)
tokenizer.no_truncation()
tokenizer.no_padding()
rng = random.Random(seed)
vocabulary = sorted(tokenizer.get_vocab())

SPECIAL = [
    "<x>", " <x> ", "<x>y", "<<x>y", "The", "THE end", " z", "a", "\u00e9", "\u00c9moji", "e\u0301moji",
    "[CLS]", "[SEP]", "[MASK]", "[PAD]", "[UNK]", "[cls]", "[ MASK]", "[[MASK]]", "[MASK",
    "MASK]", "[SEP][SEP]", "##", "##ing",
]
# What normalisers stumble over: case pairs with two letters, sigma, dotless i, ligatures, Hangul and its letters,
# kana with marks, ideographs in and out of BERT's ranges, joined emoji, flags, tags, format characters, odd spaces.
ODD = (
    "\u0130\u0131\u03a3\u03c3\u03c2\u1e9e\u00df\ufb01\u01c5\u212a\u2126\u00c5\u212b\u1fb3\u1fbc\u1f88\u03aa\u0390"
    "\ud55c\uae00\uac01\u1100\u1161\u11a8\u3131\u304c\u304b\u3099\u30d1\uff76\uff9e"
    "\u4e2d\u6587\u3400\uf900\ufa0e\U00020000\U0002a6df\U0002b81f\U0002b820\U0002b920\U0002f800\U0002f81a\U00030000"
    "\U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467\ufe0f\U0001f3fd\U0001f1e9\U0001f1ea\U000e0067\U000e007f\u20e3"
    "\x00\x01\x07\x08\x0b\x0c\x1b\x1f\x7f\x80\x85\x9f\u00ad\u200b\u200c\u200e\u200f\u202a\u202e\u2028\u2029\u2060\u2066"
    "\u2069\ufeff\ufffd\ufffe\uffff\ue000\U000f0000\U0010ffff\u00a0\u1680\u2000\u2009\u202f\u205f\u3000\u180e"
    "\u0300\u0301\u0308\u0327\u0323\u0345\u0344\u0340\u0f71\u0f73\u0f74\u0958\u09cb\u0bcb\u05d0\u05b8\u05bc\ufb2c\u0627"
    "\u0653\u0622\u064b\u0e33\u1d15e\U0001d15e\U0001d165\U0001d16d\u302e\u302f\u16ff0\U00016ff0\u0488\u20dd\u0903"
    "\u0105\u017b\u1e69\u1ed9\u01d6\u2260\u226e\u00bd\u2163\u24b6\u00aa\u00ba\u02bb\u2019\u201c\u2026\u2014\u3001\u300c"
    "\uff01\uff21\u00a1\u00bf\u00b7\u20ac\u00a3\u00b0\u00d7\u2212\u2044\u00a8\u00b4\u0060\u1fbd\u1fef\u037e\u0387"
)


def scalar():
    kind = rng.random()
    if kind < 0.25:
        return chr(rng.randrange(0x20, 0x7F))
    if kind < 0.45:
        return rng.choice(ODD)
    if kind < 0.6:
        return chr(rng.randrange(0x80, 0x600))
    if kind < 0.75:
        return chr(rng.randrange(0x300, 0x370))
    while True:
        bound = rng.choice([0x800, 0x3000, 0x10000, 0x20000, 0x30000, 0x110000])
        code = rng.randrange(bound)
        if not 0xD800 <= code < 0xE000:
            return chr(code)


def word():
    kind = rng.random()
    if kind < 0.5:
        piece = rng.choice(vocabulary)
        return piece[2:] if piece.startswith("##") else piece
    if kind < 0.6:
        return rng.choice(SPECIAL)
    if kind < 0.7:
        return "".join(rng.choice(vocabulary).replace("##", "") for _ in range(rng.randrange(1, 5)))
    if kind < 0.8:
        return "".join(rng.choice("aAzZ09.,'-_!?$%()@#&") for _ in range(rng.randrange(1, 8)))
    if kind < 0.97:
        return "".join(scalar() for _ in range(rng.randrange(1, 6)))
    # Around the limit of 100 scalars a word.
    return rng.choice(["a", "e\u0301", "\u0301", "\ud55c", "\u4e2d", "\u00c4"]) * rng.randrange(45, 110)


def string():
    kind = rng.random()
    if kind < 0.3:
        text = "".join(scalar() for _ in range(rng.randrange(0, 24)))
    else:
        joints = [" ", " ", " ", "", "  ", "\t", "\n", "\r\n", "\u3000", "\x00", "\u200b", ", "]
        text = "".join(word() + rng.choice(joints) for _ in range(rng.randrange(0, 10)))
    change = rng.random()
    if change < 0.1:
        text = text.upper()
    elif change < 0.15:
        text = text.title()
    elif change < 0.25:
        text = unicodedata.normalize("NFD", text)
    elif change < 0.3:
        text = unicodedata.normalize("NFC", text)
    return "".join(c for c in text if not 0xD800 <= ord(c) < 0xE000)


def every_scalar():
    """Each scalar once, between letters."""
    codes = [code for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    for start in range(0, len(codes), 40):
        yield " ".join("a" + chr(code) + "b" for code in codes[start:start + 40])


strings = [string() for _ in range(count)] if count else every_scalar()
for text in strings:
    ids = tokenizer.encode(text).ids
    print(text.encode().hex(), " ".join(map(str, ids)), sep="\t")
