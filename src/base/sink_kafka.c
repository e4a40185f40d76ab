/* A sink that sends JSON Lines to Kafka, a batch a message. What the brokers did not acknowledge
 * when a flush ends is an error, so that nothing is lost silently. */
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <unistd.h>

#include "base/kafka.h"
#include "base/mem.h"
#include "base/sink.h"

enum { MESSAGE_BYTES = 128 * 1024, FLUSH_MS = 30 * 1000, KEY_BYTES = 64 };

struct kafka_sink {
    struct zj_sink sink;
    rd_kafka_t *client;
    char topic[ZJ_KAFKA_TOPIC_CHARS + 1];
    char key[KEY_BYTES + 1];     /* the sensor: its messages stay in order */
    rd_kafka_resp_err_t failure; /* of a message that was given up */
    struct zj_sink *lines;       /* writes to text */
    FILE *text;
    char *at;
    size_t len;
};

static void on_delivery(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque)
{
    struct kafka_sink *s = opaque;
    (void)client;
    if (message->err)
        s->failure = message->err;
}

static void open_batch(struct kafka_sink *s)
{
    s->text = open_memstream(&s->at, &s->len);
    if (!s->text)
        abort(); /* memory is all it can lack */
    s->lines = zj_sink_jsonl(s->text);
}

static void close_batch(struct kafka_sink *s)
{
    s->lines->free(s->lines);
    fclose(s->text);
    free(s->at);
    s->at = NULL;
}

static zj_err check(struct kafka_sink *s, struct zj_job *job)
{
    if (!s->failure)
        return ZJ_OK;
    return zj_fail(job, ZJ_EIO, "Kafka, %s: %s", s->topic, rd_kafka_err2str(s->failure));
}

/* Hands the batch over; where the client's queue is full, waits for the brokers to take some. */
static zj_err produce(struct kafka_sink *s, struct zj_job *job)
{
    rd_kafka_resp_err_t failure = RD_KAFKA_RESP_ERR_NO_ERROR;
    fflush(s->text);
    while (s->len) {
        failure = rd_kafka_producev(s->client, RD_KAFKA_V_TOPIC(s->topic),
                                    RD_KAFKA_V_KEY(s->key, strlen(s->key)),
                                    RD_KAFKA_V_VALUE(s->at, s->len),
                                    RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
        if (failure != RD_KAFKA_RESP_ERR__QUEUE_FULL || zj_is_interrupted(job))
            break;
        rd_kafka_poll(s->client, 100);
    }
    if (failure)
        s->failure = failure;
    close_batch(s);
    open_batch(s);
    rd_kafka_poll(s->client, 0);
    return check(s, job);
}

static zj_err kafka_fact(struct zj_sink *sink, struct zj_job *job, enum zj_fact_id kind,
                         const struct zj_cell *cells)
{
    struct kafka_sink *s = (struct kafka_sink *)sink;
    zj_err err = s->lines->fact(s->lines, job, kind, cells);
    return err || ftello(s->text) < MESSAGE_BYTES ? err : produce(s, job);
}

static zj_err kafka_flush(struct zj_sink *sink, struct zj_job *job)
{
    struct kafka_sink *s = (struct kafka_sink *)sink;
    zj_err err = produce(s, job);
    if (!err && rd_kafka_flush(s->client, FLUSH_MS) != RD_KAFKA_RESP_ERR_NO_ERROR)
        err = zj_fail(job, ZJ_EIO, "Kafka, %s: %s", s->topic,
                      zj_tr(job, "the brokers do not answer", "代理没有应答"));
    return err ? err : check(s, job);
}

static void kafka_free(struct zj_sink *sink)
{
    struct kafka_sink *s = (struct kafka_sink *)sink;
    close_batch(s);
    rd_kafka_destroy(s->client);
    free(s);
}

/* librdkafka writes to stderr by itself otherwise; what matters comes back as an error. */
static void drop_log(const rd_kafka_t *client, int level, const char *facility, const char *text)
{
    (void)client, (void)level, (void)facility, (void)text;
}

static zj_err configure(struct zj_job *job, rd_kafka_conf_t *conf)
{
    static const char *const properties[][2] = {
        {"acks", "all"},
        {"enable.idempotence", "true"}, /* a message tried again is not there twice */
        {"compression.codec", "lz4"},
        {"linger.ms", "20"},
        {"message.timeout.ms", "30000"},
    };
    zj_err err = ZJ_OK;
    for (size_t i = 0; !err && i < ZJ_COUNT(properties); i++)
        err = zj_kafka_set(job, conf, properties[i][0], properties[i][1]);
    return err;
}

zj_err zj_sink_kafka(struct zj_job *job, const char *place, struct zj_sink **out)
{
    char why[256] = "";
    rd_kafka_conf_t *conf = NULL;
    struct kafka_sink *s = zj_alloc(sizeof *s);
    zj_err err = zj_kafka_conf(job, place, &conf, s->topic);
    if (!err)
        err = configure(job, conf);
    if (!err) {
        rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
        rd_kafka_conf_set_log_cb(conf, drop_log);
        rd_kafka_conf_set_opaque(conf, s);
        s->client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof why);
        if (s->client)
            conf = NULL;
        else
            err = zj_fail(job, ZJ_EUSAGE, "Kafka: %s", why);
    }
    if (err) {
        if (conf)
            rd_kafka_conf_destroy(conf);
        free(s);
        return err;
    }
    if (gethostname(s->key, KEY_BYTES) != 0)
        s->key[0] = '\0';
    s->sink = (struct zj_sink){.fact = kafka_fact, .flush = kafka_flush, .free = kafka_free};
    open_batch(s);
    *out = &s->sink;
    return ZJ_OK;
}
