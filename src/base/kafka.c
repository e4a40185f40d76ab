#include "base/kafka.h"

#include <errno.h>
#include <librdkafka/rdkafka.h>

#include "base/mem.h"

zj_err zj_kafka_set(struct zj_job *job, rd_kafka_conf_t *conf, const char *key, const char *value)
{
    char why[256] = "";
    if (rd_kafka_conf_set(conf, key, value, why, sizeof why) == RD_KAFKA_CONF_OK)
        return ZJ_OK;
    return zj_fail(job, ZJ_EUSAGE, "Kafka: %s", why);
}

static zj_err read_properties(struct zj_job *job, rd_kafka_conf_t *conf, const char *path)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return zj_fail(job, ZJ_EUSAGE, "%s: %s", path, zj_strerror(job, errno));
    char *line = NULL;
    size_t cap = 0;
    ssize_t len;
    int number = 0;
    zj_err err = ZJ_OK;
    while (!err && (len = getline(&line, &cap, file)) >= 0) {
        const struct zj_span text = zj_span_trim(zj_span_of(line, (size_t)len));
        number++;
        if (text.len == 0 || text.at[0] == '#')
            continue;
        const uint8_t *equals = memchr(text.at, '=', text.len);
        const size_t at = equals ? (size_t)(equals - text.at) : 0;
        if (at == 0) {
            err = zj_fail(job, ZJ_EUSAGE, "%s:%d: key=value", path, number);
            break;
        }
        char *key = zj_strndup(zj_span_trim(zj_span_part(text, 0, at)));
        char *value = zj_strndup(zj_span_trim(zj_span_part(text, at + 1, SIZE_MAX)));
        err = zj_kafka_set(job, conf, key, value);
        free(key);
        free(value);
    }
    free(line);
    fclose(file);
    return err;
}

zj_err zj_kafka_conf(struct zj_job *job, const char *place, rd_kafka_conf_t **out_conf,
                     char out_topic[ZJ_KAFKA_TOPIC_CHARS + 1])
{
    const char *slash = strchr(place, '/'), *topic = slash ? slash + 1 : "zhuji-facts";
    const char *properties = getenv("ZHUJI_KAFKA_CONF");
    const size_t topic_len = strlen(topic);
    if (slash == place || place[0] == '\0' || topic_len == 0 || topic_len > ZJ_KAFKA_TOPIC_CHARS)
        return zj_fail(job, ZJ_EUSAGE,
                       zj_tr(job, "'%s': HOST:PORT,HOST:PORT[/TOPIC] is wanted",
                             "“%s”：应为 主机:端口,主机:端口[/主题]"),
                       place);
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    char *brokers = zj_strndup(zj_span_of(place, slash ? (size_t)(slash - place) : strlen(place)));
    zj_err err = properties && properties[0] ? read_properties(job, conf, properties) : ZJ_OK;
    if (!err)
        err = zj_kafka_set(job, conf, "bootstrap.servers", brokers);
    if (!err)
        err = zj_kafka_set(job, conf, "client.id", "zhuji");
    free(brokers);
    if (err) {
        rd_kafka_conf_destroy(conf);
        return err;
    }
    memcpy(out_topic, topic, topic_len + 1);
    *out_conf = conf;
    return ZJ_OK;
}
