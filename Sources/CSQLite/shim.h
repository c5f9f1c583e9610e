#include <sqlite3.h>

// SQLITE_TRANSIENT is a cast that Swift cannot import: these bind by copying. A null address means empty, not NULL:
// an empty Swift string may have no address.
static inline int llmkit_sqlite_bind_text(sqlite3_stmt *statement, int index, const char *bytes, int count) {
    return sqlite3_bind_text(statement, index, bytes ? bytes : "", count, SQLITE_TRANSIENT);
}
static inline int llmkit_sqlite_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, int count) {
    return sqlite3_bind_blob(statement, index, bytes ? bytes : "", count, SQLITE_TRANSIENT);
}
