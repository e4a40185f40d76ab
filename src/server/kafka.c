/* Facts of sensors that send to Kafka. Any number of servers share the partitions of a topic as one
 * consumer group; what a server has stored it commits, so a batch may count twice after a crash,
 * never not at all. */
#include <librdkafka/rdkafka.h>

#include "base/clock.h"
#include "base/kafka.h"
#include "facts/facts.h"
#include "server/core.h"
#include "server/ingest.h"

enum { POLL_MS = 200, MESSAGES_A_BATCH = 64, BATCH_NS = 1000000000, RETRY_S = 2 };

struct zj_consumer {
    struct zj_room room;
    rd_kafka_t *client;
    struct zj_ingest in;
    int64_t refused; /* lines */
    size_t waiting;  /* messages taken and not yet committed */
    int64_t since_ns;
    bool is_broken; /* the brokers do not answer, and the log says so already */
    pthread_t thread;
};

/* Kafka's own log lines, as one of ours. */
static void log_line(const rd_kafka_t *client, int level, const char *facility, const char *text)
{
    (void)client;
    zj_log(level <= 3 ? "error" : "info", "kafka", "facility=%s msg=\"%s\"", facility, text);
}

static zj_err take_message(struct zj_consumer *c, const rd_kafka_message_t *message)
{
    struct zj_span rest = zj_span_of(message->payload, message->len);
    zj_err err = ZJ_OK;
    while (!err && rest.len) {
        const uint8_t *end = memchr(rest.at, '\n', rest.len);
        const size_t len = end ? (size_t)(end - rest.at) : rest.len;
        if (zj_ingest_line(&c->room.job, &c->in, zj_span_part(rest, 0, len), &err) ==
                ZJ_INGEST_REFUSED &&
            !err && c->refused++ < 10)
            zj_log("error", "kafka_line_refused", "partition=%d offset=%lld msg=\"%s\"",
                   message->partition, (long long)message->offset, c->in.en);
        rest = zj_span_part(rest, len + 1, SIZE_MAX);
    }
    return err;
}

/* Stored first, then told to the brokers. */
static zj_err keep(struct zj_consumer *c)
{
    if (c->waiting == 0)
        return ZJ_OK;
    zj_err err = c->in.sink->flush(c->in.sink, &c->room.job);
    if (err)
        return err;
    const rd_kafka_resp_err_t failure = rd_kafka_commit(c->client, NULL, 0);
    if (failure && failure != RD_KAFKA_RESP_ERR__NO_OFFSET)
        zj_log("error", "kafka_commit", "msg=\"%s\"", rd_kafka_err2str(failure));
    c->waiting = 0;
    return ZJ_OK;
}

static zj_err consume(struct zj_consumer *c)
{
    zj_err err = ZJ_OK;
    rd_kafka_message_t *message = rd_kafka_consumer_poll(c->client, POLL_MS);
    if (message && message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        if (c->waiting++ == 0)
            c->since_ns = zj_tick_ns();
        err = take_message(c, message);
        c->is_broken = false;
    } else if (message && !c->is_broken) {
        zj_log("error", "kafka", "msg=\"%s\"", rd_kafka_message_errstr(message));
        c->is_broken = true;
    }
    if (message)
        rd_kafka_message_destroy(message);
    if (!err && (c->waiting >= MESSAGES_A_BATCH || zj_tick_ns() - c->since_ns > BATCH_NS))
        err = keep(c);
    return err;
}

