#include "matrices.h"

#define NUMBER float
#define NAMED(name) name##_f32
#define LANES 16
#include "matrices_body.h"
#undef NUMBER
#undef NAMED
#undef LANES

#define NUMBER double
#define NAMED(name) name##_f64
#define LANES 8
#include "matrices_body.h"
