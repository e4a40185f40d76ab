#include "base/sandbox.h"

#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "base/span.h"

#ifdef __SANITIZE_ADDRESS__
enum { IS_SANITIZED = 1 }; /* shadow memory takes terabytes of address space */
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
enum { IS_SANITIZED = 1 };
#else
enum { IS_SANITIZED = 0 };
#endif
#else
enum { IS_SANITIZED = 0 };
#endif

static void limit(int what, int64_t value)
{
    const struct rlimit limit = {(rlim_t)value, (rlim_t)value};
    (void)setrlimit((__rlimit_resource_t)what, &limit); /* lowering never fails; the filter holds */
}

static bool load_filter(void)
{
    static const int allowed[] = {
        SCMP_SYS(read),          SCMP_SYS(write),        SCMP_SYS(readv),
        SCMP_SYS(writev),        SCMP_SYS(pread64),      SCMP_SYS(pwrite64),
        SCMP_SYS(lseek),         SCMP_SYS(fstat),        SCMP_SYS(newfstatat),
        SCMP_SYS(close),         SCMP_SYS(dup),          SCMP_SYS(fcntl),
        SCMP_SYS(munmap),        SCMP_SYS(mremap),       SCMP_SYS(brk),
        SCMP_SYS(madvise),       SCMP_SYS(futex),        SCMP_SYS(exit),
        SCMP_SYS(exit_group),    SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigprocmask),
        SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(getrandom),
        SCMP_SYS(sched_yield),   SCMP_SYS(getpid),       SCMP_SYS(gettid),
        SCMP_SYS(sigaltstack),
    };
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    bool is_ok = filter != NULL;
    for (size_t i = 0; i < ZJ_COUNT(allowed) && is_ok; i++)
        is_ok = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0) == 0;
    /* memory, but none that could hold code */
    is_ok = is_ok && seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
                                      SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0;
    is_ok = is_ok && seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                                      SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0;
    is_ok = is_ok && seccomp_load(filter) == 0;
    if (filter)
        seccomp_release(filter);
    return is_ok;
}

bool zj_sandbox_enter(const struct zj_sandbox_limits *limits)
{
    limit(RLIMIT_CORE, 0);
    if (limits->memory_bytes && !IS_SANITIZED)
        limit(RLIMIT_AS, limits->memory_bytes);
    if (limits->cpu_seconds)
        limit(RLIMIT_CPU, limits->cpu_seconds);
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && load_filter();
}
