#ifndef LLMKIT_SOCKETS_H
#define LLMKIT_SOCKETS_H

#include <stddef.h>
#include <sys/types.h>

#include "names.h"

// `socket(2)`, whose descriptor no child process inherits.
int llmkit_socket_cloexec(int family, int type, int protocol) LLMKIT_NAME("socketClosedOnExec(_:_:_:)");

// A socket for TCP, or for streams between processes, that no child process inherits.
int llmkit_stream_socket(int family) LLMKIT_NAME("streamSocket(_:)");

// Two connected stream sockets. 0, or -1 with errno.
int llmkit_stream_pair(int ends[_Nonnull 2]) LLMKIT_NAME("streamSocketPair(_:)");

// `send(2)`, where a peer that left is an error and no SIGPIPE.
ssize_t llmkit_send(int socket, const void *_Nullable bytes, size_t count) LLMKIT_NAME("sendWithoutSignal(_:_:_:)");

#endif
