#include <zlib.h>

// The macro tells zlib how large its own struct is, and Swift cannot import it. Gzip and zlib wrappings are both taken.
static inline int llmkit_inflate_init(z_stream *stream) { return inflateInit2(stream, 15 + 32); }
