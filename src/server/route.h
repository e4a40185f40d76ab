/* Routes: a family is one file in route/, which ends in a table of descriptors, and one line in
 * routes.def. Dispatch, checks of rights and the OpenAPI document all come from these tables. */
#ifndef ZJ_SERVER_ROUTE_H
#define ZJ_SERVER_ROUTE_H

#include "base/json.h"
#include "base/json_read.h"
#include "paper/paper.h"
#include "server/accounts.h"
#include "server/http.h"

struct zj_server;

/* What the caller must be allowed to do. */
enum zj_need {
    ZJ_NEED_NOTHING,
    ZJ_NEED_LOGIN, /* anyone logged in, even one who must change his password first */
    ZJ_NEED_READ,  /* what is declared and observed, within the scope */
    ZJ_NEED_WRITE,
    ZJ_NEED_USERS,  /* accounts */
    ZJ_NEED_AUDIT,  /* the audit chain */
    ZJ_NEED_INGEST, /* a program that sends observations: a token with this scope */
    ZJ_NEED_WORK,   /* acts on cases, for a company or a bureau */
    ZJ_NEED_SUPERVISE, /* looks at all organisations */
    ZJ_NEED_COUNT
};

enum zj_body { ZJ_BODY_NONE, ZJ_BODY_JSON, ZJ_BODY_FILE };

enum zj_route_flags {
    ZJ_ROUTE_SLOW = 1,   /* long work: only so many at once, the others are told to wait */
    ZJ_ROUTE_HIDDEN = 2, /* not in the OpenAPI document */
    ZJ_ROUTE_STREAM = 4, /* answers with server-sent events */
    ZJ_ROUTE_CACHED = 8, /* a summary: may be a few seconds old where it takes long */
    ZJ_ROUTE_AT_ONCE = 16, /* {"rows":[…, written as they are read: a file asks for all at once */
};

/* A query parameter, or a member of a JSON body. Capitals at the end of a query's name stand for any
 * column of the route: "f.FIELD". */
struct zj_param {
    const char *name;
    const char *type;   /* of JSON Schema: "string", "integer", "boolean", "array", "object" */
    const char *values; /* "csv|xlsx": one of these; "1..500": a number from … to; NULL: any */
    const char *en, *zh;
    bool is_required;
};

/* Parameters that many lists have. */
#define ZJ_PARAM_ORG                                                                               \
    {"org", "string", NULL, "only this organisation, by its code", "单位代码：只列该单位", false}
#define ZJ_PARAM_SORT                                                                              \
    {"sort", "string", NULL, "column to sort by; -column for descending",                          \
     "排序列：- 在前表示降序", false}
#define ZJ_PARAMS_PAGE                                                                             \
    {"limit", "integer", "1..500", "rows of a page; 50 where not given", "每页行数：默认 50", false},  \
    {"offset", "integer", "0..10000000", "rows to pass over", "跳过的行数", false}

struct zj_call;

struct zj_route {
    enum zj_method method;
    const char *path; /* "/api/v1/registers/{name}/{id}" */
    const char *en, *zh;
    enum zj_need need;
    enum zj_body body;
    unsigned flags;
    const struct zj_param *query;  /* ends with a NULL name; NULL: none. Other names are refused. */
    /* The column number `at` that the query may name; NULL behind the last. */
    const char *(*column)(const struct zj_call *call, size_t at);
    const struct zj_param *fields; /* of the JSON body */
    const char *answer;            /* what a 200 holds */
    const char *answer_type;       /* NULL: application/json */
    /* Of a list that also leaves as a file, with ?format=: its table, or what makes it (NULL: it cannot). */
    const struct zj_paper_table *paper;
    const struct zj_paper_table *(*make_paper)(struct zj_call *call);
    zj_err (*handle)(struct zj_call *call);
};

enum { ZJ_ROUTE_ARGS_MAX = 4, ZJ_PAGE_ROWS = 50, ZJ_PAGE_ROWS_MAX = 500 };

