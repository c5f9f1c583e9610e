#include "CResources.h"

// #embed is C23, which this compiler has long known.
#pragma clang diagnostic ignored "-Wc23-extensions"

#define RESOURCE(name) \
    llmkit_resource llmkit_##name(void) { return (llmkit_resource){name, sizeof name}; }

static const unsigned char lexicon_akin[] = {
#embed "Lexicon/akin.txt"
};
RESOURCE(lexicon_akin)

static const unsigned char prior_minilm[] = {
#embed "Priors/minilm.json"
};
RESOURCE(prior_minilm)

static const unsigned char lexicon_common_words[] = {
#embed "Lexicon/common-words.txt"
};
RESOURCE(lexicon_common_words)

static const unsigned char lexicon_dates[] = {
#embed "Lexicon/dates.txt"
};
RESOURCE(lexicon_dates)

static const unsigned char lexicon_grammar[] = {
#embed "Lexicon/grammar.txt"
};
RESOURCE(lexicon_grammar)

static const unsigned char lexicon_opposites[] = {
#embed "Lexicon/opposites.txt"
};
RESOURCE(lexicon_opposites)

static const unsigned char lexicon_people[] = {
#embed "Lexicon/people.txt"
};
RESOURCE(lexicon_people)

static const unsigned char lexicon_places[] = {
#embed "Lexicon/places.txt"
};
RESOURCE(lexicon_places)

static const unsigned char lexicon_spans[] = {
#embed "Lexicon/spans.txt"
};
RESOURCE(lexicon_spans)

static const unsigned char lexicon_stop_words[] = {
#embed "Lexicon/stop-words.txt"
};
RESOURCE(lexicon_stop_words)

static const unsigned char lexicon_synonyms[] = {
#embed "Lexicon/synonyms.txt"
};
RESOURCE(lexicon_synonyms)

static const unsigned char lexicon_thesaurus[] = {
#embed "Lexicon/thesaurus.txt"
};
RESOURCE(lexicon_thesaurus)

static const unsigned char lexicon_things[] = {
#embed "Lexicon/things.txt"
};
RESOURCE(lexicon_things)

static const unsigned char lexicon_units[] = {
#embed "Lexicon/units.txt"
};
RESOURCE(lexicon_units)
