#ifndef LLMKIT_PLATFORM_H
#define LLMKIT_PLATFORM_H

// The C library under one name: Glibc, Musl and Darwin are three modules to Swift. What follows the list of headers are
// the things that Swift cannot import from them (macros that are no plain numbers, functions that take any number of
// arguments) or that they spell differently.

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <float.h>
#include <limits.h>
#include <math.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/epoll.h>
#include <sys/eventfd.h>
#endif

#include "files.h"
#include "process.h"
#include "sockets.h"
#include "threads.h"

#endif
