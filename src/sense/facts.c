/* Rows for the sink: the tail that every kind has, and the cells that need a form. */
#include <stdio.h>

#include "sense/observer.h"

enum { FRAME_MAX = 256, TAIL = 7, FLOW_TEXT = 2 * (ZJ_ADDR_TEXT + 8) + 2 };

struct zj_cell zj_cell_chars(const char *text, size_t size)
{
    return (struct zj_cell){.text = zj_span_of(text, strnlen(text, size))};
}

static void end_format(const struct zj_addr *addr, uint16_t port, char *out, size_t size)
{
    char text[ZJ_ADDR_TEXT];
    zj_addr_format(addr, text);
    snprintf(out, size, zj_addr_is_v4(addr) ? "%s:%u" : "[%s]:%u", text, port);
}

void zj_flow_format(const struct zj_flow_key *key, char *out, size_t size)
{
    char client[ZJ_ADDR_TEXT + 8], server[ZJ_ADDR_TEXT + 8];
    end_format(&key->client, key->client_port, client, sizeof client);
    end_format(&key->server, key->server_port, server, sizeof server);
    snprintf(out, size, "%s-%s", client, server);
}

void zj_fact_send(struct zj_observer *obs, enum zj_fact_id kind, struct zj_cell *cells,
                  int64_t last_ns, const struct zj_moment *at)
{
    if (obs->err)
        return;
    const size_t tail = zj_fact_kinds[kind].col_count - TAIL;
    char flow[FLOW_TEXT];
    cells[tail].num = cells[tail + 1].num = last_ns;
    if (at) {
        zj_flow_format(at->key, flow, sizeof flow);
        cells[tail + 2] = zj_cell_str(at->source);
        cells[tail + 3].num = (int64_t)at->packet;
        cells[tail + 4].num = at->time_ns;
        cells[tail + 5] = zj_cell_str(flow);
        cells[tail + 6].text = zj_span_part(at->frame, 0, FRAME_MAX);
    }
    obs->err = obs->sink->fact(obs->sink, obs->job, kind, cells);
}
