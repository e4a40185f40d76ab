/* filtered CALLS PROGRAM ARG…: runs a program as systemd would with SystemCallFilter= (a file of
 * names, one a line), SystemCallErrorNumber=EPERM and MemoryDenyWriteExecute=. */
#include <errno.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

static bool allow(scmp_filter_ctx filter, const char *name)
{
    const int call = seccomp_syscall_resolve_name(name);
    if (call < 0) /* of another machine */
        return true;
    if (call == SCMP_SYS(mmap))
        return seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1,
                                SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0 &&
               seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1,
                                SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_WRITE | PROT_EXEC, PROT_EXEC)) == 0;
    if (call == SCMP_SYS(mprotect))
        return seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1,
                                SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0;
    return seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0) == 0;
}

int main(int argc, char **argv)
{
    char name[64];
    unsigned count = 0;
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    FILE *calls = argc > 2 ? fopen(argv[1], "re") : NULL;
    bool is_ok = calls != NULL && filter != NULL;
    for (; is_ok && fscanf(calls, "%63s", name) == 1; count++)
        is_ok = allow(filter, name);
    if (!is_ok || count < 100 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        seccomp_load(filter) != 0) {
        fprintf(stderr, "filtered: %u calls: %s\n", count, strerror(errno));
        return 99;
    }
    execvp(argv[2], argv + 2);
    perror(argv[2]);
    return 99;
}
