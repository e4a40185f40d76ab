/* Log lines: logfmt on stderr, one write a line so that threads do not mix. No personal data. */
#include <stdarg.h>
#include <unistd.h>

#include "base/clock.h"
#include "server/core.h"

void zj_log(const char *level, const char *event, const char *format, ...)
{
    struct zj_job clock = {0};
    char time[ZJ_TIME_TEXT], line[1024];
    zj_time_format(zj_now_ns(&clock), time);
    int len =
        snprintf(line, sizeof line - 1, "ts=%s level=%s comp=server event=%s ", time, level, event);
    va_list args;
    va_start(args, format);
    int more = vsnprintf(line + len, sizeof line - 1 - (size_t)len, format, args);
    va_end(args);
    len += more < 0 ? 0 : more;
    if (len > (int)sizeof line - 2)
        len = (int)sizeof line - 2;
    for (int i = 0; i < len; i++)
        if ((unsigned char)line[i] < ' ')
            line[i] = ' '; /* one line, whatever a client sent */
    line[len++] = '\n';
    ssize_t written = write(STDERR_FILENO, line, (size_t)len);
    (void)written; /* where the log goes nowhere there is nobody to tell */
}