/* One request on its way through a handler. What the handler writes to `json` is the answer. */
struct zj_call {
    struct zj_server *server;
    struct zj_job *job;     /* the worker's, with the request's language and actor */
    struct zj_store *store; /* the worker's connection */
    const struct zj_http_request *req;
    struct zj_http_response *res;
    const struct zj_route *route;
    const char *args[ZJ_ROUTE_ARGS_MAX]; /* the parts in {}, in order */
    struct zj_arena *arena;              /* lives until the answer is sent: for header values */
    struct zj_json json;
    struct zj_jdoc *body; /* of ZJ_BODY_JSON */
    int64_t page_rows, page_at; /* page_rows > 0: the page wanted, whatever ?limit= says */
    int64_t paper_org; /* whose file it is; 0: of the organisation asked for, or of the scope */

    bool is_known; /* somebody is logged in: the rest is filled */
    bool is_token;
    int64_t session_id;
    struct zj_account account;
    struct zj_scope scope;
    unsigned needs; /* bit a zj_need he meets */
};

extern const struct zj_route *const zj_route_tables[];
extern const size_t zj_route_table_count;

/* The route of a path; *out_allow gets bits of the methods that the path has. */
const struct zj_route *zj_route_find(enum zj_method method, const char *path,
                                     struct zj_arena *arena, const char **args,
                                     unsigned *out_allow);

/* query.c: names and values of the query against the route's table; ZJ_EUSAGE names the first wrong
 * one, and what it may be. */
zj_err zj_query_check(struct zj_call *call);
/* "state" of "f.state", where the route's query has columns; NULL: the name is no column's. */
const char *zj_query_column(const struct zj_call *call, const char *name);
extern const struct zj_param zj_query_everywhere[]; /* ends with a NULL name */
extern const struct zj_param zj_query_paper;        /* of a list that also leaves as a file */

/* --- for handlers ------------------------------------------------------------------------------
 */

/* A query parameter as text; NULL where it is absent or empty. */
const char *zj_call_param(const struct zj_call *call, const char *name);
/* As a number within [min, max]; `absent` where it is not given. ZJ_EUSAGE names the wrong one. */
zj_err zj_call_int(struct zj_call *call, const char *name, int64_t absent, int64_t min, int64_t max,
                   int64_t *out);
/* The parameter changed_since; 0 where it is not given. */
zj_err zj_call_since(struct zj_call *call, int64_t *out_us);
/* ?limit= and ?offset= */
zj_err zj_call_page(struct zj_call *call, int64_t *out_limit, int64_t *out_offset);
/* A member of the JSON body as text, good as long as the job; NULL where it is absent or no text. */
const char *zj_call_text(struct zj_call *call, const char *key);
/* ZJ_EPACK: the rule packs were not found. */
zj_err zj_call_need_plan(struct zj_call *call);
/* An organisation within the scope; ZJ_ENOTFOUND: no such, or not his. */
zj_err zj_org_by_code(struct zj_call *call, const char *code, int64_t *out_org);
/* ?org=CODE within the scope; 0 where it is not given. ZJ_ENOTFOUND: no such, or not his. */
zj_err zj_call_org(struct zj_call *call, int64_t *out_org);
/* The organisation a row is written for: his own, or ?org= of who may write for all. */
zj_err zj_call_own_org(struct zj_call *call, int64_t *out_org);
/* {name} number `at` as a row id; ZJ_ENOTFOUND where it is none. */
zj_err zj_call_id(struct zj_call *call, size_t at, int64_t *out_id);

/* Sends a file that is already unlinked or will not change; takes the descriptor. */
void zj_call_file(struct zj_call *call, int file, int64_t bytes, const char *type,
                  const char *download_name);

/* paper.c: does the caller want the list as a file? Then the rows that its handler gives, page by
 * page, as that file: the same scope, the same filters. Noted in the audit chain. */
bool zj_call_wants_paper(const struct zj_call *call);
zj_err zj_call_paper(struct zj_call *call);
/* The answer is a file that `fill` writes; `table` gives its name and title. */
typedef zj_err zj_paper_fill(struct zj_call *call, const struct zj_paper_table *table,
                             struct zj_paper *paper);
zj_err zj_call_paper_of(struct zj_call *call, const struct zj_paper_table *table,
                        zj_paper_fill *fill, enum zj_paper_format format);

/* RFC 9457, in both languages. The call's own message is the detail in its language. */
void zj_problem(struct zj_call *call, zj_err err);
void zj_problem_status(struct zj_call *call, int status, const char *code, const char *en,
                       const char *zh);

#endif
