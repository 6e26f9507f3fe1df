/* Makes a book of accounts as a core-banking system keeps it: records of 80 bytes with packed, zoned, binary and text fields,
 * see nightly.h. The same rows give the same bytes everywhere. usage: nightly_data ROWS FILE */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nightly.h"

static uint64_t state = 20261121;

/* A number from 0 to below `limit` (xorshift64*, S. Vigna). */
static uint32_t random_below(uint32_t limit) {
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (uint32_t)((state * 2685821657736338717u) >> 33) % limit;
}

/* COMP-3 in `length` bytes, positive. */
static void packed(unsigned char *place, size_t length, uint64_t number) {
    place[length - 1] = (unsigned char)((number % 10) << 4 | 0xc);
    number /= 10;
    for (size_t at = length - 1; at-- > 0; number /= 100) place[at] = (unsigned char)(number / 10 % 10 << 4 | number % 10);
}

static void text(unsigned char *place, size_t length, const char *value) {
    memset(place, ' ', length);
    memcpy(place, value, strlen(value));
}

int main(int argc, char **argv) {
    static const char *const stages[] = {"curr", "1-30", "31-90", "90+", "fraud"};
    static const char *const industries[] = {"hotels", "steel", "retail", "building", "farming", "health", "public", "other"};
    FILE *file = argc == 3 ? fopen(argv[2], "wb") : NULL;
    if (file == NULL) return fprintf(stderr, "usage: nightly_data ROWS FILE\n"), 1;
    uint64_t rows = strtoull(argv[1], NULL, 10);
    for (uint64_t row = 0; row < rows; row++) {
        unsigned char record[RECORD];
        char digits[32];
        memset(record, ' ', sizeof record);
        snprintf(digits, sizeof digits, "%012" PRIu64, row + 1);
        memcpy(record + ACCOUNT, digits, 12);
        /* One in twenty has no tier yet. */
        uint32_t quality = random_below(1000);
        if (random_below(20) != 0) {
            record[TIER] = (unsigned char)"ABCD"[quality < 550 ? 0 : quality < 800 ? 1 : quality < 950 ? 2 : 3];
            snprintf(digits, sizeof digits, "2026%02" PRIu32 "%02" PRIu32, 1 + random_below(10), 1 + random_below(28));
            memcpy(record + SINCE, digits, 8);
        }
        uint32_t late = quality < 700 ? random_below(40) == 0 ? random_below(20) : 0 : random_below(4) == 0 ? random_below(130) : 0;
        uint32_t limit = (10 + random_below(290)) * 10000, use = random_below(100 + quality / 20);
        packed(record + MONTHS_ON_BOOK, 2, 1 + random_below(240));
        packed(record + PAYMENT_RATIO, 3, quality < 700 ? 1000 + random_below(9000) : random_below(2000));
        packed(record + INFLOW, 6, random_below(quality < 900 ? 600000 : 20000));
        packed(record + CREDIT_LIMIT, 6, limit);
        packed(record + BALANCE, 6, (uint64_t)limit * use / 100);
        packed(record + DPD, 2, late);
        if (random_below(10) != 0) {
            snprintf(digits, sizeof digits, "%03" PRIu32, 850 - quality / 2 - random_below(100));
            memcpy(record + BUREAU, digits, 3);
        }
        uint32_t returned = quality < 800 ? random_below(2) : random_below(6);
        record[RETURNED_DEBITS] = 0;
        record[RETURNED_DEBITS + 1] = (unsigned char)returned;
        if (random_below(3) != 0) packed(record + DAYS_SINCE_CHANGE, 3, random_below(2000));
        record[CONTACTABLE] = (unsigned char)"YYYYYYYN "[random_below(9)];
        record[DO_NOT_CONTACT] = (unsigned char)"NNNNNNNNNNNNNNNNNNNY"[random_below(20)];
        record[HARDSHIP] = (unsigned char)(random_below(60) == 0 ? 'Y' : 'N');
        uint32_t stage = late == 0 ? 0 : late <= 30 ? 1 : late <= 90 ? 2 : 3;
        text(record + STAGE, 7, stage == 0 ? "current" : random_below(2000) == 0 ? stages[4] : stages[stage]);
        text(record + INDUSTRY, 8, industries[random_below(8)]);
        /* One in ten thousand has a half-byte that is no digit, as a record that was shifted has. */
        if (row % 10000 == 7777) record[BALANCE + 2] = 0x4f;
        if (fwrite(record, sizeof record, 1, file) != 1) return fprintf(stderr, "the file cannot be written\n"), 1;
    }
    return fclose(file) == 0 ? 0 : 1;
}
