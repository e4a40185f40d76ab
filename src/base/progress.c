#include "base/progress.h"

#include <inttypes.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/size.h"

#define MS_NS INT64_C(1000000)
#define FIRST_NS (1000 * MS_NS)
#define TERMINAL_NS (100 * MS_NS)
#define LOG_NS (10000 * MS_NS)

void zj_progress_start(struct zj_progress *p, const struct zj_job *job, const char *what,
                       uint64_t total, bool counts_bytes)
{
    *p = (struct zj_progress){.job = job,
                              .what = what,
                              .total = total,
                              .counts_bytes = counts_bytes,
                              .is_terminal = isatty(STDERR_FILENO) == 1,
                              .start_ns = zj_tick_ns()};
    p->since.at_ns = p->next.at_ns = p->start_ns;
    p->shown_ns = p->start_ns + FIRST_NS - (p->is_terminal ? TERMINAL_NS : LOG_NS);
}

static void format_amount(char *out, size_t size, double amount, bool is_bytes)
{
    char text[ZJ_SIZE_TEXT];
    zj_size_text((uint64_t)amount, text);
    if (is_bytes)
        snprintf(out, size, "%s", text);
    else
        snprintf(out, size, "%.0f", amount);
}

/* " packets": behind an amount of things. */
static const char *unit_of(const struct zj_progress *p)
{
    return p->counts_bytes || !p->unit_en ? "" : zj_tr(p->job, p->unit_en, p->unit_zh);
}

double zj_progress_speed(struct zj_progress *p, uint64_t done, int64_t now_ns)
{
    if (now_ns - p->next.at_ns >= FIRST_NS) {
        p->since = p->next;
        p->next.done = done;
        p->next.at_ns = now_ns;
    }
    const double seconds = (double)(now_ns - p->since.at_ns) / 1e9;
    return seconds > 0 ? (double)(done - p->since.done) / seconds : 0;
}

static void show(struct zj_progress *p, uint64_t done, double speed_now, int64_t now_ns)
{
    char amount[32], speed[32], rest[64] = "";
    const double seconds = (double)(now_ns - p->start_ns) / 1e9;
    const double rate = seconds > 0 ? (double)done / seconds : 0;
    format_amount(amount, sizeof amount, (double)done, p->counts_bytes);
    format_amount(speed, sizeof speed, speed_now, p->counts_bytes);
    if (p->total && rate > 0 && done <= p->total)
        snprintf(rest, sizeof rest, zj_tr(p->job, "  %.0f%%  %.0f s left", "  %.0f%%  剩余 %.0f 秒"),
                 100.0 * (double)done / (double)p->total, (double)(p->total - done) / rate);
    fprintf(stderr, "%s%s: %s%s  %s/s%s%s", p->is_terminal ? "\r\033[K" : "", p->what, amount,
            unit_of(p), speed, rest, p->is_terminal ? "" : "\n");
    fflush(stderr);
    p->is_drawn = p->is_terminal;
}

void zj_progress_at(struct zj_progress *p, uint64_t done)
{
    if (p->job->quiet)
        return;
    const int64_t now_ns = zj_tick_ns();
    const double speed = zj_progress_speed(p, done, now_ns);
    if (now_ns - p->shown_ns < (p->is_terminal ? TERMINAL_NS : LOG_NS))
        return;
    p->shown_ns = now_ns;
    show(p, done, speed, now_ns);
}

void zj_progress_end(struct zj_progress *p)
{
    if (p->is_drawn)
        fputs("\r\033[K", stderr);
    p->is_drawn = false;
}
