#include "base/library.h"

#include <dlfcn.h>
#include <string.h>

zj_err zj_library_load(struct zj_job *job, const char *file, const char *const *names, size_t count,
                       void *out_calls)
{
    void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    const char *why = library ? NULL : dlerror();
    for (size_t i = 0; i < count && !why; i++) {
        void *found = dlsym(library, names[i]);
        if (!found)
            why = dlerror();
        memcpy((char *)out_calls + i * sizeof found, &found, sizeof found);
    }
    if (!why)
        return ZJ_OK;
    return zj_fail(job, ZJ_ENOTFOUND,
                   zj_tr(job, "a library is missing or too old: %s", "缺少程序库或版本过旧：%s"), why);
}
