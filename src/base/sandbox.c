#include "base/sandbox.h"

#include <errno.h>
#include <seccomp.h>
#include <asm/ioctls.h>
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

static bool allow(scmp_filter_ctx filter, const int *calls, size_t count)
{
    bool is_ok = true;
    for (size_t i = 0; i < count && is_ok; i++)
        is_ok = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0) == 0;
    return is_ok;
}

static bool load_filter(const struct zj_sandbox_limits *limits)
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
        SCMP_SYS(sigaltstack),   SCMP_SYS(restart_syscall), /* a wait, after a stop */
        SCMP_SYS(sysinfo), /* qsort asks how much memory there is */
    };
    static const int threads[] = {
        SCMP_SYS(clone),        SCMP_SYS(clone3),          SCMP_SYS(set_robust_list),
        SCMP_SYS(rseq),         SCMP_SYS(set_tid_address), SCMP_SYS(sched_getaffinity),
        SCMP_SYS(rt_sigaction),
    };
    static const int waiting[] = {
        SCMP_SYS(poll),
        SCMP_SYS(ppoll),
        SCMP_SYS(getsockopt),
        SCMP_SYS(getsockname),
        SCMP_SYS(clock_nanosleep),
    };
    static const int opening[] = {
        SCMP_SYS(open), SCMP_SYS(openat),   SCMP_SYS(access), SCMP_SYS(faccessat2),
        SCMP_SYS(stat), SCMP_SYS(readlink), SCMP_SYS(getcwd), SCMP_SYS(statx),
    };
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    bool is_ok = filter != NULL && allow(filter, allowed, ZJ_COUNT(allowed));
    if (limits->may_thread)
        is_ok = is_ok && allow(filter, threads, ZJ_COUNT(threads));
    if (limits->may_wait)
        is_ok = is_ok && allow(filter, waiting, ZJ_COUNT(waiting));
    for (size_t i = 0; limits->opens_fail && is_ok && i < ZJ_COUNT(opening); i++)
        is_ok = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), opening[i], 0) == 0;
    /* is it a terminal? asked by stdio and by progress */
    is_ok = is_ok && seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1,
                                      SCMP_A1(SCMP_CMP_EQ, TCGETS, 0)) == 0;
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
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && load_filter(limits);
}
