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
    // Whether rows that are not likely enough to be of use are passed over: see seed_floor.
    bool is_seeding;
    // Something in the view pointed beyond what its counts allow.
    bool is_broken;
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
    if (!chunk) {
        s->is_broken = true;
        return;
    }
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
    if (slot >= s->view->rows || !s->view->chunks[slot / llmkit_block_rows]) {
        s->is_broken = true;
        return;
    }
    const uint8_t *row = row_of(s->view, s->view->chunks[slot / llmkit_block_rows], slot % llmkit_block_rows);
    const size_t bytes = s->view->dimensions * (s->view->is_half ? 2 : 4);
    for (size_t place = 0; place < bytes; place += 64) __builtin_prefetch(row + place, 0, 2);
    s->pending[s->pending_count++] = (uint32_t)slot;
    if (s->pending_count == sizeof s->pending / sizeof *s->pending) compare_pending(s);
}

static inline void aim_if_risen(search *s, llmkit_head_bound *bound) {
    if (!s->has_risen) return;
    s->has_risen = false;
    llmkit_head_aim(bound, s->is_seeding ? s->floor + (float)bound->excess : s->floor);
}

static inline void add_passed(search *s, size_t block, uint64_t passed) {
    for (; passed; passed &= passed - 1) {
        const size_t place = block * llmkit_block_rows + (size_t)__builtin_ctzll(passed);
        if (place < s->view->fitted_rows) add_pending(s, s->view->slots[place]);
    }
}

static size_t block_count(const llmkit_index_view *view) {
    return (view->fitted_rows + llmkit_block_rows - 1) / llmkit_block_rows;
}

