#include "vector_search.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

typedef struct search {
    const llmkit_index_view *view;
    const float *query;
    // A heap with the worst match on top.
    llmkit_match *matches;
    size_t count, limit;
    // What a row must reach to be of use.
    float floor;
    bool has_risen;
    // Rows that passed the filter: compared a few at a time, so that memory can fetch them meanwhile.
    uint32_t pending[8];
    size_t pending_count;
} search;

static inline bool is_worse(llmkit_match a, llmkit_match b) {
    return a.cosine < b.cosine || (a.cosine == b.cosine && a.id > b.id);
}

static void sift_down(llmkit_match *heap, size_t count, llmkit_match match) {
    size_t hole = 0;
    for (size_t child; (child = 2 * hole + 1) < count; hole = child) {
        if (child + 1 < count && is_worse(heap[child + 1], heap[child])) child++;
        if (!is_worse(heap[child], match)) break;
        heap[hole] = heap[child];
    }
    heap[hole] = match;
}

static void keep(search *s, llmkit_match match) {
    if (s->count == s->limit) {
        if (!is_worse(s->matches[0], match)) return;
        sift_down(s->matches, s->count, match);
    } else {
        size_t hole = s->count++;
        for (; hole > 0 && is_worse(match, s->matches[(hole - 1) / 2]); hole = (hole - 1) / 2) {
            s->matches[hole] = s->matches[(hole - 1) / 2];
        }
        s->matches[hole] = match;
        if (s->count < s->limit) return;
    }
    if (s->matches[0].cosine > s->floor) {
        s->floor = s->matches[0].cosine;
        s->has_risen = true;
    }
}

static inline const uint8_t *row_of(const llmkit_index_view *view, const uint8_t *chunk, size_t row) {
    return chunk + llmkit_chunk_rows + row * view->dimensions * (view->is_half ? 2 : 4);
}

static inline void compare(search *s, size_t slot) {
    const llmkit_index_view *view = s->view;
    const uint8_t *chunk = view->chunks[slot / llmkit_block_rows];
    const size_t row = slot % llmkit_block_rows;
    const uint8_t *start = row_of(view, chunk, row);
    const float cosine = view->is_half ? view->kernels->dot_half((const uint16_t *)start, s->query, view->dimensions)
                                       : view->kernels->dot((const float *)start, s->query, view->dimensions);
    if (!(cosine >= s->floor)) return;
    const uint32_t death = atomic_load_explicit(
        (const _Atomic uint32_t *)(chunk + llmkit_chunk_deaths + 4 * row), memory_order_acquire);
    // Versions wrap around; no two that meet are 2^31 apart.
    if (death != 0 && (int32_t)(death - view->version) <= 0) return;
    int64_t id;
    memcpy(&id, chunk + 8 * row, sizeof id);
    keep(s, (llmkit_match){id, cosine});
}

static void compare_pending(search *s) {
    for (size_t i = 0; i < s->pending_count; i++) compare(s, s->pending[i]);
    s->pending_count = 0;
}

static inline void add_pending(search *s, size_t slot) {
    const uint8_t *row = row_of(s->view, s->view->chunks[slot / llmkit_block_rows], slot % llmkit_block_rows);
    const size_t bytes = s->view->dimensions * (s->view->is_half ? 2 : 4);
    for (size_t place = 0; place < bytes; place += 64) __builtin_prefetch(row + place);
    s->pending[s->pending_count++] = (uint32_t)slot;
    if (s->pending_count == sizeof s->pending / sizeof *s->pending) compare_pending(s);
}

static inline void aim_if_risen(search *s, llmkit_head_bound *bound) {
    if (!s->has_risen) return;
    s->has_risen = false;
    llmkit_head_aim(bound, s->floor);
}

static inline void add_passed(search *s, size_t block, uint64_t passed) {
    for (; passed; passed &= passed - 1) {
        const size_t place = block * llmkit_block_rows + (size_t)__builtin_ctzll(passed);
        if (place < s->view->fitted_rows) add_pending(s, s->view->slots[place]);
    }
}

