/* A list as a file: the pages that its own handler gives, one after the other. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "register/register.h"
#include "server/core.h"

enum { PAGE_ROWS = 5000, PAGE_BYTES_MAX = 256 << 20, TAKEN_BYTES = 1 << 20 };

bool zj_call_wants_paper(const struct zj_call *call)
{
    const char *format = zj_call_param(call, "format");
    return (call->route->paper || call->route->make_paper) && format &&
           strcmp(format, "json") != 0;
}

static const char *word_of(const struct zj_call *call, const struct zj_paper_table *table,
                           const struct zj_param *param, const char *value)
{
    for (size_t i = 0; param->values && i < table->col_count; i++)
        for (const struct zj_paper_word *w = table->cols[i].words; w && w->value; w++)
            if (strcmp(table->cols[i].path, param->name) == 0 && strcmp(w->value, value) == 0)
                return zj_tr(call->job, w->en, w->zh);
    if (param->values && strcmp(param->values, "0|1") == 0)
        return strcmp(value, "1") == 0 ? zj_tr(call->job, "yes", "是")
                                       : zj_tr(call->job, "no", "否");
    return value;
}

/* What a filter is called: its description up to what explains its values. */
static size_t label_len(const struct zj_call *call, const char *label)
{
    const char *end = strstr(label, "：");
    return call->job->lang == ZJ_ZH ? end ? (size_t)(end - label) : strlen(label)
                                    : strcspn(label, ";,:");
}

/* Filters of columns, "f.severity", by what the table calls them. */
static void add_columns(struct zj_call *call, const struct zj_paper_table *table,
                        struct zj_buf *text)
{
    for (size_t i = 0; i < call->req->param_count; i++) {
        const struct zj_pair *p = &call->req->params[i];
        if (strncmp(p->name, "f.", 2) != 0 || !p->value[0])
            continue;
        const char *label = p->name + 2, *value = p->value;
        for (size_t k = 0; k < table->col_count; k++) {
            const struct zj_paper_col *col = &table->cols[k];
            if (strcmp(col->path, p->name + 2) != 0)
                continue;
            label = zj_tr(call->job, col->en, col->zh);
            for (const struct zj_paper_word *w = col->words; w && w->value; w++)
                if (strcmp(w->value, value) == 0)
                    value = zj_tr(call->job, w->en, w->zh);
        }
        zj_buf_printf(text, "%s%s%s%s", text->len ? zj_tr(call->job, "; ", "；") : "", label,
                      zj_tr(call->job, ": ", "："), value);
    }
}

/* "级别：高；任务编号：6" */
static const char *filters_of(struct zj_call *call, const struct zj_paper_table *table)
{
    static const char *const not_filters[] = {"limit", "offset", "sort", "org", "format"};
    ZJ_AUTO(zj_buf_release) struct zj_buf text = {0};
    for (const struct zj_param *p = call->route->query; p && p->name; p++) {
        const char *value = zj_call_param(call, p->name);
        bool is_filter = value != NULL;
        for (size_t i = 0; i < ZJ_COUNT(not_filters); i++)
            is_filter = is_filter && strcmp(p->name, not_filters[i]) != 0;
        if (!is_filter)
            continue;
        const char *label = zj_tr(call->job, p->en, p->zh);
        const size_t len = label_len(call, label);
        zj_buf_printf(&text, "%s%.*s%s%s", text.len ? zj_tr(call->job, "; ", "；") : "", (int)len,
                      label, zj_tr(call->job, ": ", "："), word_of(call, table, p, value));
    }
    add_columns(call, table, &text);
    return zj_arena_span(call->arena, zj_buf_all(&text));
}

/* Whose rows they are: the organisation asked for, his own, or all. */
static zj_err name_org(struct zj_call *call, struct zj_paper_head *head)
{
    int64_t org = 0;
    zj_err err = call->paper_org ? ZJ_OK : zj_call_org(call, &org);
    if (call->paper_org)
        org = call->paper_org;
    if (!err && !org && !call->scope.sees_all)
        org = call->scope.org_id;
    head->is_one_org = org != 0;
    return err ? err
               : zj_org_name(call->job, call->store, org, &head->org, &head->is_synthetic);
}

