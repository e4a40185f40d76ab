#include "base/geo.h"

#include <arpa/inet.h>
#include <maxminddb.h>

#include "base/paths.h"

struct zj_geo {
    MMDB_s db;
};

static const char *find_database(struct zj_job *job)
{
    static const char *const names[] = {
        "build/geo/country.mmdb",
        "geo/country.mmdb",
        "packs/geo/country.mmdb",
        "web/node_modules/@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb",
    };
    const char *given = getenv("ZHUJI_GEO");
    if (given && given[0])
        return given;
    for (size_t i = 0; i < ZJ_COUNT(names); i++) {
        const char *path = zj_data_path(job, names[i]);
        if (path)
            return path;
    }
    return NULL;
}

zj_err zj_geo_open(struct zj_job *job, struct zj_geo **out)
{
    const char *path = find_database(job);
    *out = NULL;
    if (!path)
        return ZJ_OK;
    struct zj_geo *geo = zj_alloc(sizeof *geo);
    int status = MMDB_open(path, MMDB_MODE_MMAP, &geo->db);
    if (status != MMDB_SUCCESS) {
        free(geo);
        return zj_fail(job, ZJ_EPACK, "%s: %s", path, MMDB_strerror(status));
    }
    *out = geo;
    return ZJ_OK;
}

void zj_geo_close(struct zj_geo *geo)
{
    if (!geo)
        return;
    MMDB_close(&geo->db);
    free(geo);
}

int64_t zj_geo_built_at(const struct zj_geo *geo)
{
    return geo ? (int64_t)geo->db.metadata.build_epoch : 0;
}

static bool read_code(MMDB_entry_s *entry, const char *const *path, char out[ZJ_COUNTRY_TEXT])
{
    MMDB_entry_data_s data;
    if (MMDB_aget_value(entry, &data, path) != MMDB_SUCCESS || !data.has_data ||
        data.type != MMDB_DATA_TYPE_UTF8_STRING || data.data_size != 2)
        return false;
    memcpy(out, data.utf8_string, 2);
    out[2] = '\0';
    return true;
}

static MMDB_lookup_result_s look_up(const struct zj_geo *geo, const struct zj_addr *addr)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    int error;
    if (zj_addr_is_v4(addr)) {
        memcpy(&v4.sin_addr, addr->bytes + 12, 4);
        return MMDB_lookup_sockaddr(&geo->db, (const struct sockaddr *)&v4, &error);
    }
    memcpy(&v6.sin6_addr, addr->bytes, 16);
    return MMDB_lookup_sockaddr(&geo->db, (const struct sockaddr *)&v6, &error);
}

void zj_geo_country(const struct zj_geo *geo, const struct zj_addr *addr, char out[ZJ_COUNTRY_TEXT])
{
    /* the layouts of country databases: flat, and MaxMind's own */
    static const char *const flat[] = {"country_code", NULL};
    static const char *const nested[] = {"country", "iso_code", NULL};
    out[0] = '\0';
    if (zj_addr_is_nearby(addr))
        memcpy(out, "-", 2);
    if (!geo || !zj_addr_is_public(addr))
        return;
    MMDB_lookup_result_s found = look_up(geo, addr);
    if (found.found_entry && !read_code(&found.entry, flat, out))
        read_code(&found.entry, nested, out);
}
