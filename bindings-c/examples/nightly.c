/* Reviews a book of accounts overnight, block by block, and writes what follows for each account.
 *
 * The output and the ledger of the run stand beside it under temporary names; the output gets its name when the run is closed. A run
 * that was interrupted goes on at the first block that is not done, and comes to the same bytes.
 *
 * usage: nightly MODEL.json BOOK OUTPUT TODAY MAX_DOWNGRADED [FORCED_BY|-] [STOP_AFTER]
 * MAX_DOWNGRADED is in hundredths of a per cent. STOP_AFTER blocks it stops, as a failure would stop it. */
#include <inttypes.h>
#include <scoreline.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nightly.h"

enum { BLOCK = 50000, ANSWER = 101 };

static scoreline_error *error;

static void need(int holds, const char *what) {
    if (!holds) {
        fprintf(stderr, "%s\n", what);
        exit(1);
    }
}

static void check(uint32_t code) {
    need(code == SCORELINE_OK, scoreline_error_message(error));
}

static size_t field(const scoreline_scorer *scorer, const char *name) {
    size_t index = 0;
    check(scoreline_scorer_field(scorer, name, &index, &error));
    return index;
}

static scoreline_layout *layout_of(const scoreline_scorer *scorer) {
    static const struct {
        const char *name;
        size_t offset, length;
        int32_t scale;
        uint32_t blank;
    } packed[] = {{"months_on_book", MONTHS_ON_BOOK, 2, 0, 0},
                  {"payment_ratio", PAYMENT_RATIO, 3, 4, 0},
                  {"inflow", INFLOW, 6, 2, 0},
                  {"credit_limit", CREDIT_LIMIT, 6, 2, 0},
                  {"balance", BALANCE, 6, 2, 0},
                  {"dpd", DPD, 2, 0, 0},
                  {"days_since_change", DAYS_SINCE_CHANGE, 3, 0, SCORELINE_BLANK_SPACES}};
    scoreline_layout *layout = NULL;
    check(scoreline_layout_new(scorer, RECORD, SCORELINE_PAGE_UTF8, &layout, &error));
    for (size_t i = 0; i < sizeof packed / sizeof *packed; i++)
        check(scoreline_layout_packed(layout, field(scorer, packed[i].name), packed[i].offset, packed[i].length, packed[i].scale,
                                      packed[i].blank, &error));
    check(scoreline_layout_zoned(layout, field(scorer, "bureau"), BUREAU, 3, 0, SCORELINE_SIGN_NONE, SCORELINE_BLANK_SPACES, &error));
    check(scoreline_layout_binary(layout, field(scorer, "returned_debits"), RETURNED_DEBITS, 2, 0, SCORELINE_ORDER_BIG, &error));
    check(scoreline_layout_flag(layout, field(scorer, "contactable"), CONTACTABLE, "YN", &error));
    check(scoreline_layout_flag(layout, field(scorer, "do_not_contact"), DO_NOT_CONTACT, "YN", &error));
    check(scoreline_layout_flag(layout, field(scorer, "hardship"), HARDSHIP, "YN", &error));
    check(scoreline_layout_text(layout, field(scorer, "stage"), STAGE, 7, &error));
    check(scoreline_layout_text(layout, field(scorer, "industry"), INDUSTRY, 8, &error));
    check(scoreline_layout_standing(layout, TIER, SINCE, &error));
    check(scoreline_layout_check(layout, NIGHTLY_LAYOUT, &error));
    return layout;
}

/* YYYYMMDD of days since 1970-01-01 (H. Hinnant, civil_from_days); zeros for none. */
static void put_day(char *place, int32_t days) {
    char text[48] = "00000000";
    if (days != SCORELINE_NO_DATE) {
        int32_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097, doe = z - era * 146097;
        int32_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365, doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        int32_t mp = (5 * doy + 2) / 153, month = mp < 10 ? mp + 3 : mp - 9;
        snprintf(text, sizeof text, "%04d%02d%02d", yoe + era * 400 + (month <= 2), month, doy - (153 * mp + 2) / 5 + 1);
    }
    memcpy(place, text, 8);
}