static void search_all_blocks(search *s, llmkit_head_bound *bound) {
    const llmkit_index_view *view = s->view;
    const size_t blocks = (view->fitted_rows + llmkit_block_rows - 1) / llmkit_block_rows;
    uint64_t passed = 0;
    for (size_t b = 0; b < blocks; b++) {
        b = view->kernels->scan(view->coarse, view->fine, b, blocks, &bound->query, &passed);
        if (b == blocks) break;
        add_passed(s, b, passed);
        aim_if_risen(s, bound);
    }
}

// Blocks that are left of clusters: known some time before they are scanned, so that memory can fetch them meanwhile.
typedef struct block_list {
    uint32_t blocks[512];
    size_t count;
} block_list;

static void fetch_block(const llmkit_index_view *view, size_t block) {
    const uint8_t *start = view->coarse + block * llmkit_half_block_bytes;
    for (size_t place = 0; place < llmkit_half_block_bytes; place += 64) __builtin_prefetch(start + place);
}

static void search_listed(search *s, llmkit_head_bound *bound, block_list *list) {
    const llmkit_index_view *view = s->view;
    uint64_t passed = 0;
    for (size_t i = 0; i < list->count && i < 2; i++) fetch_block(view, list->blocks[i]);
    for (size_t i = 0; i < list->count; i++) {
        if (i + 2 < list->count) fetch_block(view, list->blocks[i + 2]);
        const size_t b = list->blocks[i];
        if (view->kernels->scan(view->coarse, view->fine, b, b + 1, &bound->query, &passed) != b) continue;
        add_passed(s, b, passed);
        aim_if_risen(s, bound);
    }
    list->count = 0;
}

// The cosine asked for as an angle, for vectors that may be a little longer than 1.
typedef struct angle {
    float cosine, sine;
} angle;

static angle angle_asked(const search *s, float query_length) {
    const float cosine = fminf(1, s->floor / (query_length * s->view->longest) - 1e-6f);
    return (angle){cosine, (float)sqrt(fmax(0, 1 - (double)cosine * cosine))};
}

// Whether rows of the ring may be as near to the query as is asked, the query's cosine to the centre being known within
// `error`.
static inline bool may_hold(const llmkit_ring *ring, angle asked, float cosine, float error) {
    // cos(outer + a), a falling function as long as the angle stays below pi, which is when cos(outer) > -cos(a).
    const float least = ring->outer_cosine * asked.cosine - ring->outer_sine * asked.sine;
    if (ring->outer_cosine > -asked.cosine && cosine < least - error) return false;
    // cos(inner - a) bounds only if inner > a.
    const float most = ring->inner_cosine * asked.cosine + ring->inner_sine * asked.sine;
    return !(ring->inner_cosine < asked.cosine && cosine > most + error);
}

static void list_cluster(
    search *s, llmkit_head_bound *bound, block_list *list, size_t index, float cosine, float error, angle asked) {
    const llmkit_cluster *cluster = &s->view->clusters[index];
    for (size_t b = cluster->first; b < cluster->end; b++) {
        if (!may_hold(&s->view->rings[b], asked, cosine, error)) continue;
        list->blocks[list->count++] = (uint32_t)b;
        if (list->count == sizeof list->blocks / sizeof *list->blocks) search_listed(s, bound, list);
    }
}

enum { most_clusters = 8192 };

