#ifndef LLMKIT_PLATFORM_SHIMS_H
#define LLMKIT_PLATFORM_SHIMS_H

#include "files.h"
#include "process.h"
#include "sockets.h"
#include "threads.h"

#endif