static zj_err head_of(struct zj_call *call, const struct zj_paper_table *table,
                      struct zj_paper_head *out)
{
    *out = (struct zj_paper_head){
        .title = zj_tr(call->job, table->en, table->zh),
        .filters = filters_of(call, table),
        .is_wide = table->is_wide,
        .by = zj_arena_printf(call->arena, "%s（%s）", call->account.name, call->account.login),
    };
    return name_org(call, out);
}

/* The rows of an answer: of its member `rows`, or of several with blanks between. */
static zj_err give_rows(struct zj_call *call, struct zj_paper *paper, const char *members,
                       const struct zj_jval *answer, int64_t *out_count)
{
    zj_err err = ZJ_OK;
    *out_count = 0;
    for (const char *at = members; *at && !err;) {
        char name[32];
        const size_t len = strcspn(at, " ");
        snprintf(name, sizeof name, "%.*s", (int)len, at);
        const struct zj_jval *row = zj_jval_first(zj_jval_get(answer, name));
        for (; row && !err; row = zj_jval_next(row), ++*out_count)
            err = zj_paper_row(call->job, paper, row);
        at += len + (at[len] == ' ');
    }
    return err;
}

/* Rows of a list on their way from the handler to the file. */
struct stream {
    struct zj_call *call;
    struct zj_paper *paper;
    zj_err err;
    int64_t count;
};

static const char opening[] = "{\"rows\":[";
enum { ROWS_AT = sizeof opening - 1 };

/* Behind rows that were taken the next begins with a comma. */
static bool begins_with_rows(struct zj_buf *body)
{
    if (!zj_span_starts(zj_buf_all(body), zj_span_str(opening)) || body->len == ROWS_AT)
        return false;
    if (body->at[ROWS_AT] == ',')
        body->at[ROWS_AT] = ' ';
    return true;
}

/* Takes the rows that are written so far out of the answer: memory is that of some of them. */
static void drain_rows(void *opaque)
{
    ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *doc = NULL;
    struct stream *s = opaque;
    struct zj_buf *body = &s->call->res->body;
    int64_t count = 0;
    if (body->len < TAKEN_BYTES || !begins_with_rows(body))
        return;
    zj_buf_str(body, "]}");
    if (!s->err)
        s->err = zj_jdoc_parse(s->call->job, zj_buf_all(body), PAGE_BYTES_MAX, &doc);
    if (!s->err)
        s->err = give_rows(s->call, s->paper, "rows", zj_jdoc_root(doc), &count);
    s->count += count;
    body->len = ROWS_AT;
}

static zj_err ask_page(struct zj_call *call, struct stream *stream, struct zj_jdoc **out)
{
    struct zj_buf *body = &call->res->body;
    body->len = 0;
    call->json = zj_json_to(body);
    call->json.on_row = call->page_rows > PAGE_ROWS ? drain_rows : NULL;
    call->json.row_ctx = stream;
    zj_err err = call->route->handle(call);
    if (!err && call->res->status != 200) /* it has answered with a problem */
        return ZJ_EUSAGE;
    if (!err && zj_is_interrupted(call->job))
        err = ZJ_EINTR;
    if (!err)
        err = stream->err;
    if (!err && stream->count)
        (void)begins_with_rows(body); /* the last of them */
    return err ? err : zj_jdoc_parse(call->job, zj_buf_all(body), PAGE_BYTES_MAX, out);
}

/* One page as the handler answers it. *out_more: there are rows behind it. */
static zj_err put_page(struct zj_call *call, struct zj_paper *paper,
                       const struct zj_paper_table *table, bool *out_more)
{
    ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *doc = NULL;
    struct stream stream = {.call = call, .paper = paper};
    int64_t count = 0;
    zj_err err = ask_page(call, &stream, &doc);
    const int64_t total = err ? 0 : zj_jval_int(zj_jval_get(zj_jdoc_root(doc), "total"), 0);
    if (!err)
        err = zj_paper_expect(call->job, paper, total);
    if (!err && call->route->flags & ZJ_ROUTE_AT_ONCE && call->page_rows < total) {
        /* all of them by one statement: pages would each be sorted and passed over anew */
        call->page_rows = INT32_MAX;
        *out_more = true;
        return ZJ_OK;
    }
    if (!err)
        err = give_rows(call, paper, table->rows ? table->rows : "rows", zj_jdoc_root(doc), &count);
    count += stream.count;
    call->page_at += count;
    *out_more = count > 0 && !table->rows && call->page_at < total;
    return err;
}

