/* Accounts: who may log in, and what that lets him see and do. Sessions are for the console, tokens
 * for programs. The store keeps hashes of both, never the thing itself. */
#ifndef ZJ_SERVER_ACCOUNTS_H
#define ZJ_SERVER_ACCOUNTS_H

#include "base/json.h"
#include "store/store.h"

/* What an account is for; one may have several. Bureau staff never see personal data, whatever else
 * they are. The last three are one administrator divided (approvals.h): who has one of them has no
 * other role. */
enum zj_role {
    ZJ_ROLE_ADMIN = 1,       /* accounts; without an organisation: of all organisations */
    ZJ_ROLE_OFFICER = 2,     /* reads and writes its organisation, sees personal data */
    ZJ_ROLE_AUDITOR = 4,     /* reads and verifies the audit chain */
    ZJ_ROLE_VIEWER = 8,      /* reads its organisation, personal data masked */
    ZJ_ROLE_BUREAU = 16,     /* reads all organisations; his organisation says which bureau */
    ZJ_ROLE_EXPERT = 32,     /* sees only the cases he was invited to */
    ZJ_ROLE_ASSESSOR = 64,   /* the same, for an organisation that assesses */
    ZJ_ROLE_SYSADMIN = 128,  /* asks for accounts */
    ZJ_ROLE_SECADMIN = 256,  /* grants what the former asks for, and the other way round */
    ZJ_ROLE_AUDITADMIN = 512 /* reads and verifies the audit chain */
};
enum { ZJ_ROLES_SEPARATE = ZJ_ROLE_SYSADMIN | ZJ_ROLE_SECADMIN | ZJ_ROLE_AUDITADMIN };

/* What a token may be used for. */
enum zj_token_scope { ZJ_TOKEN_READ = 1, ZJ_TOKEN_WRITE = 2, ZJ_TOKEN_INGEST = 4 };

struct zj_role_info {
    const char *name, *en, *zh;
    unsigned bit;
};
extern const struct zj_role_info zj_role_infos[]; /* ends with a NULL name */
extern const struct zj_role_info zj_token_scope_infos[];

/* "admin;officer" (',' and ' ' too) to bits; false names the unknown word in *out_wrong. */
bool zj_names_to_bits(const struct zj_role_info *infos, struct zj_span text, unsigned *out_bits,
                      struct zj_span *out_wrong);
void zj_bits_to_names(const struct zj_role_info *infos, unsigned bits, struct zj_json *out);

enum { ZJ_LOGIN_CHARS = 64, ZJ_NAME_CHARS = 200, ZJ_TOKEN_CHARS = 64 };

struct zj_account {
    int64_t id, org_id; /* org_id 0: of none */
    unsigned roles;
    bool must_change, is_locked;
    int64_t waits_until_us; /* after too many wrong passwords; told by a list alone; 0: not now */
    char login[ZJ_LOGIN_CHARS + 1];
    char name[ZJ_NAME_CHARS + 1];
};

/* Of no organisation's side: an expert or assessor and nothing more. */
bool zj_account_is_guest(const struct zj_account *account);

/* What an account may see and do of the store. */
struct zj_scope zj_account_scope(const struct zj_account *account);

/* A password of 20 random characters, for handing over once. */
void zj_password_make(struct zj_buf *out);
/* NULL: good; else what is wrong with it, in both languages. */
const char *zj_password_fault(struct zj_span password, const char *login, const char **out_zh);

/* `account` gives login, name, org_id, roles, must_change. ZJ_ECONFLICT: the login exists;
 * ZJ_EREFUSED: a field or the password is wrong. Each of these writes the audit chain. */
zj_err zj_account_create(struct zj_job *job, struct zj_store *store,
                         const struct zj_account *account, struct zj_span password,
                         int64_t *out_id);
/* Is it an account that may be? ZJ_EREFUSED says why not. */
zj_err zj_account_check(struct zj_job *job, struct zj_store *store,
                        const struct zj_account *account);
/* Inside a transaction: adds it (id 0, with the hash of a password), or changes it as update does;
 * a hash then sets its password too (NULL: keeps it), to be changed at the next login. */
zj_err zj_account_put(struct zj_job *job, struct zj_store *store, const struct zj_account *account,
                      const char *password_hash, int64_t *out_id);