/* A store that refuses is tried again from the last commit on. */
static void start_over(struct zj_consumer *c)
{
    zj_log("error", "kafka_store", "msg=\"%s\"", c->room.job.message);
    zj_job_clear(&c->room.job);
    c->in.sink->free(c->in.sink);
    c->in.sink = zj_facts_sink(c->room.store, 0);
    c->waiting = 0;
    rd_kafka_topic_partition_list_t *parts = NULL;
    if (rd_kafka_assignment(c->client, &parts) || !parts)
        return;
    if (!rd_kafka_committed(c->client, parts, 5000)) {
        for (int i = 0; i < parts->cnt; i++)
            if (parts->elems[i].offset < 0)
                parts->elems[i].offset = RD_KAFKA_OFFSET_BEGINNING;
        rd_kafka_error_t *error = rd_kafka_seek_partitions(c->client, parts, 5000);
        if (error)
            rd_kafka_error_destroy(error);
    }
    rd_kafka_topic_partition_list_destroy(parts);
    for (int i = 0; i < RETRY_S * 10 && !zj_is_interrupted(&c->room.job); i++)
        nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
}

static void *run(void *arg)
{
    struct zj_consumer *c = arg;
    while (!zj_is_interrupted(&c->room.job)) {
        zj_err err = consume(c);
        if (err && !zj_is_interrupted(&c->room.job))
            start_over(c);
    }
    if (keep(c))
        zj_log("error", "kafka_store", "msg=\"%s\"", c->room.job.message);
    rd_kafka_consumer_close(c->client);
    return NULL;
}

static zj_err subscribe(struct zj_consumer *c, const char *place)
{
    static const char *const properties[][2] = {
        {"group.id", "zhuji"},
        {"enable.auto.commit", "false"},
        {"auto.offset.reset", "earliest"},
    };
    char topic[ZJ_KAFKA_TOPIC_CHARS + 1], why[256] = "";
    rd_kafka_conf_t *conf = NULL;
    zj_err err = zj_kafka_conf(&c->room.job, place, &conf, topic);
    for (size_t i = 0; !err && i < ZJ_COUNT(properties); i++)
        err = zj_kafka_set(&c->room.job, conf, properties[i][0], properties[i][1]);
    if (!err) {
        rd_kafka_conf_set_log_cb(conf, log_line);
        c->client = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof why);
        if (!c->client)
            err = zj_fail(&c->room.job, ZJ_EUSAGE, "Kafka: %s", why);
    }
    if (err) {
        if (conf)
            rd_kafka_conf_destroy(conf);
        return err;
    }
    rd_kafka_poll_set_consumer(c->client);
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(topics, topic, RD_KAFKA_PARTITION_UA);
    const rd_kafka_resp_err_t failure = rd_kafka_subscribe(c->client, topics);
    rd_kafka_topic_partition_list_destroy(topics);
    return failure
               ? zj_fail(&c->room.job, ZJ_EUSAGE, "Kafka: %s", rd_kafka_err2str(failure))
               : ZJ_OK;
}

static void release(struct zj_consumer *c)
{
    if (c->in.sink)
        c->in.sink->free(c->in.sink);
    if (c->client)
        rd_kafka_destroy(c->client);
    zj_room_close(&c->room);
    free(c);
}

zj_err zj_consumer_start(struct zj_job *job, struct zj_server *server, struct zj_consumer **out)
{
    *out = NULL;
    if (!server->opts->kafka)
        return ZJ_OK;
    struct zj_consumer *c = zj_alloc(sizeof *c);
    zj_err err = zj_room_open(job, server, "kafka", &c->room);
    const bool is_open = !err;
    if (!err) {
        c->in.sink = zj_facts_sink(c->room.store, 0); /* networks tell whose a fact is */
        err = subscribe(c, server->opts->kafka);
    }
    if (!err && pthread_create(&c->thread, NULL, run, c) != 0)
        err = zj_fail(&c->room.job, ZJ_EIO, "no thread for Kafka");
    if (err) {
        if (is_open)
            zj_fail(job, err, "%s", c->room.job.message);
        release(c);
        return err;
    }
    *out = c;
    return ZJ_OK;
}

void zj_consumer_stop(struct zj_consumer *consumer)
{
    if (!consumer)
        return;
    pthread_join(consumer->thread, NULL); /* is_stopping interrupts it */
    release(consumer);
}
