#include "cli/detections_seen.h"

#include <string.h>

#include "base/clock.h"
#include "cli/paper_out.h"
#include "cli/print_rows.h"
#include "facts/facts.h"
#include "plan/plan.h"
#include "register/register.h"
#include "server/server.h"

static const struct zj_scope everything = {.sees_all = true, .sees_personal = true};

static const struct zj_print_col cols[] = {
    ZJ_PRINT("severity", "severity", "级别", 8, .words = zj_words_severity),
    ZJ_PRINT("title", "detection", "检测规则", 28),
    ZJ_PRINT("org", "organisation", "单位", 18),
    ZJ_PRINT("subject", "subject", "对象", 20),
    ZJ_PRINT("src", "from", "来源", 15),
    ZJ_PRINT("dst", "to", "去向", 15),
    ZJ_PRINT("count", "count", "次数", 6),
    ZJ_PRINT("last_seen", "last seen", "最近", 25),
    ZJ_PRINT("said", "what was seen", "说明", 0),
};

struct printer {
    struct zj_job *job;
    struct zj_store *store;
    const struct zj_detections *rules;
    struct zj_facts_query query;
    struct zj_paper *paper; /* NULL: none is wanted */
    const char *since;
    int64_t total;
    size_t worst; /* place in the severities; their count: nothing was seen */
    bool is_json;
};

static const char *const severities[] = {"high", "medium", "low"};

bool zj_seen_is_asked(const struct zj_seen_filter *f)
{
    return f->rule || f->severity || f->subject || f->since || f->org || f->fail_on || f->format;
}

static void add_filter(struct zj_facts_query *query, const char *column, const char *value)
{
    if (!value)
        return;
    query->filters[query->filter_count].column = column;
    query->filters[query->filter_count++].value = value;
}

static zj_err check_rule(struct zj_job *job, const struct zj_detections *rules, const char *name)
{
    for (size_t i = 0; name && i < rules->count; i++)
        if (strcmp(rules->infos[i].name, name) == 0)
            return ZJ_OK;
    return !name ? ZJ_OK
                 : zj_fail(job, ZJ_EUSAGE,
                           zj_tr(job, "no detection '%s'; zhuji detections lists them",
                                 "没有检测“%s”，zhuji detections 可列出全部"),
                           name);
}

/* A day is taken from its first minute in Beijing. */
static zj_err read_since(struct zj_job *job, const char *text, const char **out)
{
    int64_t at_ns;
    char whole[40];
    *out = NULL;
    if (!text)
        return ZJ_OK;
    snprintf(whole, sizeof whole, strlen(text) == 10 ? "%.20sT00:00:00+08:00" : "%.39s", text);
    if (!zj_time_parse(zj_span_str(whole), &at_ns))
        return zj_fail(
            job, ZJ_EUSAGE,
            zj_tr(job, "--since: '%s' is no day or time (2026-09-01, 2026-09-01T08:00:00+08:00)",
                  "--since：“%s”不是日期或时间（如 2026-09-01、2026-09-01T08:00:00+08:00）"),
            text);
    *out = zj_arena_printf(&job->arena, ">=%s", whole);
    return ZJ_OK;
}

/* What the table and exit status need of a row, in the reader's language. */
static void put_short(struct printer *p, const struct zj_jval *row, struct zj_buf *out)
{
    static const char *const texts[] = {"severity", "title", "org",      "subject",
                                        "src",      "dst",   "last_seen"};
    const struct zj_span zh = zj_jval_text(zj_jval_get(row, "note_zh"));
    struct zj_json j = zj_json_to(out);
    zj_json_object(&j);
    for (size_t i = 0; i < ZJ_COUNT(texts); i++)
        zj_json_kspan(&j, texts[i], zj_jval_text(zj_jval_get(row, texts[i])));
    zj_json_kint(&j, "count", zj_jval_int(zj_jval_get(row, "count"), 0));
    zj_json_kspan(&j, "said",
                  p->job->lang == ZJ_ZH && zh.len ? zh : zj_jval_text(zj_jval_get(row, "note")));
    zj_json_object_end(&j);
    zj_buf_byte(out, '\n');
}

static zj_err take_line(struct printer *p, struct zj_span line, struct zj_buf *table)
{
    enum { LINE_BYTES_MAX = 1 << 20 };
    ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *doc = NULL;
    zj_err err = zj_jdoc_parse(p->job, line, LINE_BYTES_MAX, &doc);
    if (err)
        return err;
    const struct zj_jval *row = zj_jdoc_root(doc);
    const struct zj_span severity = zj_jval_text(zj_jval_get(row, "severity"));
    for (size_t i = 0; i < p->worst; i++)
        if (zj_span_eq_str(severity, severities[i]))
            p->worst = i;
    if (p->paper)
        return zj_paper_row(p->job, p->paper, row);
    if (p->job->output == ZJ_OUTPUT_TABLE)
        put_short(p, row, table);
    else
        fprintf(p->job->out, "%s%.*s%s", p->is_json && p->total ? "," : "", (int)line.len,
                (const char *)line.at, p->is_json ? "" : "\n");
    return ZJ_OK;
}

