#ifndef LLMKIT_NAMES_H
#define LLMKIT_NAMES_H

// What Swift calls a function of ours.
#if defined(__has_attribute) && __has_attribute(swift_name)
#define LLMKIT_NAME(name) __attribute__((swift_name(name)))
#else
#define LLMKIT_NAME(name)
#endif

#endif
