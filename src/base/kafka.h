/* Kafka between sensors and servers, by librdkafka. A message is a batch of JSON Lines as
 * zj_sink_jsonl prints them. */
#ifndef ZJ_BASE_KAFKA_H
#define ZJ_BASE_KAFKA_H

#include "base/job.h"

struct rd_kafka_conf_s;

enum { ZJ_KAFKA_TOPIC_CHARS = 249 }; /* of a topic's name, as Kafka has it */

/* place: "HOST:PORT,HOST:PORT[/TOPIC]", topic "zhuji-facts" unless named. The configuration starts
 * with what the file $ZHUJI_KAFKA_CONF holds ("key=value" lines of librdkafka's properties: TLS,
 * SASL). ZJ_EUSAGE names what is wrong. The caller gives *out_conf to rd_kafka_new or destroys it.
 */
zj_err zj_kafka_conf(struct zj_job *job, const char *place, struct rd_kafka_conf_s **out_conf,
                     char out_topic[ZJ_KAFKA_TOPIC_CHARS + 1]);
/* One property; ZJ_EUSAGE where librdkafka does not take it. */
zj_err zj_kafka_set(struct zj_job *job, struct rd_kafka_conf_s *conf, const char *key,
                    const char *value);

#endif
