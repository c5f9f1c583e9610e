#include <cblas.h>

// LAPACK's eigenvalues and eigenvectors of a symmetric matrix (divide and conquer). OpenBLAS holds it, but its header
// <cblas.h> does not declare it.
void ssyevd_(const char *jobz, const char *uplo, const blasint *n, float *a, const blasint *lda, float *w, float *work,
             const blasint *lwork, blasint *iwork, const blasint *liwork, blasint *info);
