/* Rows for the sink: the tail that every kind has, and the cells that need a form. */
#include "sense/observer.h"

enum { TAIL = 7 };

struct zj_cell zj_cell_chars(const char *text, size_t size)
{
    return (struct zj_cell){.text = zj_span_of(text, strnlen(text, size))};
}

/* By hand: a first sight of each of a million vehicles makes five rows with a flow each. */
static char *put_number(char *at, unsigned number)
{
    char digits[10];
    size_t n = sizeof digits;
    do {
        digits[--n] = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    memcpy(at, digits + n, sizeof digits - n);
    return at + sizeof digits - n;
}

static char *put_end(char *at, const struct zj_addr *addr, uint16_t port)
{
    if (zj_addr_is_v4(addr)) {
        for (size_t i = 12; i < 16; i++) {
            at = put_number(at, addr->bytes[i]);
            *at++ = i < 15 ? '.' : ':';
        }
        return put_number(at, port);
    }
    *at++ = '[';
    zj_addr_format(addr, at);
    at += strlen(at);
    *at++ = ']';
    *at++ = ':';
    return put_number(at, port);
}

void zj_flow_format(const struct zj_flow_key *key, char out[ZJ_FLOW_TEXT])
{
    char *at = put_end(out, &key->client, key->client_port);
    *at++ = '-';
    *put_end(at, &key->server, key->server_port) = 0;
}

void zj_fact_send(struct zj_observer *obs, enum zj_fact_id kind, struct zj_cell *cells,
                  int64_t last_ns, const struct zj_moment *at)
{
    if (obs->err)
        return;
    const size_t tail = zj_fact_kinds[kind].col_count - TAIL;
    char flow[ZJ_FLOW_TEXT];
    cells[tail].num = cells[tail + 1].num = last_ns;
    if (at) {
        zj_flow_format(at->key, flow);
        cells[tail + 2] = zj_cell_str(at->source);
        cells[tail + 3].num = (int64_t)at->packet;
        cells[tail + 4].num = at->time_ns;
        cells[tail + 5] = zj_cell_str(flow);
        cells[tail + 6].text =
            zj_span_part(at->frame, 0,
                         kind == ZJ_FACT_TRANSFER ? ZJ_FACT_FRAME_TRANSFER_MAX : ZJ_FACT_FRAME_MAX);
    }
    obs->err = obs->sink->fact(obs->sink, obs->job, kind, cells);
}
