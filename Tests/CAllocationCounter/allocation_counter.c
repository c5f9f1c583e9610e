#include "allocation_counter.h"

#if __has_include(<gnu/libc-version.h>)

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>

// glibc keeps these for programs that put their own functions before its own.
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

// One slot a thread, on a cache line of its own: counting must not be what is measured. Threads beyond the last slot
// share that one.
enum { slot_count = 256 };
static struct {
    _Alignas(64) _Atomic uint64_t allocations;
    _Atomic uint64_t bytes;
} slots[slot_count];
static atomic_uint slots_taken;
static __thread unsigned own_slot; // 0: none yet

static void add(_Atomic uint64_t *sum, uint64_t more) {
    uint64_t before = atomic_load_explicit(sum, memory_order_relaxed);
    atomic_store_explicit(sum, before + more, memory_order_relaxed);
}

static void count(size_t bytes) {
    if (own_slot == 0) {
        unsigned taken = atomic_fetch_add_explicit(&slots_taken, 1, memory_order_relaxed);
        own_slot = taken < slot_count - 1 ? taken + 1 : slot_count;
    }
    unsigned slot = own_slot - 1;
    if (slot < slot_count - 1) {
        // Nobody else writes here: a load and a store cost a tenth of an addition that locks the bus.
        add(&slots[slot].allocations, 1);
        add(&slots[slot].bytes, bytes);
    } else {
        atomic_fetch_add_explicit(&slots[slot].allocations, 1, memory_order_relaxed);
        atomic_fetch_add_explicit(&slots[slot].bytes, bytes, memory_order_relaxed);
    }
}

void *malloc(size_t size) {
    count(size);
    return __libc_malloc(size);
}

void *calloc(size_t count_, size_t size) {
    count(count_ * size);
    return __libc_calloc(count_, size);
}

void *realloc(void *block, size_t size) {
    count(size);
    return __libc_realloc(block, size);
}

void *memalign(size_t alignment, size_t size) {
    count(size);
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **block, size_t alignment, size_t size) {
    void *memory = memalign(alignment, size);
    if (memory == NULL) return ENOMEM;
    *block = memory;
    return 0;
}

void free(void *block) { __libc_free(block); }

bool allocations_are_counted(void) { return true; }

allocation_count allocations_so_far(void) {
    allocation_count sum = {0, 0};
    for (int i = 0; i < slot_count; i++) {
        sum.allocations += atomic_load_explicit(&slots[i].allocations, memory_order_relaxed);
        sum.bytes += atomic_load_explicit(&slots[i].bytes, memory_order_relaxed);
    }
    return sum;
}

#else

bool allocations_are_counted(void) { return false; }
allocation_count allocations_so_far(void) { return (allocation_count){0, 0}; }

#endif
