/* Identities with right check digits that nobody can hold. */
#include <stdio.h>

#include "fleet/world.h"

uint64_t zj_chance_next(struct zj_chance *c)
{
    uint64_t z = c->state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

uint32_t zj_chance_below(struct zj_chance *c, uint32_t bound)
{
    return (uint32_t)((zj_chance_next(c) >> 32) * bound >> 32);
}

/* WMI "LZ0" is not assigned: the third character 0 is not used by China. */
static void make_vin(uint32_t number, char out[18])
{
    static const int weights[17] = {8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};
    int sum = 0;
    snprintf(out, 18, "LZ0EV1A00R1%06u", number % 1000000);
    out[4] = "ABCDEFGHJKLMNPRSTUVWXYZ"[number / 1000000 % 23];
    for (int i = 0; i < 17; i++) {
        static const int letters[26] = {1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4,
                                        5, 0, 7, 0, 9, 2, 3, 4, 5, 6, 7, 8, 9};
        const int value = out[i] >= 'A' ? letters[out[i] - 'A'] : out[i] - '0';
        sum += value * weights[i];
    }
    out[8] = "0123456789X"[sum % 11];
}

/* Luhn digit that completes `digits`. */
static char luhn(const char *digits, size_t len)
{
    unsigned sum = 0;
    for (size_t i = 0; i < len; i++) {
        const unsigned d = (unsigned)(digits[len - 1 - i] - '0');
        sum += i % 2 ? d : d > 4 ? 2 * d - 9 : 2 * d;
    }
    return (char)('0' + (10 - sum % 10) % 10);
}

void zj_vehicle_make(struct zj_vehicle *v, uint32_t number, bool is_short_phone)
{
    *v = (struct zj_vehicle){.number = number};
    make_vin(number, v->vin);
    snprintf(v->iccid, sizeof v->iccid, "898604%02u%011u", 20 + number / 1000000 % 10, number);
    v->iccid[19] = luhn(v->iccid, 19);
    v->iccid[20] = '\0';
    if (is_short_phone)
        snprintf(v->phone, sizeof v->phone, "149%08u", number % 100000000);
    else
        snprintf(v->phone, sizeof v->phone, "14400%08u", number % 100000000);
    v->address = ZJ_IP(10, 200, 0, 0) + 256 + number;
    v->port = (uint16_t)(20000 + number % 40000);
}

void zj_resident_id_make(uint32_t number, char out[19])
{
    static const int weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    snprintf(out, 19, "11010119%02u%02u%02u%03u", number % 20, number / 20 % 12 + 1,
             number / 240 % 28 + 1, number / 6720 % 1000);
    for (int i = 0; i < 17; i++)
        sum += (out[i] - '0') * weights[i];
    out[17] = "10X98765432"[sum % 11];
    out[18] = '\0';
}

void zj_uscc_make(uint32_t number, char out[19])
{
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    static const int weights[17] = {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
    int sum = 0;
    snprintf(out, 19, "91110000MA%07u", number % 10000000);
    for (int i = 0; i < 17; i++)
        sum += (int)(strchr(alphabet, out[i]) - alphabet) * weights[i];
    out[17] = alphabet[(31 - sum % 31) % 31];
    out[18] = '\0';
}