/* Name, org_id, roles and is_locked of account->id. A lock or a change of roles or organisation
 * ends its sessions. */
zj_err zj_account_update(struct zj_job *job, struct zj_store *store,
                         const struct zj_account *account);
/* Ends all its sessions, except number `keep_session`. One that must be changed is a reset by
 * somebody else, who does not know in whose hands the account was: it ends the tokens as well. */
zj_err zj_account_set_password(struct zj_job *job, struct zj_store *store, int64_t id,
                               struct zj_span password, bool must_change, int64_t keep_session);
zj_err zj_account_find(struct zj_job *job, struct zj_store *store, const char *login,
                       struct zj_account *out);
zj_err zj_account_get(struct zj_job *job, struct zj_store *store, int64_t id,
                      struct zj_account *out);
/* Is it this account's password? Counts nothing. */
zj_err zj_account_verify(struct zj_job *job, struct zj_store *store, int64_t id,
                         struct zj_span password, bool *out_is_right);
/* Calls `each` for every account the scope covers. */
zj_err zj_account_list(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                       void (*each)(void *ctx, const struct zj_account *account,
                                    int64_t last_login_us),
                       void *ctx);

/* Where a session is opened from. */
struct zj_session_from {
    const char *remote, *agent; /* agent NULL: not told */
};

/* Login and password to an account, and with `from` to a session of it (NULL: none). Five failures
 * of one login, known or not, lock it for ten minutes: ZJ_ERATE. ZJ_EAUTH: wrong, and says not
 * which. */
zj_err zj_account_login(struct zj_job *job, struct zj_store *store, const char *login,
                        struct zj_span password, const struct zj_session_from *from,
                        struct zj_account *out, struct zj_buf *out_token);

/* The count of failures of a login starts again. */
zj_err zj_account_forget_failures(struct zj_job *job, struct zj_store *store, const char *login);

/* A session ends after 30 minutes without a request and after 12 hours. */
enum { ZJ_SESSION_IDLE_S = 30 * 60, ZJ_SESSION_MAX_S = 12 * 3600 };

zj_err zj_session_open(struct zj_job *job, struct zj_store *store, int64_t account_id,
                       const struct zj_session_from *from, struct zj_buf *out_token);
/* The same inside an open transaction. */
zj_err zj_session_add(struct zj_job *job, struct zj_store *store, int64_t account_id,
                      const struct zj_session_from *from, struct zj_buf *out_token);
/* ZJ_EAUTH: no such session, over, or its account is locked. */
zj_err zj_session_find(struct zj_job *job, struct zj_store *store, struct zj_span token,
                       struct zj_account *out, int64_t *out_session);
zj_err zj_session_close(struct zj_job *job, struct zj_store *store, int64_t session_id,
                        int64_t account_id);
/* These were used just now, a number below zero being a token's; sessions that are over go. */
zj_err zj_sessions_touch(struct zj_job *job, struct zj_store *store, const int64_t *ids,
                         size_t count);
/* [{"id","created_at","last_used","remote","agent","is_current"}…] of an account. */
zj_err zj_session_list(struct zj_job *job, struct zj_store *store, int64_t account_id,
                       int64_t current, struct zj_json *out);

/* A bearer token for programs, "zj_…"; days 0: a year. It ends with its days, by zj_token_end, and
 * when its account's password is reset; while the account is locked it is no good. */
zj_err zj_token_create(struct zj_job *job, struct zj_store *store, int64_t account_id,
                       const char *name, unsigned scopes, int64_t days, struct zj_buf *out_token);
zj_err zj_token_find(struct zj_job *job, struct zj_store *store, struct zj_span token,
                     struct zj_account *out, unsigned *out_scopes, int64_t *out_id);
/* [{"id","name","scopes","created_at","expires_at","last_used"}…] of an account, those that are good;
 * last_used is null until the first use, and else within a minute. */
zj_err zj_token_list(struct zj_job *job, struct zj_store *store, int64_t account_id,
                     struct zj_json *out);
/* ZJ_ENOTFOUND: the account has no such token. */
zj_err zj_token_end(struct zj_job *job, struct zj_store *store, int64_t token_id,
                    int64_t account_id);

#endif
