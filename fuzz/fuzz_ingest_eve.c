/* Lines as ingest and Kafka read them: EVE events of Suricata and of Zhuji, and facts. A line is
 * taken, passed over or refused with a reason. What is taken has ports that exist and text that is
 * UTF-8, and printed as a fact it comes back as the same fact. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/text.h"
#include "server/ingest.h"

struct checking_sink {
    struct zj_sink sink;
    struct zj_sink *printer;
    uint64_t facts;
};

static zj_err check_fact(struct zj_sink *sink, struct zj_job *job, enum zj_fact_id kind,
                         const struct zj_cell *cells)
{
    struct checking_sink *s = (struct checking_sink *)sink;
    for (size_t i = 0; i < zj_fact_kinds[kind].col_count; i++) {
        const struct zj_col *col = &zj_fact_kinds[kind].cols[i];
        if (col->type == ZJ_COL_TEXT || col->type == ZJ_COL_HOST)
            assert(zj_utf8_is_valid(cells[i].text));
        if (col->type == ZJ_COL_BOOL)
            assert(cells[i].num == 0 || cells[i].num == 1);
    }
    s->facts++;
    return s->printer->fact(s->printer, job, kind, cells);
}

static zj_err check_flush(struct zj_sink *sink, struct zj_job *job)
{
    (void)sink, (void)job; /* nothing is kept */
    return ZJ_OK;
}

/* Each line in turn; what it says is printed into *out. */
static uint64_t read_lines(struct zj_job *job, struct zj_span in, bool must_take, char **out,
                           size_t *out_len)
{
    FILE *file = open_memstream(out, out_len);
    assert(file);
    struct checking_sink s = {.sink = {.fact = check_fact, .flush = check_flush},
                              .printer = zj_sink_jsonl(file)};
    struct zj_ingest ingest = {.sink = &s.sink};
    while (in.len) {
        const uint8_t *end = memchr(in.at, '\n', in.len);
        const size_t len = end ? (size_t)(end - in.at) : in.len;
        zj_err err = ZJ_OK;
        ingest.en[0] = ingest.zh[0] = '\0';
        const enum zj_ingest_line what = zj_ingest_line(job, &ingest, zj_span_of(in.at, len), &err);
        assert(!err);
        assert(what != ZJ_INGEST_REFUSED || (ingest.en[0] && ingest.zh[0]));
        assert(!must_take || what == ZJ_INGEST_TAKEN);
        in = zj_span_part(in, len + 1, in.len);
    }
    assert(!s.printer->flush(s.printer, job));
    s.printer->free(s.printer);
    fclose(file);
    return s.facts;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct zj_job job;
    char *facts = NULL, *again = NULL;
    size_t len = 0, again_len = 0;
    zj_job_init(&job);
    job.quiet = true;
    const uint64_t count = read_lines(&job, zj_span_of(data, size), false, &facts, &len);
    const uint64_t back = read_lines(&job, zj_span_of(facts, len), true, &again, &again_len);
    assert(back == count);
    assert(len == again_len && memcmp(facts, again, len) == 0);
    free(facts);
    free(again);
    zj_job_release(&job);
    return 0;
}