static void put_text(char *place, size_t width, const char *text) {
    size_t length = text == NULL ? 0 : strlen(text);
    memcpy(place, text == NULL ? "" : text, length < width ? length : width);
}

static char letter(uint32_t tier) {
    return tier == SCORELINE_NONE ? ' ' : "ABCD"[tier];
}

/* account 12, status 2, tier, since 8, tier before, action 16, four reasons of 10, next review 8, limit 13 with 2 decimals. */
static void put_answer(char *place, const char *record, const scoreline_review *review, const scoreline_scorer *scorer) {
    char text[48];
    memset(place, ' ', ANSWER);
    memcpy(place, record + ACCOUNT, 12);
    snprintf(text, sizeof text, "%02" PRIu32, review->status);
    memcpy(place + 12, text, 2);
    place[14] = letter(review->tier);
    put_day(place + 15, review->since);
    place[23] = letter(review->previous);
    if (review->action != SCORELINE_NONE) put_text(place + 24, 16, scoreline_scorer_action_code(scorer, review->action));
    for (uint32_t i = 0; i < review->reason_count; i++)
        put_text(place + 40 + 10 * i, 10, scoreline_scorer_reason_code(scorer, review->reasons[i]));
    put_day(place + 80, review->next_review);
    snprintf(text, sizeof text, "%013" PRId64, review->limit == SCORELINE_NO_MONEY ? 0 : review->limit);
    memcpy(place + 88, text, 13);
}

static char *beside(const char *path, const char *ending) {
    char *name = malloc(strlen(path) + strlen(ending) + 1);
    need(name != NULL, "there is no memory left");
    strcat(strcpy(name, path), ending);
    return name;
}

/* The ledger gets its name when it is whole. */
static void keep(const scoreline_run *run, const char *ledger, const char *unfinished) {
    size_t length = 0;
    check(scoreline_run_json(run, NULL, 0, &length, &error));
    char *json = malloc(length + 1);
    need(json != NULL, "there is no memory left");
    check(scoreline_run_json(run, json, length + 1, &length, &error));
    FILE *file = fopen(unfinished, "wb");
    need(file != NULL && fwrite(json, 1, length, file) == length && fclose(file) == 0 && rename(unfinished, ledger) == 0,
         "the ledger cannot be written");
    free(json);
}

static scoreline_run *take_up(const scoreline_scorer *scorer, int32_t today, const char *ledger) {
    scoreline_run *run = NULL;
    FILE *file = fopen(ledger, "rb");
    if (file == NULL) {
        check(scoreline_run_new(scorer, today, &run, &error));
        return run;
    }
    fseek(file, 0, SEEK_END);
    size_t length = (size_t)ftell(file);
    rewind(file);
    char *json = malloc(length + 1);
    need(json != NULL && fread(json, 1, length, file) == length, "the ledger cannot be read");
    fclose(file);
    check(scoreline_run_parse(scorer, today, json, length, &run, &error));
    free(json);
    return run;
}

static void print_total(const char *name, int64_t value) {
    printf("%-24s %15" PRId64 "\n", name, value);
}

static void total(const scoreline_run *run, const char *name) {
    int64_t value = 0;
    check(scoreline_run_total(run, name, &value, &error));
    print_total(name, value);
}

