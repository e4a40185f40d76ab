/* A simulated fleet: vehicles, platforms and partners that speak real protocols, seeded and
 * deterministic. Everything it makes is synthetic: identities have valid check digits and cannot
 * have been issued (births before 1920, numbers in unused blocks). It makes a capture, the
 * registers that go with it, and the gaps and detections that must follow, so that the demo, the
 * tests and the benchmarks know the right answer. */
#ifndef ZJ_FLEET_FLEET_H
#define ZJ_FLEET_FLEET_H

#include "base/job.h"

struct zj_fleet_opts {
    uint64_t seed;
    int64_t vehicles;     /* healthy ones; scenarios bring their own */
    int64_t seconds;      /* of packet time */
    int64_t start_ns;     /* first packet; 0: 2026-09-01 08:00 in Beijing */
    const char *scenario; /* one by name; NULL: all; "none": only healthy traffic */
};

struct zj_fleet_scenario_info {
    const char *name, *en, *zh;
};

extern const struct zj_fleet_scenario_info zj_fleet_scenarios[];
extern const size_t zj_fleet_scenario_count;

/* Names of the register files that zj_fleet_write makes, in the order in which to import them. */
extern const char *const zj_fleet_registers[];
extern const size_t zj_fleet_register_count;

/* Writes the capture (pcap, nanoseconds, Ethernet) to `pcap`; where dir is given, the registers as
 * DIR/organisations.csv …, and DIR/expect.json: {"gaps":[{"gap","subject"}],"detections":[{"rule",
 * "subject"}]}. The capture is streamed: memory grows with the vehicles, not with the time. */
zj_err zj_fleet_write(struct zj_job *job, const struct zj_fleet_opts *opts, FILE *pcap,
                      const char *dir);

/* The same over real sockets and in real time, for a live demonstration: the vehicles connect to
 * one server of this machine (127.0.0.1:PORT; no other is accepted), each from a loopback address
 * of its own. What scenarios make a platform say stays away: the server answers for itself. */
zj_err zj_fleet_connect(struct zj_job *job, const struct zj_fleet_opts *opts, const char *server,
                        const char *dir);

/* A platform that accepts everybody and answers as the protocols ask, on 127.0.0.1:port, for so
 * many seconds (0: until interrupted). Counts of what came are printed at the end. */
zj_err zj_fleet_serve(struct zj_job *job, uint16_t port, int64_t seconds);

#endif
