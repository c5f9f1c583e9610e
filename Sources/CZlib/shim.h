#include <zlib.h>

// The macro tells zlib how large its own struct is, and Swift cannot import it. Gzip and zlib wrappings are both taken, or
// no wrapping at all.
static inline int llmkit_inflate_init(z_stream *stream, int is_wrapped) {
    return inflateInit2(stream, is_wrapped ? 15 + 32 : -15);
}
