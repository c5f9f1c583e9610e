#ifndef LLMKIT_PROCESS_H
#define LLMKIT_PROCESS_H

#include <spawn.h>
#include <stddef.h>

// Functions of glibc that need _GNU_SOURCE, which the importer of C headers does not set.

// A pipe whose ends no child process inherits, from the first moment on. 0, or -1 with errno.
int llmkit_pipe_cloexec(int ends[2]);

// Closes every descriptor from `first` on in the child, as far as the system can.
int llmkit_spawn_close_from(posix_spawn_file_actions_t *actions, int first);

// What debuggers and profilers call the calling thread; Linux keeps 15 bytes of it.
void llmkit_name_thread(const char *name);

// Asks the system to back memory by large pages, which spares scans of it most look-ups of addresses. Only a hint.
void llmkit_advise_large_pages(void *start, size_t count);

// A small number that no other living or former thread has, counting from 0.
size_t llmkit_thread_number(void);

#endif