static zj_err print_page(struct printer *p)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf text = {0};
    ZJ_AUTO(zj_buf_release) struct zj_buf table = {0};
    struct zj_json j = zj_json_to(&text);
    zj_err err = zj_detections_list(p->job, p->store, &everything, p->rules, &p->query, &j);
    struct zj_span left = zj_buf_all(&text);
    for (; left.len && !err; p->total++) {
        const uint8_t *end = memchr(left.at, '\n', left.len);
        const size_t len = end ? (size_t)(end - left.at) : left.len;
        err = take_line(p, zj_span_part(left, 0, len), &table);
        left = zj_span_part(left, len + 1, left.len);
    }
    return err || !table.len ? err
                             : zj_print_rows(p->job, cols, ZJ_COUNT(cols), zj_buf_all(&table));
}

static zj_err print_pages(struct printer *p)
{
    int64_t next = 0;
    zj_err err = ZJ_OK;
    p->query.limit = ZJ_FACTS_PAGE;
    p->query.next = &next;
    if (p->is_json)
        fputs("{\"detections\":[", p->job->out);
    do {
        p->query.before_id = next;
        err = print_page(p);
    } while (!err && next);
    if (p->is_json)
        fprintf(p->job->out, "],\"total\":%lld}\n", (long long)p->total);
    return err;
}

static zj_err print_paper(struct printer *p, enum zj_paper_format format)
{
    struct zj_job *job = p->job;
    struct zj_paper_head head;
    zj_err err =
        zj_paper_head_of(job, p->store, zj_tr(job, zj_paper_detections.en, zj_paper_detections.zh),
                         p->query.org_id, &head);
    head.is_wide = zj_paper_detections.is_wide;
    p->is_json = false;
    if (!err)
        err = zj_paper_open(job, format, &head, job->out, &p->paper);
    if (!err)
        err = zj_paper_begin(job, p->paper, &zj_paper_detections);
    if (!err)
        err = print_pages(p);
    if (!err)
        return zj_paper_close(job, ZJ_TAKE(p->paper));
    zj_paper_drop(p->paper);
    return err;
}

static zj_err open_store(struct zj_job *job, const struct zj_seen_filter *filter, struct printer *p)
{
    zj_err err = zj_store_open(job, job->db, 0, &p->store);
    if (!err)
        err = zj_registers_migrate(job, p->store);
    if (!err)
        err = zj_facts_migrate(job, p->store);
    return err || !filter->org ? err : zj_org_find(job, p->store, filter->org, &p->query.org_id);
}

/* Nothing that matches: an empty list, and a word to the reader. */
static void say_nothing(const struct printer *p)
{
    if (p->total == 0 && p->job->output == ZJ_OUTPUT_TABLE)
        fprintf(stderr, "%s\n",
                zj_tr(p->job, "No detections that match. They come from traffic: zhuji sense --db.",
                      "没有符合条件的检测命中。命中来自流量：zhuji sense --db。"));
}

zj_err zj_print_seen(struct zj_job *job, const struct zj_detections *rules,
                     const struct zj_seen_filter *filter)
{
    struct printer p = {.job = job,
                        .rules = rules,
                        .worst = ZJ_COUNT(severities),
                        .is_json = job->output == ZJ_OUTPUT_JSON};
    enum zj_paper_format format = ZJ_PAPER_CSV;
    bool is_paper = false;
    zj_err err = zj_paper_wanted(job, filter->format, &is_paper, &format);
    if (!err)
        err = check_rule(job, rules, filter->rule);
    if (!err)
        err = read_since(job, filter->since, &p.since);
    if (!err)
        err = open_store(job, filter, &p);
    add_filter(&p.query, "rule", filter->rule);
    add_filter(&p.query, "severity", filter->severity);
    add_filter(&p.query, "subject", filter->subject);
    add_filter(&p.query, "last_seen", p.since);
    if (!err)
        err = is_paper ? print_paper(&p, format) : print_pages(&p);
    zj_store_close(p.store);
    if (err)
        return err;
    say_nothing(&p);
    size_t bar = 0;
    while (filter->fail_on && bar < ZJ_COUNT(severities) &&
           strcmp(severities[bar], filter->fail_on) != 0)
        bar++;
    return filter->fail_on && p.worst < ZJ_COUNT(severities) && p.worst <= bar ? ZJ_EFOUND : ZJ_OK;
}
