/* A child that parses what strangers send: it may compute, read and write what is open, and end. */
#ifndef ZJ_BASE_SANDBOX_H
#define ZJ_BASE_SANDBOX_H

#include <stdbool.h>
#include <stdint.h>

struct zj_sandbox_limits {
    int64_t memory_bytes; /* of address space; 0: no limit */
    int64_t cpu_seconds;  /* 0: no limit */
    bool may_thread;      /* start threads of its own */
    bool may_wait;        /* poll open sockets and ask for their counters */
    bool opens_fail;      /* to open or look for a file fails instead of ending the process: for
                             libraries that can do without (time zones, fonts, memory) */
};

/* Gives up, for this process and for good, everything but reading, writing, memory and time
 * (seccomp, no_new_privs, rlimits; no core files). Any other system call kills the process. Only
 * for a freshly forked child with one thread. False where the kernel does not do it. */
bool zj_sandbox_enter(const struct zj_sandbox_limits *limits);

#endif
