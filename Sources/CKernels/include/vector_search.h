#ifndef LLMKIT_VECTOR_SEARCH_H
#define LLMKIT_VECTOR_SEARCH_H

#include "vector_heads.h"

// A chunk holds 64 rows: their ids, the version at which each died (0 while it lives), and then the rows themselves.
enum { llmkit_chunk_deaths = 64 * 8, llmkit_chunk_rows = 64 * 12 };

// The heads of 64 rows that came after the last fit, a block of each piece after the other.
typedef struct llmkit_tail_block {
    uint8_t heads[llmkit_block_bytes];
    // The rows without a bound, a bit each.
    uint64_t unbounded;
} llmkit_tail_block;

// Blocks [first, end) hold rows around one centre, sorted by their angle to it.
typedef struct llmkit_cluster {
    uint32_t first, end;
    float centre_length;
} llmkit_cluster;

// Between which two cones around the centre the rows of a block lie: the cosines and sines of the angles. Let two
// vectors make the angles u and v with a third; the angle between them is at least |u - v|. So with c = cos(a) the cosine
// asked for, no row of the block reaches it if the query's angle is above outer + a, or below inner - a.
typedef struct llmkit_ring {
    float inner_cosine, inner_sine, outer_cosine, outer_sine;
} llmkit_ring;

// Everything a search reads. Row numbers ("slots") count through the chunks.
typedef struct llmkit_index_view {
    const llmkit_vector_kernels *kernels;
    size_t dimensions;  // a multiple of 16
    bool is_half;
    // Enough for all rows.
    const void *const *chunks;
    size_t chunk_count;
    size_t rows;
    // Rows that died later than this are still seen.
    uint32_t version;

    // NULL: every row is compared in full.
    const llmkit_head_model *model;
    // The rows that the fit has put in order: their heads in blocks, an array per piece, and which rows they are.
    const uint8_t *pieces[llmkit_levels];
    const uint32_t *slots;
    size_t fitted_rows;
    // Groups of blocks whose rows lie around a centre. None in small indices.
    const llmkit_cluster *clusters;
    size_t cluster_count;
    const uint16_t *centres;  // [cluster_count][dimensions], in half precision
    const llmkit_ring *rings;  // one per block
    // No fitted row is longer.
    float longest;
    const uint32_t *unbounded;
    size_t unbounded_count;
    // Every 64 rows from tail_start on, a multiple of 64, have a tail block; fewer than 64 are left, and compared in full.
    // All that the fit has put in order, or has no bound for, lies before.
    const llmkit_tail_block *const *tail;
    size_t tail_count;
    size_t tail_start;
} llmkit_index_view;

typedef struct llmkit_match {
    int64_t id;
    float cosine;
} llmkit_match;

// The `limit` nearest rows to `query` (padded to the view's dimensions) of those whose cosine is at least `floor`, the
// nearest first, of equally near ones the smallest id first. Returns how many there are, or llmkit_refused if the view's
// counts do not fit each other: it may have been read up to there, but nothing beyond what they promise.
#define llmkit_refused SIZE_MAX
size_t llmkit_index_search(
    const llmkit_index_view *view, const float *query, float floor, llmkit_match *matches, size_t limit);

void llmkit_chunk_bury(void *chunk, size_t row, uint32_t version);
uint32_t llmkit_chunk_death(const void *chunk, size_t row);

#endif
