/* Sending one message to the outside, wrapped once over libcurl: a POST, or a mail. Redirects are not
 * followed, certificates are checked, and everything has a time limit. */
#ifndef ZJ_BASE_SEND_H
#define ZJ_BASE_SEND_H

#include "base/buf.h"
#include "base/job.h"

/* https://, or http:// to this machine alone. */
bool zj_send_url_is_good(const char *url);

/* headers end with NULL. *out_status is the answer's; a status of 400 or more is no failure here.
 * ZJ_EIO: no answer. */
zj_err zj_send_post(struct zj_job *job, const char *url, const char *const *headers,
                    struct zj_span body, long *out_status);

struct zj_mail_server {
    const char *url;             /* smtps://mail.example.com:465, smtp:// (with STARTTLS) */
    const char *user, *password; /* NULL: none */
    const char *from;
};

/* smtps://, or smtp:// which must turn to TLS unless the server is this machine. */
bool zj_send_mail_url_is_good(const char *url);
/* An address that may stand in a command: one @, no blanks, brackets or control characters. */
bool zj_send_address_is_good(const char *address);

/* Text is UTF-8; the subject is encoded (RFC 2047). *out_code is the server's last reply. */
zj_err zj_send_mail(struct zj_job *job, const struct zj_mail_server *server, const char *to,
                    const char *subject, struct zj_span text, long *out_code);

#endif
