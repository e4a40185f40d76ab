/* read_loop FILE: the sensor's own reader, with the same touch of each packet as pcap_loop. */
#include <stdio.h>

#include "sense/capture.h"

int main(int argc, char **argv)
{
    struct zj_job job;
    struct zj_capture *capture = NULL;
    struct zj_packet batch[ZJ_BATCH];
    size_t count = 0;
    uint64_t packets = 0, bytes = 0, touched = 0;
    zj_job_init(&job);
    zj_err err = argc == 2 ? zj_capture_open_file(&job, argv[1], &capture) : ZJ_EUSAGE;
    while (!err && !(err = zj_capture_batch(&job, capture, batch, &count)) && count) {
        for (size_t i = 0; i < count; i++) {
            packets++;
            bytes += batch[i].len;
            if (batch[i].len >= 38)
                for (unsigned k = 23; k < 38; k++)
                    touched += batch[i].at[k];
        }
    }
    zj_capture_close(capture);
    if (err)
        fprintf(stderr, "read_loop: %s\n", job.message);
    printf("%llu packets, %llu bytes, %llx\n", (unsigned long long)packets,
           (unsigned long long)bytes, (unsigned long long)touched);
    zj_job_release(&job);
    return err != ZJ_OK;
}
