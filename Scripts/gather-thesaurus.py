#!/usr/bin/env python3
"""Gathers Sources/CResources/Lexicon/thesaurus.txt from WordNet 3.0 (Debian: apt-get install wordnet-base).

usage: Scripts/gather-thesaurus.py WORDNET VOCABULARY
  WORDNET     the folder of data.noun, index.noun, noun.exc …, as /usr/share/wordnet
  VOCABULARY  common words, one a line, the commonest first: vocab.txt of the sentence encoder

Kept are pairs of words of the vocabulary that share one of the three commonest senses of both, an adjective with the noun of
its attribute, a word with one derived from it, and irregular forms. Left out are opposites, and words so vague that they stand for
anything.
"""
import collections
import re
import sys

PARTS = {"n": "noun", "v": "verb", "a": "adj", "s": "adj", "r": "adv"}
# The commonest sense is number 0.
SENSES = {"synonym": 2, "derived": 3, "attribute": 2}
VAGUE = set(
    """get have make take go do be give come put set keep run let hold see look turn work line point part way thing matter place
    time man case say tell know think good great big well use try show find call leave move bring stand pass draw play cut hit
    break fall head hand side back right left close open light order base form run level state act beat catch cover""".split()
)


class WordNet:
    def __init__(self, folder):
        self.sets = {}
        self.senses = {}
        self.irregular = []
        for part in ("noun", "verb", "adj", "adv"):
            for line in open(f"{folder}/data.{part}", encoding="latin1"):
                if not line.startswith("  "):
                    self._read(part, line.split(" | ")[0].split(" "))
            for line in open(f"{folder}/index.{part}", encoding="latin1"):
                if not line.startswith("  "):
                    fields = line.split()
                    for number, offset in enumerate(fields[6 + int(fields[3]) :]):
                        self.senses[fields[0], part, offset] = number
            for line in open(f"{folder}/{part}.exc"):
                form, *bases = line.split()
                self.irregular += [(form, base) for base in bases]

    def _read(self, part, fields):
        count = int(fields[3], 16)
        words = [re.sub(r"\(.*\)", "", word) for word in fields[4 : 4 + 2 * count : 2]]
        rest = fields[4 + 2 * count :]
        pointers = []
        for place in range(int(rest[0])):
            kind, offset, other, ends = rest[1 + 4 * place : 5 + 4 * place]
            pointers.append((kind, PARTS[other], offset, int(ends[:2], 16), int(ends[2:], 16)))
        self.sets[part, fields[0]] = (words, pointers)

    def sense(self, word, part, offset):
        return self.senses.get((word.lower(), part, offset), 99)


def gather(wordnet, rank):
    found = collections.defaultdict(set)
    opposites = set()

    def add(kind, a, b, sense):
        if a != b and a in rank and b in rank and min(len(a), len(b)) > 2:
            found[tuple(sorted((a, b)))].add((kind, sense))

    for (part, offset), (words, pointers) in wordnet.sets.items():
        common = [word for word in words if word == word.lower()]
        for place, a in enumerate(common):
            for b in common[:place]:
                add("synonym", a, b, max(wordnet.sense(a, part, offset), wordnet.sense(b, part, offset)))
        for kind, other, target, first, second in pointers:
            others = wordnet.sets[other, target][0]
            if kind == "!" and first and second:
                opposites.add(tuple(sorted((words[first - 1].lower(), others[second - 1].lower()))))
            elif kind in "+\\" and first and second:
                a, b = words[first - 1], others[second - 1]
                add("derived", a, b, max(wordnet.sense(a, part, offset), wordnet.sense(b, other, target)))
            elif kind == "=":
                for a in common:
                    for b in others:
                        if b == b.lower():
                            add("attribute", a, b, max(wordnet.sense(a, part, offset), wordnet.sense(b, other, target)))
    return found, opposites


def negated(word):
    return word[:2] in ("un", "in", "im") or word[:3] in ("dis", "non")


def main(folder, vocabulary):
    wordnet = WordNet(folder)
    words = [line.strip() for line in open(vocabulary, encoding="utf8")]
    rank = {word: place for place, word in enumerate(words) if word.isascii() and word.isalpha()}
    found, opposites = gather(wordnet, rank)
    akin = collections.defaultdict(set)
    for (a, b), kinds in found.items():
        if (a, b) in opposites or negated(a) != negated(b):
            continue
        if not any(sense <= SENSES[kind] for kind, sense in kinds):
            continue
        if (a in VAGUE or b in VAGUE) and ("synonym", 0) not in kinds:
            continue
        if a[:5] == b[:5] and min(len(a), len(b)) > 5:
            continue  # told by their letters
        head, other = (a, b) if rank[a] < rank[b] else (b, a)
        akin[head].add(other)
    for form, base in wordnet.irregular:
        if form in rank and base in rank and form != base and len(form) > 2:
            akin[base].add(form)
    print(
        """# Words that may stand for each other in some sense: a word, a colon, and those akin to it. Not passed on: what is akin to two
# words does not make them akin.
#
# Gathered by Scripts/gather-thesaurus.py from WordNet 3.0, Copyright 2006 by Princeton University, under the licence in
# LICENSE-WordNet: synonyms in the commoner senses, an adjective and the noun of its attribute, irregular forms.
"""
    )
    for head in sorted(akin):
        print(f"{head}: {' '.join(sorted(akin[head]))}")
    print("\n# Common words that nothing above is akin to: known, and so no slips of each other.")
    known = {word for names, _ in wordnet.sets.values() for word in names if word == word.lower()}
    used = set(akin).union(*akin.values())
    rest = sorted(word for word in rank if len(word) > 2 and word in known and word not in used)
    for place in range(0, len(rest), 14):
        print("-: " + " ".join(rest[place : place + 14]))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