static void search_fitted(search *s, llmkit_head_bound *bound) {
    const llmkit_index_view *view = s->view;
    // Below that cosine hardly anything is left out.
    if (view->cluster_count == 0 || view->cluster_count > most_clusters || !(s->floor > 0.6f)) {
        search_all_blocks(s, bound);
        return;
    }
    float cosines[most_clusters];
    const float length = sqrtf(view->kernels->dot(s->query, s->query, view->dimensions)) * (1 + 1e-6f);
    // What the product may be off by, twice: once here, once when the rings were made.
    const float error = 4 * (float)view->dimensions * 0x1p-24f + 2e-6f;
    size_t nearest = 0;
    for (size_t c = 0; c < view->cluster_count; c++) {
        const float product = view->kernels->dot_half(view->centres + c * view->dimensions, s->query, view->dimensions);
        cosines[c] = product / (length * view->clusters[c].centre_length);
        if (cosines[c] > cosines[nearest]) nearest = c;
    }
    // Where a near row is most likely comes first: what it raises the floor to spares the rest of the work.
    block_list list = {.count = 0};
    list_cluster(s, bound, &list, nearest, cosines[nearest], error, angle_asked(s, length));
    search_listed(s, bound, &list);
    compare_pending(s);
    aim_if_risen(s, bound);
    const angle asked = angle_asked(s, length);
    for (size_t c = 0; c < view->cluster_count; c++) {
        if (c != nearest) list_cluster(s, bound, &list, c, cosines[c], error, asked);
    }
    search_listed(s, bound, &list);
}

static void search_tail(search *s, llmkit_head_bound *bound) {
    const llmkit_index_view *view = s->view;
    for (size_t b = view->tail_start / llmkit_block_rows; b < view->rows / llmkit_block_rows; b++) {
        const llmkit_tail_block *block = view->tail[b - view->tail_start / llmkit_block_rows];
        uint64_t passed = 0;
        if (view->kernels->scan(block->coarse, block->fine, 0, 1, &bound->query, &passed) == 1) passed = 0;
        for (passed |= block->unbounded; passed; passed &= passed - 1) {
            add_pending(s, b * llmkit_block_rows + (size_t)__builtin_ctzll(passed));
        }
        aim_if_risen(s, bound);
    }
}

static size_t search_rows(
    const llmkit_index_view *view, const float *query, float floor, llmkit_match *matches, size_t limit, bool filters) {
    search s = {.view = view, .query = query, .matches = matches, .limit = limit, .floor = floor};
    const size_t first = filters ? view->rows / llmkit_block_rows * llmkit_block_rows : 0;
    for (size_t slot = first; slot < view->rows; slot++) compare(&s, slot);
    if (filters) {
        for (size_t i = 0; i < view->unbounded_count; i++) compare(&s, view->unbounded[i]);
        llmkit_head_bound bound = llmkit_head_prepare(view->model, view->kernels, query);
        llmkit_head_aim(&bound, s.floor);
        s.has_risen = false;
        search_fitted(&s, &bound);
        search_tail(&s, &bound);
        compare_pending(&s);
    }
    // The heap, worst on top, turned into a list, best in front.
    for (size_t end = s.count; end > 1; end--) {
        const llmkit_match worst = matches[0];
        sift_down(matches, end - 1, matches[end - 1]);
        matches[end - 1] = worst;
    }
    return s.count;
}

// For many neighbours at cosines below the first, the bound lets so many rows pass that reading all of them, in the order
// in which they lie, is quicker than picking them out. Often there are as many at the second, where it is sharp.
static const float dull_cosine = 0.55f, sharp_cosine = 0.75f;

size_t llmkit_index_search(
    const llmkit_index_view *view, const float *query, float floor, llmkit_match *matches, size_t limit) {
    if (limit == 0) return 0;
    const bool is_dull = limit > 1 && floor < dull_cosine;
    if (view->model && is_dull && limit < view->rows / 4) {
        const size_t count = search_rows(view, query, sharp_cosine, matches, limit, true);
        if (count == limit) return count;
    }
    return search_rows(view, query, floor, matches, limit, view->model && !is_dull);
}

void llmkit_chunk_bury(void *chunk, size_t row, uint32_t version) {
    atomic_store_explicit(
        (_Atomic uint32_t *)((uint8_t *)chunk + llmkit_chunk_deaths + 4 * row), version, memory_order_release);
}

uint32_t llmkit_chunk_death(const void *chunk, size_t row) {
    return atomic_load_explicit(
        (const _Atomic uint32_t *)((const uint8_t *)chunk + llmkit_chunk_deaths + 4 * row), memory_order_acquire);
}
