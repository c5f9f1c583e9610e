#define _GNU_SOURCE
#include "threads.h"

#include <stdatomic.h>
#include <time.h>

int llmkit_start_thread(size_t stack_size, void *(*body)(void *), void *context) {
    pthread_attr_t attributes;
    int code = pthread_attr_init(&attributes);
    if (code != 0) return code;
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, stack_size);
    pthread_t thread;
    code = pthread_create(&thread, &attributes, body, context);
    pthread_attr_destroy(&attributes);
    return code;
}

void llmkit_name_thread(const char *name) {
#if defined(__APPLE__)
    pthread_setname_np(name);
#else
    pthread_setname_np(pthread_self(), name);
#endif
}

#ifdef __APPLE__
void llmkit_condition_init(pthread_cond_t *condition) { pthread_cond_init(condition, NULL); }

void llmkit_condition_wait_until(pthread_cond_t *condition, pthread_mutex_t *mutex, int64_t nanoseconds) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t left = nanoseconds - ((int64_t)now.tv_sec * 1000000000 + now.tv_nsec);
    if (left < 0) left = 0;
    struct timespec wait = {.tv_sec = left / 1000000000, .tv_nsec = left % 1000000000};
    pthread_cond_timedwait_relative_np(condition, mutex, &wait);
}
#else
void llmkit_condition_init(pthread_cond_t *condition) {
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &attributes);
    pthread_condattr_destroy(&attributes);
}

void llmkit_condition_wait_until(pthread_cond_t *condition, pthread_mutex_t *mutex, int64_t nanoseconds) {
    struct timespec end = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
    pthread_cond_timedwait(condition, mutex, &end);
}
#endif

size_t llmkit_thread_number(void) {
    static _Atomic size_t next = 1;
    // 0 stands for none yet.
    static _Thread_local size_t number = 0;
    if (number == 0) number = atomic_fetch_add_explicit(&next, 1, memory_order_relaxed);
    return number - 1;
}
