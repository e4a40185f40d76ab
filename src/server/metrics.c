/* Counters in the text format of Prometheus. They tell sizes and times, no contents. */
#include "base/clock.h"
#include "server/core.h"

static const int bounds_ms[ZJ_DURATION_BUCKETS] = {1, 5, 10, 25, 50, 100, 200, 500, 2000, 10000};

void zj_metrics_observe(struct zj_metrics *metrics, int status, int64_t ns)
{
    size_t i = 0;
    while (i < ZJ_DURATION_BUCKETS && ns > (int64_t)bounds_ms[i] * 1000000)
        i++;
    atomic_fetch_add(&metrics->buckets[i], 1);
    atomic_fetch_add(&metrics->ns_sum, (uint64_t)ns);
    atomic_fetch_add(&metrics->by_status[status / 100 % ZJ_STATUS_CLASSES], 1);
}

static void head(struct zj_buf *out, const char *name, const char *type, const char *help)
{
    zj_buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void print_durations(const struct zj_metrics *metrics, struct zj_buf *out)
{
    uint64_t sum = 0;
    head(out, "zhuji_http_request_duration_seconds", "histogram",
         "Time from the head of a request to its answer.");
    for (size_t i = 0; i < ZJ_DURATION_BUCKETS; i++) {
        sum += atomic_load(&metrics->buckets[i]);
        zj_buf_printf(out, "zhuji_http_request_duration_seconds_bucket{le=\"%d.%03d\"} %llu\n",
                      bounds_ms[i] / 1000, bounds_ms[i] % 1000, (unsigned long long)sum);
    }
    sum += atomic_load(&metrics->buckets[ZJ_DURATION_BUCKETS]);
    zj_buf_printf(out,
                  "zhuji_http_request_duration_seconds_bucket{le=\"+Inf\"} %llu\n"
                  "zhuji_http_request_duration_seconds_sum %.6f\n"
                  "zhuji_http_request_duration_seconds_count %llu\n",
                  (unsigned long long)sum, (double)atomic_load(&metrics->ns_sum) / 1e9,
                  (unsigned long long)sum);
    head(out, "zhuji_http_responses_total", "counter", "Answers by class of status.");
    for (unsigned i = 2; i < ZJ_STATUS_CLASSES; i++)
        zj_buf_printf(out, "zhuji_http_responses_total{status=\"%uxx\"} %llu\n", i,
                      (unsigned long long)atomic_load(&metrics->by_status[i]));
}

/* A number the store is asked for; a table that is not there yet counts as nothing. */
struct gauge {
    const char *name, *help, *sql;
};

static const struct gauge gauges[] = {
    {"zhuji_audit_entries", "Length of the audit chain.", "SELECT count(*) FROM audit"},
    {"zhuji_gaps_open", "Open gaps.", "SELECT count(*) FROM gap WHERE state = 'open'"},
    {"zhuji_duties_overdue", "Overdue duties.",
     "SELECT count(*) FROM duty WHERE state = 'overdue'"},
    {"zhuji_identities", "Vehicles, terminals and cards seen.",
     "SELECT count(*) FROM fact_identity"},
    {"zhuji_services", "Services seen.", "SELECT count(*) FROM fact_service"},
    {"zhuji_transfers", "Transfers of identified data seen.", "SELECT count(*) FROM fact_transfer"},
    {"zhuji_detections", "Detections.", "SELECT count(*) FROM fact_detection"},
    {"zhuji_sessions", "Sessions that are open.", "SELECT count(*) FROM session"},
    {"zhuji_dirty_rows", "Changes that rules have not looked at yet.",
     "SELECT count(*) FROM dirty"},
};

static void print_gauges(struct zj_call *call, struct zj_buf *out)
{
    for (size_t i = 0; i < ZJ_COUNT(gauges); i++) {
        int64_t value = 0;
        if (zj_store_query_int(call->job, call->store, gauges[i].sql, 0, &value)) {
            zj_job_clear(call->job);
            continue;
        }
        head(out, gauges[i].name, "gauge", gauges[i].help);
        zj_buf_printf(out, "%s %lld\n", gauges[i].name, (long long)value);
    }
}

/* Sums over all sensors: their names are of no concern to who only sees the metrics. */
static zj_err print_sensors(struct zj_call *call, struct zj_buf *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    zj_err err = zj_store_prepare(call->job, call->store,
                                  "SELECT counter, sum(value) FROM fact_sensor GROUP BY counter"
                                  " ORDER BY counter",
                                  &stmt);
    if (err) {
        zj_job_clear(call->job);
        return ZJ_OK;
    }
    head(out, "zhuji_sensor_total", "counter", "Counters of all sensors.");
    while (!(err = zj_stmt_step(call->job, stmt, &has_row)) && has_row) {
        const struct zj_span name = zj_stmt_text(stmt, 0);
        zj_buf_printf(out, "zhuji_sensor_total{counter=\"%.*s\"} %lld\n", (int)name.len,
                      (const char *)name.at, (long long)zj_stmt_int(stmt, 1));
    }
    return err;
}

zj_err zj_metrics_print(struct zj_call *call, struct zj_buf *out)
{
    const struct zj_metrics *metrics = &call->server->metrics;
    print_durations(metrics, out);
    head(out, "zhuji_http_connections", "gauge", "Connections that are open.");
    zj_buf_printf(out, "zhuji_http_connections %u\n", zj_http_connections(call->server->http));
    head(out, "zhuji_evaluations_total", "counter", "Times that the rules were evaluated.");
    zj_buf_printf(out, "zhuji_evaluations_total %llu\n",
                  (unsigned long long)atomic_load(&metrics->evaluations));
    head(out, "zhuji_uptime_seconds", "gauge", "Time since the start.");
    zj_buf_printf(out, "zhuji_uptime_seconds %lld\n",
                  (long long)((zj_now_ns(call->job) - metrics->started_ns) / ZJ_NS_PER_S));
    int64_t pages = 0, bytes = 0;
    zj_err err = zj_store_query_int(call->job, call->store, "PRAGMA page_count", 0, &pages);
    if (!err)
        err = zj_store_query_int(call->job, call->store, "PRAGMA page_size", 0, &bytes);
    if (!err) {
        head(out, "zhuji_store_bytes", "gauge", "Size of the store.");
        zj_buf_printf(out, "zhuji_store_bytes %lld\n", (long long)(pages * bytes));
    }
    zj_job_clear(call->job);
    print_gauges(call, out);
    return print_sensors(call, out);
}
