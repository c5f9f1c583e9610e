#ifndef LLMKIT_FILES_H
#define LLMKIT_FILES_H

#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "names.h"

// 0, or -1 with errno.
static inline int llmkit_set_nonblocking(int descriptor) LLMKIT_NAME("setNonblocking(_:)");
static inline int llmkit_set_nonblocking(int descriptor) {
    int flags = fcntl(descriptor, F_GETFL);
    return flags < 0 ? -1 : fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
}

// Neither a folder nor a device.
static inline bool llmkit_is_regular_file(struct stat status) LLMKIT_NAME("isRegularFile(_:)");
static inline bool llmkit_is_regular_file(struct stat status) { return S_ISREG(status.st_mode); }

// Maps a file into memory, to be read only. Null with errno if that cannot be.
static inline void *_Nullable llmkit_map_file(int descriptor, size_t size) LLMKIT_NAME("mapFile(_:_:)");
static inline void *_Nullable llmkit_map_file(int descriptor, size_t size) {
    void *start = mmap(NULL, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    return start == MAP_FAILED ? NULL : start;
}

#endif
