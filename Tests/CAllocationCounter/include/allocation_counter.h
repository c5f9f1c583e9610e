#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

#include <stdbool.h>
#include <stdint.h>

/// What this process asked of the heap.
typedef struct {
    /// How often memory was asked for, growing a block included.
    uint64_t allocations;
    /// How many bytes were asked for.
    uint64_t bytes;
} allocation_count;

/// Whether allocations are counted here: the executable takes the place of glibc's `malloc`.
bool allocations_are_counted(void);

/// All threads' allocations so far.
allocation_count allocations_so_far(void);

#endif
