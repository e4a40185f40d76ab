/* pcap_loop FILE: the floor that everything on libpcap stands on. Every packet is fetched and its
 * addresses and ports are touched; nothing is kept. */
#include <pcap/pcap.h>
#include <stdint.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    char error[PCAP_ERRBUF_SIZE];
    pcap_t *in = argc == 2 ? pcap_open_offline(argv[1], error) : NULL;
    if (!in) {
        fprintf(stderr, "pcap_loop FILE\n");
        return 2;
    }
    struct pcap_pkthdr *head;
    const uint8_t *at;
    uint64_t packets = 0, bytes = 0, touched = 0;
    while (pcap_next_ex(in, &head, &at) == 1) {
        packets++;
        bytes += head->caplen;
        if (head->caplen >= 38)
            for (unsigned i = 23; i < 38; i++)
                touched += at[i];
    }
    pcap_close(in);
    printf("%llu packets, %llu bytes, %llx\n", (unsigned long long)packets,
           (unsigned long long)bytes, (unsigned long long)touched);
    return 0;
}
