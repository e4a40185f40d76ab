/* The country of an address, from a MMDB file (libmaxminddb behind it). */
#ifndef ZJ_BASE_GEO_H
#define ZJ_BASE_GEO_H

#include "base/addr.h"
#include "base/job.h"

enum { ZJ_COUNTRY_TEXT = 3 };

struct zj_geo;

/* $ZHUJI_GEO, else the database Zhuji ships with. Where there is none *out is NULL and that is no
 * failure: every country is then unknown. A file that is given and unreadable is one. */
zj_err zj_geo_open(struct zj_job *job, struct zj_geo **out);
void zj_geo_close(struct zj_geo *geo); /* accepts NULL */

/* ISO 3166-1 alpha-2; "-" for an address of use nearby, which is in no country; "" unknown, as a
 * reserved address is. */
void zj_geo_country(const struct zj_geo *geo, const struct zj_addr *addr,
                    char out[ZJ_COUNTRY_TEXT]);

/* When the database was built, seconds since 1970 UTC; 0 where there is none. */
int64_t zj_geo_built_at(const struct zj_geo *geo);

#endif