static void search_all_blocks(search *s, llmkit_head_bound *bound) {
    const llmkit_index_view *view = s->view;
    const size_t blocks = block_count(view);
    uint64_t passed = 0;
    for (size_t b = 0; b < blocks; b++) {
        b = view->kernels->scan(view->pieces, b, blocks, &bound->query, &passed);
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

static inline void fetch(const uint8_t *start, size_t bytes) {
    // Into the second cache: the first takes too few requests at a time.
    for (size_t place = 0; place < bytes; place += 64) __builtin_prefetch(start + place, 0, 2);
}

static void scan_block(search *s, llmkit_head_bound *bound, size_t block) {
    uint64_t passed = 0;
    if (s->view->kernels->scan(s->view->pieces, block, block + 1, &bound->query, &passed) != block) return;
    add_passed(s, block, passed);
    aim_if_risen(s, bound);
}

enum { blocks_ahead = 8 };

static void search_listed(search *s, llmkit_head_bound *bound, block_list *list) {
    const uint8_t *start = s->view->pieces[0];
    const size_t bytes = llmkit_piece_block_bytes(0);
    for (size_t i = 0; i < list->count && i < blocks_ahead; i++) fetch(start + list->blocks[i] * bytes, bytes);
    for (size_t i = 0; i < list->count; i++) {
        if (i + blocks_ahead < list->count) fetch(start + list->blocks[i + blocks_ahead] * bytes, bytes);
        scan_block(s, bound, list->blocks[i]);
    }
    list->count = 0;
}

// The cosine asked for as an angle, for vectors that may be a little longer than 1.
typedef struct angle {
    float cosine, sine;
} angle;

static angle angle_asked(const search *s, float query_length) {
    // Short rows are at a greater angle than long ones where products are negative; nothing is left out there anyway.
    if (!(s->floor > 0.1f)) return (angle){-2, 0};
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
    if (cluster->end > block_count(s->view)) {
        s->is_broken = true;
        return;
    }
    for (size_t b = cluster->first; b < cluster->end; b++) {
        if (!may_hold(&s->view->rings[b], asked, cosine, error)) continue;
        list->blocks[list->count++] = (uint32_t)b;
        if (list->count == sizeof list->blocks / sizeof *list->blocks) search_listed(s, bound, list);
    }
}

enum { most_clusters = 8192, most_seeds = 24 };

// The clusters whose centres are nearest, the nearest first.
typedef struct seeds {
    uint32_t clusters[most_seeds];
    size_t count;
} seeds;

static seeds find_seeds(const float *cosines, size_t count, size_t wanted) {
    seeds found = {.count = 0};
    for (size_t c = 0; c < count; c++) {
        if (found.count == wanted && !(cosines[c] > cosines[found.clusters[wanted - 1]])) continue;
        size_t hole = found.count < wanted ? found.count++ : wanted - 1;
        for (; hole > 0 && cosines[c] > cosines[found.clusters[hole - 1]]; hole--) {
            found.clusters[hole] = found.clusters[hole - 1];
        }
        found.clusters[hole] = (uint32_t)c;
    }
    return found;
}

// The cosines of the query to the centres, and what they may be off by.
typedef struct centre_cosines {
    float cosines[most_clusters], length, error;
} centre_cosines;

static void find_cosines(const search *s, centre_cosines *to) {
    const llmkit_index_view *view = s->view;
    to->length = sqrtf(view->kernels->dot(s->query, s->query, view->dimensions)) * (1 + 1e-6f);
    // Twice what a product may be off by: once here, once when the rings were made.
    to->error = 4 * (float)view->dimensions * 0x1p-24f + 2e-6f;
    for (size_t c = 0; c < view->cluster_count; c++) {
        const float product = view->kernels->dot_half(view->centres + c * view->dimensions, s->query, view->dimensions);
        to->cosines[c] = product / (to->length * view->clusters[c].centre_length);
    }
}

// For many neighbours at low cosines, the floor is all that matters, and it only rises once as many rows were compared as
// are wanted. So the likeliest of some rows that are likely to be near are compared first: the worst cosine among as many
// as are wanted is a floor that no neighbour is below. What was found is thrown away then, as it comes up again.
static void seed_floor(search *s, llmkit_head_bound *bound, const centre_cosines *to) {
    const seeds first = find_seeds(to->cosines, s->view->cluster_count, most_seeds);
    block_list list = {.count = 0};
    s->is_seeding = true;
    for (size_t i = 0; i < first.count; i++) {
        const uint32_t c = first.clusters[i];
        list_cluster(s, bound, &list, c, to->cosines[c], to->error, angle_asked(s, to->length));
        search_listed(s, bound, &list);
    }
    compare_pending(s);
    s->is_seeding = false;
    s->count = 0;
    s->has_risen = true;
    aim_if_risen(s, bound);
}

static void search_clusters(search *s, llmkit_head_bound *bound, centre_cosines *to) {
    block_list list = {.count = 0};
    // Where a near row is most likely comes first: what it raises the floor to spares the rest of the work.
    const seeds first = find_seeds(to->cosines, s->view->cluster_count, 1);
    for (size_t i = 0; i < first.count; i++) {
        const uint32_t c = first.clusters[i];
        list_cluster(s, bound, &list, c, to->cosines[c], to->error, angle_asked(s, to->length));
        search_listed(s, bound, &list);
        compare_pending(s);
        aim_if_risen(s, bound);
        // Marks it as done.
        to->cosines[c] = NAN;
    }
    const angle asked = angle_asked(s, to->length);
    for (size_t c = 0; c < s->view->cluster_count; c++) {
        if (!isnan(to->cosines[c])) list_cluster(s, bound, &list, c, to->cosines[c], to->error, asked);
    }
    search_listed(s, bound, &list);
}

static void search_tail(search *s, llmkit_head_bound *bound) {
    const llmkit_index_view *view = s->view;
    const size_t start = view->tail_start / llmkit_block_rows;
    for (size_t b = start; b < view->rows / llmkit_block_rows; b++) {
        const llmkit_tail_block *block = view->tail[b - start];
        if (!block) {
            s->is_broken = true;
            return;
        }
        const uint8_t *pieces[llmkit_levels];
        for (int level = 0; level < llmkit_levels; level++) {
            pieces[level] = block->heads + llmkit_piece_start(level);
        }
        uint64_t passed = 0;
        if (view->kernels->scan(pieces, 0, 1, &bound->query, &passed) == 1) passed = 0;
        for (passed |= block->unbounded; passed; passed &= passed - 1) {
            add_pending(s, b * llmkit_block_rows + (size_t)__builtin_ctzll(passed));
        }
        aim_if_risen(s, bound);
    }
}

static bool is_aligned(const void *start, size_t to) { return start && (uintptr_t)start % to == 0; }

// Whether the counts fit each other, and what they count is there. What single numbers in it point to is looked at where
// it is used.
static bool is_sound(const llmkit_index_view *view) {
    if (!view->kernels || view->dimensions == 0 || view->dimensions % 16 != 0 || view->rows > UINT32_MAX) return false;
    const size_t row_chunks = (view->rows + llmkit_block_rows - 1) / llmkit_block_rows;
    if (view->chunk_count < row_chunks || (row_chunks > 0 && !is_aligned(view->chunks, sizeof(void *)))) return false;
    if (!view->model) return true;
    if (view->model->dimensions != view->dimensions || !is_aligned(view->model->rotation, sizeof(float))) return false;
    if (view->tail_start % llmkit_block_rows != 0 || view->tail_start > view->rows) return false;
    const size_t tail_blocks = (view->rows - view->tail_start) / llmkit_block_rows;
    if (view->tail_count < tail_blocks || (tail_blocks > 0 && !is_aligned(view->tail, sizeof(void *)))) return false;
    if (view->unbounded_count > view->tail_start) return false;
    if (view->unbounded_count > 0 && !is_aligned(view->unbounded, sizeof(uint32_t))) return false;
    if (view->fitted_rows > view->tail_start) return false;
    if (view->fitted_rows == 0) return true;
    for (int level = 0; level < llmkit_levels; level++) {
        if (!is_aligned(view->pieces[level], 64)) return false;
    }
    if (!is_aligned(view->slots, sizeof(uint32_t))) return false;
    return view->cluster_count == 0
        || (is_aligned(view->clusters, sizeof(uint32_t)) && is_aligned(view->centres, sizeof(uint16_t))
            && is_aligned(view->rings, sizeof(float)) && view->longest > 0);
}

// Above that cosine the first levels turn most rows away, and the last ones are not worth their while; below it, the first
// ones turn away hardly any.
static const float sharp_cosine = 0.7f;

static void search_filtered(search *s) {
    const llmkit_index_view *view = s->view;
    const bool is_sharp = s->floor > sharp_cosine;
    llmkit_head_bound bound = llmkit_head_prepare(
        view->model, view->kernels, s->query, is_sharp ? 0 : 2, is_sharp ? 3 : llmkit_levels);
    llmkit_head_aim(&bound, s->floor);
    // Of few blocks, a sharp bound has looked at all before the centres are compared.
    const bool is_clustered = view->cluster_count > 0 && view->cluster_count <= most_clusters
        && (!is_sharp || block_count(view) >= 512);
    centre_cosines to;
    if (is_clustered) {
        find_cosines(s, &to);
        if (!is_sharp && s->limit > 1) seed_floor(s, &bound, &to);
    }
    // The rows of the last chunk have no heads yet as long as it is not full.
    for (size_t slot = view->rows / llmkit_block_rows * llmkit_block_rows; slot < view->rows; slot++) compare(s, slot);
    for (size_t i = 0; i < view->unbounded_count; i++) add_pending(s, view->unbounded[i]);
    compare_pending(s);
    aim_if_risen(s, &bound);
    if (is_clustered) {
        search_clusters(s, &bound, &to);
    } else {
        search_all_blocks(s, &bound);
    }
    search_tail(s, &bound);
    compare_pending(s);
}

size_t llmkit_index_search(
    const llmkit_index_view *view, const float *query, float floor, llmkit_match *matches, size_t limit) {
    if (limit == 0) return 0;
    if (!is_sound(view)) return llmkit_refused;
    search s = {.view = view, .query = query, .matches = matches, .limit = limit, .floor = floor};
    if (!view->model) {
        for (size_t slot = 0; slot < view->rows; slot++) compare(&s, slot);
    } else {
        search_filtered(&s);
    }
    if (s.is_broken) return llmkit_refused;
    // The heap, worst on top, turned into a list, best in front.
    for (size_t end = s.count; end > 1; end--) {
        const llmkit_match worst = matches[0];
        sift_down(matches, end - 1, matches[end - 1]);
        matches[end - 1] = worst;
    }
    return s.count;
}

void llmkit_chunk_bury(void *chunk, size_t row, uint32_t version) {
    atomic_store_explicit(
        (_Atomic uint32_t *)((uint8_t *)chunk + llmkit_chunk_deaths + 4 * row), version, memory_order_release);
}

uint32_t llmkit_chunk_death(const void *chunk, size_t row) {
    return atomic_load_explicit(
        (const _Atomic uint32_t *)((const uint8_t *)chunk + llmkit_chunk_deaths + 4 * row), memory_order_acquire);
}
