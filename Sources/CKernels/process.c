#define _GNU_SOURCE
#include "process.h"

#include <pthread.h>
#include <stdatomic.h>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

int llmkit_pipe_cloexec(int ends[2]) {
#ifdef __linux__
    return pipe2(ends, O_CLOEXEC);
#else
    if (pipe(ends) != 0) return -1;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    return 0;
#endif
}

int llmkit_spawn_close_from(posix_spawn_file_actions_t *actions, int first) {
#if defined(__GLIBC__) && (__GLIBC__ > 2 || __GLIBC_MINOR__ >= 34)
    return posix_spawn_file_actions_addclosefrom_np(actions, first);
#else
    (void)actions;
    (void)first;
    return 0;
#endif
}

void llmkit_name_thread(const char *name) {
#if defined(__APPLE__)
    pthread_setname_np(name);
#else
    pthread_setname_np(pthread_self(), name);
#endif
}

void llmkit_advise_large_pages(void *start, size_t count) {
#ifdef MADV_HUGEPAGE
    madvise(start, count, MADV_HUGEPAGE);
#else
    (void)start;
    (void)count;
#endif
}

size_t llmkit_thread_number(void) {
    static _Atomic size_t next = 1;
    // 0 stands for none yet.
    static _Thread_local size_t number = 0;
    if (number == 0) number = atomic_fetch_add_explicit(&next, 1, memory_order_relaxed);
    return number - 1;
}