static zj_err note_audit(struct zj_call *call, const struct zj_paper_table *table, int64_t rows,
                         const char *format)
{
    const char *note = zj_arena_printf(call->arena, "%lld rows as %s", (long long)rows, format);
    const struct zj_audit_entry entry = {.org_id = call->scope.org_id,
                                         .action = "export",
                                         .object = table->name,
                                         .note = zj_span_str(note)};
    zj_err err = zj_store_begin(call->job, call->store);
    if (!err)
        err = zj_audit_append(call->job, call->store, &entry);
    return err ? err : zj_store_commit(call->job, call->store);
}

/* All pages of the call's own list. */
static zj_err fill_list(struct zj_call *call, const struct zj_paper_table *table,
                        struct zj_paper *paper)
{
    bool has_more = true;
    zj_err err = zj_paper_begin(call->job, paper, table);
    call->page_rows = PAGE_ROWS;
    while (!err && has_more)
        err = put_page(call, paper, table, &has_more);
    call->res->body.len = 0;
    return err;
}

static zj_err write_paper(struct zj_call *call, const struct zj_paper_table *table,
                          zj_paper_fill *fill, enum zj_paper_format format, FILE *out)
{
    struct zj_paper_head head;
    struct zj_paper *paper = NULL;
    zj_err err = head_of(call, table, &head);
    if (!err)
        err = zj_paper_open(call->job, format, &head, out, &paper);
    if (!err)
        err = fill(call, table, paper);
    if (err) {
        zj_paper_drop(paper);
        return err;
    }
    const int64_t rows = zj_paper_row_count(paper);
    err = zj_paper_close(call->job, paper);
    return err ? err : note_audit(call, table, rows, zj_paper_suffix(format));
}

zj_err zj_call_paper_of(struct zj_call *call, const struct zj_paper_table *table,
                        zj_paper_fill *fill, enum zj_paper_format format)
{
    char day[ZJ_TIME_TEXT];
    const char *path = zj_uploads_scratch(call->job, &call->server->uploads);
    FILE *file = fopen(path, "w+b");
    if (!file)
        return zj_fail(call->job, ZJ_EIO, "%s: %s", path, zj_strerror(call->job, errno));
    unlink(path);
    zj_err err = write_paper(call, table, fill, format, file);
    const long bytes = err || fflush(file) != 0 ? -1 : ftell(file);
    const int sent = bytes < 0 ? -1 : dup(fileno(file));
    fclose(file);
    if (!err && sent < 0)
        err = zj_fail(call->job, ZJ_EIO, "%s: %s", path, zj_strerror(call->job, errno));
    if (err)
        return err;
    zj_date_format(zj_date_of_time(zj_now_ns(call->job)), day);
    zj_call_file(call, sent, bytes, zj_paper_media_type(format),
                 zj_arena_printf(call->arena, "%s-%s.%s", table->name, day,
                                 zj_paper_suffix(format)));
    return ZJ_OK;
}

zj_err zj_call_paper(struct zj_call *call)
{
    const struct zj_paper_table *table =
        call->route->paper ? call->route->paper : call->route->make_paper(call);
    enum zj_paper_format format;
    if (!zj_paper_format_find(zj_call_param(call, "format"), &format))
        return zj_fail(call->job, ZJ_EUSAGE, "%s",
                       zj_tr(call->job, "format is json, xlsx, csv or pdf",
                             "format 应为 json、xlsx、csv 或 pdf"));
    if (!table)
        return call->route->handle(call); /* it says what is missing */
    return zj_call_paper_of(call, table, fill_list, format);
}
