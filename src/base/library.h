/* Libraries that few runs need: loaded by the first that does, so that every start is not slower
 * for them. They stay until the program ends; to load one again costs next to nothing. */
#ifndef ZJ_BASE_LIBRARY_H
#define ZJ_BASE_LIBRARY_H

#include "base/job.h"

/* Finds the functions `names` of `file` ("libcurl.so.4"), and of what that brings along, and writes
 * them to `out_calls`, a struct of as many pointers in the same order. */
zj_err zj_library_load(struct zj_job *job, const char *file, const char *const *names, size_t count,
                       void *out_calls);

/* A list LIST(X) of names gives the struct and the array:
 *     struct calls { LIST(ZJ_LIBRARY_CALL) };
 *     static const char *const names[] = {LIST(ZJ_LIBRARY_NAME)}; */
#define ZJ_LIBRARY_CALL(name) __typeof__(name) *name;
#define ZJ_LIBRARY_NAME(name) #name,

#endif
