#include "encoder.h"
#include "process.h"
#include "sha256.h"
#include "unicode.h"