static void print_totals(const scoreline_run *run, const scoreline_scorer *scorer) {
    static const char *const names[] = {"rows", "refused", "changed", "first", "forced", "referred", "declined", "overlaid",
                                        "expired", "limits", "held.no", "held.band", "held.dwell", "held.step", "held.ceiling",
                                        "change.keep", "change.increase", "change.decrease", "change.unknown"};
    char name[64];
    int64_t value = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) total(run, names[i]);
    /* As many levels of early warning as the model has. */
    for (int level = 0; snprintf(name, sizeof name, "warning.%d", level), scoreline_run_total(run, name, &value, NULL) == SCORELINE_OK; level++)
        print_total(name, value);
    for (size_t row = 0; row < scoreline_scorer_action_count(scorer); row++) {
        snprintf(name, sizeof name, "action.%s", scoreline_scorer_action_code(scorer, row));
        total(run, name);
    }
    static const uint32_t tiers[] = {SCORELINE_TIER_A, SCORELINE_TIER_B, SCORELINE_TIER_C, SCORELINE_TIER_D, SCORELINE_NONE};
    for (size_t from = 0; from < 5; from++)
        for (size_t to = 0; to < 4; to++) {
            uint64_t count = 0;
            check(scoreline_run_move(run, tiers[from], tiers[to], &count, &error));
            snprintf(name, sizeof name, "%c to %c", from < 4 ? letter(tiers[from]) : '-', letter(tiers[to]));
            print_total(name, (int64_t)count);
        }
    char hash[SCORELINE_DIGEST_SIZE];
    check(scoreline_run_hash(run, hash, sizeof hash, &error));
    printf("%-24s %s\n", "hash", hash);
}

int main(int argc, char **argv) {
    need(argc >= 6, "usage: nightly MODEL.json BOOK OUTPUT TODAY MAX_DOWNGRADED [FORCED_BY|-] [STOP_AFTER]");
    const char *forced_by = argc > 6 && strcmp(argv[6], "-") != 0 ? argv[6] : NULL;
    long blocks_left = argc > 7 ? atol(argv[7]) : -1;
    scoreline_scorer *scorer = NULL;
    int32_t today = 0;
    check(scoreline_scorer_load(argv[1], &scorer, &error));
    check(scoreline_date_parse(argv[4], &today, &error));
    scoreline_layout *layout = layout_of(scorer);
    char *part = beside(argv[3], ".part"), *ledger = beside(argv[3], ".ledger"), *unfinished = beside(argv[3], ".unfinished");
    scoreline_run *run = take_up(scorer, today, ledger);

    uint64_t block = scoreline_run_next_block(run);
    FILE *book = fopen(argv[2], "rb"), *output = fopen(part, block == 0 ? "wb" : "r+b");
    char *records = malloc((size_t)BLOCK * RECORD), *answers = malloc((size_t)BLOCK * ANSWER);
    scoreline_review *reviews = malloc(BLOCK * sizeof *reviews);
    need(book != NULL && output != NULL && records != NULL && answers != NULL && reviews != NULL, "a file cannot be opened");
    need(fseek(book, (long)(block * BLOCK * RECORD), SEEK_SET) == 0 && fseek(output, (long)(block * BLOCK * ANSWER), SEEK_SET) == 0,
         "a file is too short");
    for (size_t count; (count = fread(records, RECORD, BLOCK, book)) > 0; block++) {
        need(blocks_left-- != 0, "stopped");
        scoreline_error *refused = NULL;
        reviews->size = sizeof *reviews;
        check(scoreline_run_block(run, layout, block, records, count, 0, reviews, BLOCK, &refused, &error));
        for (size_t i = 0; i < scoreline_error_problem_count(refused); i++)
            fprintf(stderr, "block %" PRIu64 ", record %" PRId64 ", %s: %s\n", block, scoreline_error_problem_row(refused, i),
                    scoreline_error_problem_field(refused, i), scoreline_error_problem_what(refused, i));
        scoreline_error_free(refused);
        for (size_t i = 0; i < count; i++) put_answer(answers + i * ANSWER, records + i * RECORD, &reviews[i], scorer);
        need(fwrite(answers, ANSWER, count, output) == count && fflush(output) == 0, "the output cannot be written");
        keep(run, ledger, unfinished);
    }
    fclose(book);
    need(fclose(output) == 0, "the output cannot be written");

    /* Nothing is handed on when too much moved. */
    check(scoreline_run_close(run, (int32_t)atol(argv[5]), -1, forced_by, &error));
    print_totals(run, scorer);
    need(rename(part, argv[3]) == 0 && remove(ledger) == 0, "the output cannot be renamed");
    scoreline_run_free(run);
    scoreline_layout_free(layout);
    scoreline_scorer_free(scorer);
    free(records), free(answers), free(reviews), free(part), free(ledger), free(unfinished);
    return 0;
}
