/* EVE events into facts: lines in the form of Suricata's documents (EVE JSON format), addresses of
 * documentation, and an alert of our own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>

#include "server/ingest.h"

struct told {
    struct zj_sink sink;
    int count;
    char line[512];
};

static void put(struct told *t, const struct zj_col *col, const struct zj_cell *cell)
{
    char text[ZJ_ADDR_TEXT] = "";
    const size_t len = strlen(t->line);
    if (col->type == ZJ_COL_ADDR)
        zj_addr_format(&cell->addr, text);
    else if (col->type != ZJ_COL_TEXT && col->type != ZJ_COL_HOST)
        snprintf(text, sizeof text, "%lld", (long long)cell->num);
    snprintf(t->line + len, sizeof t->line - len, "%s%.*s|", text,
             text[0] ? 0 : (int)cell->text.len, cell->text.len ? (const char *)cell->text.at : "");
}

static zj_err tell(struct zj_sink *sink, struct zj_job *job, enum zj_fact_id kind,
                   const struct zj_cell *cells)
{
    struct told *t = (struct told *)sink;
    (void)job;
    t->count++;
    snprintf(t->line, sizeof t->line, "%s ", zj_fact_kinds[kind].name);
    for (size_t i = 0; i + 1 < zj_fact_kinds[kind].col_count; i++)
        put(t, &zj_fact_kinds[kind].cols[i], &cells[i]);
    return ZJ_OK;
}

#define HEAD "{\"timestamp\":\"2026-01-01T08:00:00.250000+0800\",\"flow_id\":1,\"pcap_cnt\":7,"
#define ENDS                                                                                       \
    "\"src_ip\":\"203.0.113.5\",\"src_port\":40000,\"dest_ip\":\"10.1.0.5\",\"dest_port\":443,"      \
    "\"proto\":\"TCP\","
#define TIMES "1767225600250000000|1767225600250000000|suricata|7|1767225600250000000|"

static void events_become_facts(void **state)
{
    (void)state;
    static const struct {
        const char *line, *want; /* NULL: passed over */
    } cases[] = {
        {HEAD ENDS "\"event_type\":\"alert\",\"app_proto\":\"http\",\"alert\":{\"action\":\"allowed\","
                   "\"gid\":1,\"signature_id\":2024364,\"rev\":4,\"signature\":\"ET SCAN\","
                   "\"category\":\"Scan\",\"severity\":2}}",
         "detection suricata:1:2024364|address|203.0.113.5|203.0.113.5|10.1.0.5|443|http|medium|"
         "ET SCAN|ET SCAN|1|" TIMES "203.0.113.5:40000-10.1.0.5:443|"},
        {HEAD ENDS "\"event_type\":\"alert\",\"alert\":{\"gid\":1,\"signature_id\":9001,"
                   "\"signature\":\"One vehicle online twice\",\"category\":\"duplicate-vehicle\","
                   "\"severity\":1,\"metadata\":{\"subject_kind\":[\"vin\"],"
                   "\"subject\":[\"LZJTEST0000000001\"],\"note\":[\"both speak\"]}}}",
         "detection duplicate-vehicle|vin|LZJTEST0000000001|203.0.113.5|10.1.0.5|443||high|"
         "both speak|both speak|1|" TIMES "203.0.113.5:40000-10.1.0.5:443|"},
        {HEAD ENDS "\"event_type\":\"tls\",\"tls\":{\"sni\":\"ota.example.com\","
                   "\"version\":\"TLSv1\"}}",
         "service 10.1.0.5|443|tls|tls||ota.example.com|0|0|TLS 1.0|-1|0|1|0|0|" TIMES
         "203.0.113.5:40000-10.1.0.5:443|"},
        {HEAD ENDS "\"event_type\":\"http\",\"http\":{\"hostname\":\"a.example\"}}",
         "service 10.1.0.5|443|http|none||a.example|0|0||-1|0|1|0|0|" TIMES
         "203.0.113.5:40000-10.1.0.5:443|"},
        {HEAD ENDS "\"event_type\":\"flow\",\"app_proto\":\"mqtt\",\"flow\":{"
                   "\"bytes_toserver\":300,\"bytes_toclient\":41}}",
         "service 10.1.0.5|443|mqtt|none|||0|0||-1|1|0|0|341|" TIMES
         "203.0.113.5:40000-10.1.0.5:443|"},
        {HEAD ENDS "\"event_type\":\"flow\",\"app_proto\":\"failed\",\"flow\":{}}", NULL},
        {HEAD ENDS "\"event_type\":\"stats\"}", NULL},
        {HEAD "\"src_ip\":\"10.1.0.5\",\"src_port\":443,\"dest_ip\":\"203.0.113.5\","
              "\"dest_port\":40000,\"event_type\":\"tls\",\"tls\":{}}", NULL}, /* an answer */
        {HEAD ENDS "\"event_type\":\"dns\",\"dns\":{\"type\":\"answer\"}}", NULL},
        {HEAD "\"event_type\":\"alert\",\"alert\":{\"signature_id\":1}}", NULL},
        {HEAD ENDS "\"event_type\":\"alert\",\"alert\":[]}", NULL},
        {HEAD "\"src_ip\":\"1.2.3.4\",\"dest_ip\":\"1.2.3.5\",\"dest_port\":70000,"
              "\"event_type\":\"tls\"}", NULL},
        {"{\"timestamp\":\"soon\"," ENDS "\"event_type\":\"tls\"}", NULL},
    };
    struct zj_job job;
    zj_job_init(&job);
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        struct told t = {.sink = {.fact = tell}};
        struct zj_ingest in = {.sink = &t.sink};
        zj_err err = ZJ_OK;
        const enum zj_ingest_line end =
            zj_ingest_line(&job, &in, zj_span_str(cases[i].line), &err);
        assert_int_equal(err, ZJ_OK);
        assert_int_equal(end, cases[i].want ? ZJ_INGEST_TAKEN : ZJ_INGEST_SKIPPED);
        assert_int_equal(t.count, cases[i].want != NULL);
        if (cases[i].want)
            assert_string_equal(t.line, cases[i].want);
    }
    zj_job_release(&job);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(events_become_facts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
