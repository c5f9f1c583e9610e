#define _GNU_SOURCE
#include "sockets.h"

#include <fcntl.h>
#include <sys/socket.h>

int llmkit_socket_cloexec(int family, int type, int protocol) {
#ifdef SOCK_CLOEXEC
    return socket(family, type | SOCK_CLOEXEC, protocol);
#else
    int descriptor = socket(family, type, protocol);
    if (descriptor >= 0) fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    return descriptor;
#endif
}

int llmkit_stream_socket(int family) { return llmkit_socket_cloexec(family, SOCK_STREAM, 0); }

int llmkit_stream_pair(int ends[2]) { return socketpair(AF_UNIX, SOCK_STREAM, 0, ends); }

ssize_t llmkit_send(int socket, const void *bytes, size_t count) {
#ifdef MSG_NOSIGNAL
    return send(socket, bytes, count, MSG_NOSIGNAL);
#else
    int one = 1;
    setsockopt(socket, SOL_SOCKET, SO_NOSIGPIPE, &one, sizeof one);
    return send(socket, bytes, count, 0);
#endif
}
