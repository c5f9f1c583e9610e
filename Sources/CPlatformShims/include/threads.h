#ifndef LLMKIT_THREADS_H
#define LLMKIT_THREADS_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include "names.h"

// Starts a thread that nobody joins. 0, or the system's error number.
int llmkit_start_thread(size_t stack_size, void *_Nullable (*_Nonnull body)(void *_Nullable), void *_Nullable context)
    LLMKIT_NAME("startThread(stackSize:_:_:)");

// What debuggers and profilers call the calling thread; Linux keeps 15 bytes of it.
void llmkit_name_thread(const char *_Nonnull name);

// A condition whose waits end by the monotonic clock.
void llmkit_condition_init(pthread_cond_t *_Nonnull condition) LLMKIT_NAME("initCondition(_:)");

// Waits until woken, or until the monotonic clock shows `nanoseconds`.
void llmkit_condition_wait_until(
    pthread_cond_t *_Nonnull condition, pthread_mutex_t *_Nonnull mutex, int64_t nanoseconds
) LLMKIT_NAME("waitCondition(_:_:until:)");

// A small number that no other living or former thread has, counting from 0.
size_t llmkit_thread_number(void);

#endif
