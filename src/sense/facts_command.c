/* Commands to vehicles. */
#include "sense/observer.h"

struct command {
    struct zj_link link;
    struct command_key {
        struct zj_addr sender;
        uint32_t version, host; /* strings */
        uint16_t port;
        uint8_t protocol; /* label */
        uint8_t kind;     /* label */
        uint8_t pad[4];
    } key;
    char target[20];
    uint32_t path, count;
};

static const char *const kinds[ZJ_MSG_CERT_REQUEST + 1] = {
    [ZJ_MSG_UPGRADE] = "upgrade",
    [ZJ_MSG_CONTROL] = "control",
    [ZJ_MSG_SWITCH_SERVER] = "switch_server",
    [ZJ_MSG_PARAMETERS] = "parameters",
    [ZJ_MSG_PASSTHROUGH_DOWN] = "passthrough",
    [ZJ_MSG_EAVESDROP] = "eavesdrop",
};

static void send_command(struct zj_observer *obs, struct command *v, const struct zj_moment *at)
{
    struct zj_cell c[ZJ_CM_COLS] = {
        [ZJ_CM_KIND] = zj_cell_str(zj_label_text(obs, v->key.kind)),
        [ZJ_CM_PROTOCOL] = zj_cell_str(zj_label_text(obs, v->key.protocol)),
        [ZJ_CM_SENDER] = {.addr = v->key.sender},
        [ZJ_CM_PORT] = {.num = v->key.port},
        [ZJ_CM_VERSION] = {.text = zj_string(&obs->strings, v->key.version)},
        [ZJ_CM_HOST] = {.text = zj_string(&obs->strings, v->key.host)},
        [ZJ_CM_PATH] = {.text = zj_string(&obs->strings, v->path)},
        [ZJ_CM_TARGET] = zj_cell_chars(v->target, sizeof v->target),
        [ZJ_CM_COUNT] = {.num = v->count},
    };
    zj_fact_send(obs, ZJ_FACT_COMMAND, c, v->link.last_ns, at);
    v->count = 0;
}

static void spill_command(void *owner, void *record)
{
    send_command(owner, record, NULL);
}

void zj_command_init(struct zj_observer *obs, int64_t memory_bytes)
{
    zj_table_init(&obs->commands, &(struct zj_table_shape){
                                      .record_bytes = sizeof(struct command),
                                      .key_at = offsetof(struct command, key),
                                      .key_bytes = sizeof(struct command_key),
                                      .memory_bytes = memory_bytes,
                                      .seed = obs->seed,
                                      .dropped = &obs->stats->drop_fact,
                                      .spill = spill_command,
                                      .owner = obs,
                                  });
}

void zj_command_see(const struct zj_sight *t)
{
    struct zj_observer *obs = t->obs;
    const struct zj_msg *msg = t->msg;
    if (!kinds[msg->kind] || t->is_answer || !t->session->is_vehicle || !msg->is_down)
        return;
    const struct command_key key = {
        .sender = *t->sender,
        .version = zj_string_id(&obs->strings, msg->version),
        .host = zj_string_id(&obs->strings, msg->host),
        .port = t->sender_port,
        .protocol = t->session->label,
        .kind = zj_label(obs, kinds[msg->kind]),
    };
    bool is_new;
    struct command *v = zj_table_get(&obs->commands, &key, NULL, t->at->time_ns, &is_new);
    const struct zj_span target = msg->vin.len ? msg->vin : msg->phone;
    memset(v->target, 0, sizeof v->target);
    if (target.len)
        memcpy(v->target, target.at, target.len < sizeof v->target ? target.len : sizeof v->target);
    v->path = zj_string_id(&obs->strings, msg->url);
    v->count += t->once;
    if (is_new)
        send_command(obs, v, t->at);
    else
        zj_table_mark(&obs->commands, v);
}
