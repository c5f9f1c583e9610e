#ifndef LLMKIT_RESOURCES_H
#define LLMKIT_RESOURCES_H

#include <stddef.h>

// Data files as bytes of the program: in its read-only memory, without a bundle to find or a file to open at run time.
// Strings and arrays in Swift sources would do too, but are slower to compile and no data to whoever edits them.

typedef struct {
    const unsigned char *_Nonnull bytes;
    size_t count;
} llmkit_resource;

// The word lists of the guards; each file says at its head what is in it.
llmkit_resource llmkit_lexicon_akin(void);
llmkit_resource llmkit_lexicon_common_words(void);
llmkit_resource llmkit_lexicon_dates(void);
llmkit_resource llmkit_lexicon_grammar(void);
llmkit_resource llmkit_lexicon_opposites(void);
llmkit_resource llmkit_lexicon_people(void);
llmkit_resource llmkit_lexicon_places(void);
llmkit_resource llmkit_lexicon_spans(void);
llmkit_resource llmkit_lexicon_stop_words(void);
llmkit_resource llmkit_lexicon_synonyms(void);
llmkit_resource llmkit_lexicon_thesaurus(void);
llmkit_resource llmkit_lexicon_things(void);
llmkit_resource llmkit_lexicon_units(void);

// What is believed of an embedder before there is traffic: see EmbedderPrior.swift.
llmkit_resource llmkit_prior_minilm(void);

#endif
