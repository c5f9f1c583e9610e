#ifndef LLMKIT_PROCESS_H
#define LLMKIT_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "names.h"

// A pipe whose ends no child process inherits, from the first moment on. 0, or -1 with errno.
int llmkit_pipe_cloexec(int ends[_Nonnull 2]);

// Starts a program in a process group of its own, with `input` as its standard input, its output thrown away, and the
// signals as a new process has them. It inherits no other descriptor, as far as the system can see to that; those of this
// library are closed by every `exec` anyway.
// 0, or the system's error number.
int llmkit_spawn(
    pid_t *_Nonnull pid, const char *_Nonnull path, char *const _Nullable *_Nonnull arguments,
    char *const _Nullable *_Nonnull environment, int input
) LLMKIT_NAME("spawnProcess(_:_:_:_:input:)");

// Leaves a signal unheard.
void llmkit_ignore_signal(int number) LLMKIT_NAME("ignoreSignal(_:)");

// Whether a signal goes unheard, as `nohup` has it for the program that it starts.
bool llmkit_ignores_signal(int number) LLMKIT_NAME("ignoresSignal(_:)");

// Lets a signal do what it does to a process that never asked for anything else.
void llmkit_restore_signal(int number) LLMKIT_NAME("restoreSignal(_:)");

// How many columns a terminal has; 0 if it is none.
int llmkit_terminal_columns(int descriptor) LLMKIT_NAME("terminalColumns(_:)");

// What this process has used so far, all threads together.
struct rusage llmkit_usage(void) LLMKIT_NAME("processUsage()");

// The most memory that this process ever had resident, in bytes.
size_t llmkit_peak_resident_bytes(void) LLMKIT_NAME("peakResidentBytes()");

// Lets this process have `count` descriptors at once; false if the system does not allow that many.
bool llmkit_raise_descriptor_limit(size_t count) LLMKIT_NAME("raiseDescriptorLimit(to:)");

// Asks the system to back memory by large pages, which spares scans of it most look-ups of addresses. Only a hint.
void llmkit_advise_large_pages(void *_Nonnull start, size_t count);

#endif
