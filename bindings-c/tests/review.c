/* Reviews of one row and of a batch, layouts and runs: what is refused, what is read, and that a block counts once. */
#include "../examples/nightly.h"
#include "model.h"

enum { ROWS = 3 };

static const scoreline_scorer *scorer;
static int32_t today;

static size_t field(const char *name) {
    size_t index = 0;
    NEED(scoreline_scorer_field(scorer, name, &index, NULL) == SCORELINE_OK);
    return index;
}

static void packed(unsigned char *place, size_t length, unsigned long number, unsigned char sign) {
    place[length - 1] = (unsigned char)((number % 10) << 4 | sign);
    number /= 10;
    for (size_t at = length - 1; at-- > 0; number /= 100) place[at] = (unsigned char)(number / 10 % 10 << 4 | number % 10);
}

/* An account in tier B without anything wrong. */
static void good(unsigned char *record) {
    memset(record, ' ', RECORD);
    memcpy(record + TIER, "B20260901", 9);
    packed(record + MONTHS_ON_BOOK, 2, 48, 0xc);
    packed(record + PAYMENT_RATIO, 3, 5000, 0xc);
    packed(record + INFLOW, 6, 250000, 0xf);
    packed(record + CREDIT_LIMIT, 6, 1000000, 0xc);
    packed(record + BALANCE, 6, 400000, 0xc);
    packed(record + DPD, 2, 0, 0xc);
    memcpy(record + BUREAU, "640", 3);
    memcpy(record + RETURNED_DEBITS, "\0\1", 2);
    memcpy(record + CONTACTABLE, "YNN", 3);
    memcpy(record + STAGE, "current", 7);
    memcpy(record + INDUSTRY, "health", 6);
}

static scoreline_layout *empty(size_t length, uint32_t page) {
    scoreline_layout *layout = NULL;
    NEED(scoreline_layout_new(scorer, length, page, &layout, NULL) == SCORELINE_OK);
    return layout;
}

#define LAID(call) NEED((call) == SCORELINE_OK)

static scoreline_layout *whole(void) {
    scoreline_layout *layout = empty(RECORD, SCORELINE_PAGE_UTF8);
    LAID(scoreline_layout_text(layout, field("industry"), INDUSTRY, 8, NULL));
    LAID(scoreline_layout_text(layout, field("stage"), STAGE, 7, NULL));
    LAID(scoreline_layout_packed(layout, field("months_on_book"), MONTHS_ON_BOOK, 2, 0, 0, NULL));
    LAID(scoreline_layout_packed(layout, field("payment_ratio"), PAYMENT_RATIO, 3, 4, 0, NULL));
    LAID(scoreline_layout_packed(layout, field("inflow"), INFLOW, 6, 2, 0, NULL));
    LAID(scoreline_layout_packed(layout, field("credit_limit"), CREDIT_LIMIT, 6, 2, 0, NULL));
    LAID(scoreline_layout_packed(layout, field("balance"), BALANCE, 6, 2, 0, NULL));
    LAID(scoreline_layout_packed(layout, field("dpd"), DPD, 2, 0, 0, NULL));
    LAID(scoreline_layout_packed(layout, field("days_since_change"), DAYS_SINCE_CHANGE, 3, 0, SCORELINE_BLANK_SPACES, NULL));
    LAID(scoreline_layout_zoned(layout, field("bureau"), BUREAU, 3, 0, SCORELINE_SIGN_NONE, SCORELINE_BLANK_SPACES, NULL));
    LAID(scoreline_layout_binary(layout, field("returned_debits"), RETURNED_DEBITS, 2, 0, SCORELINE_ORDER_BIG, NULL));
    LAID(scoreline_layout_flag(layout, field("contactable"), CONTACTABLE, "YN", NULL));
    LAID(scoreline_layout_flag(layout, field("do_not_contact"), DO_NOT_CONTACT, "YN", NULL));
    REFUSED(scoreline_layout_check(layout, NULL, &error), SCORELINE_INVALID_DATA, "hardship");
    LAID(scoreline_layout_flag(layout, field("hardship"), HARDSHIP, "YN", NULL));
    LAID(scoreline_layout_standing(layout, TIER, SINCE, NULL));
    return layout;
}

static void layouts_are_checked(void) {
    scoreline_layout *layout = empty(20, SCORELINE_PAGE_UTF8);
    size_t dpd = field("dpd"), balance = field("balance"), stage = field("stage"), contactable = field("contactable");
    REFUSED(scoreline_layout_packed(layout, dpd, 18, 3, 0, 0, &error), SCORELINE_INVALID_DATA, "dpd");
    REFUSED(scoreline_layout_packed(layout, dpd, SIZE_MAX, 2, 0, 0, &error), SCORELINE_INVALID_DATA, "dpd");
    REFUSED(scoreline_layout_packed(layout, dpd, 0, 11, 0, 0, &error), SCORELINE_INVALID_DATA, "length");
    REFUSED(scoreline_layout_packed(layout, dpd, 0, 0, 0, 0, &error), SCORELINE_INVALID_DATA, "length");
    REFUSED(scoreline_layout_packed(layout, dpd, 0, 2, 39, 0, &error), SCORELINE_INVALID_DATA, "scale");
    REFUSED(scoreline_layout_packed(layout, dpd, 0, 2, 0, 8, &error), SCORELINE_INVALID_DATA, "blank");
    REFUSED(scoreline_layout_packed(layout, 999, 0, 2, 0, 0, &error), SCORELINE_INVALID_DATA, "field");
    REFUSED(scoreline_layout_packed(layout, stage, 0, 2, 0, 0, &error), SCORELINE_INVALID_DATA, "stage");
    REFUSED(scoreline_layout_zoned(layout, dpd, 0, 3, 0, 5, 0, &error), SCORELINE_INVALID_DATA, "sign");
    REFUSED(scoreline_layout_binary(layout, dpd, 0, 3, 0, 0, &error), SCORELINE_INVALID_DATA, "length");
    REFUSED(scoreline_layout_binary(layout, dpd, 0, 2, 0, 2, &error), SCORELINE_INVALID_DATA, "order");
    REFUSED(scoreline_layout_flag(layout, contactable, 0, "YY", &error), SCORELINE_INVALID_DATA, "letters");
    REFUSED(scoreline_layout_flag(layout, contactable, 0, NULL, &error), SCORELINE_INVALID_DATA, "letters");
    REFUSED(scoreline_layout_flag(layout, dpd, 0, "YN", &error), SCORELINE_INVALID_DATA, "dpd");
    REFUSED(scoreline_layout_standing(layout, 0, 13, &error), SCORELINE_INVALID_DATA, "since");
    REFUSED(scoreline_layout_standing(layout, 5, 0, &error), SCORELINE_INVALID_DATA, "since");
    REFUSED(scoreline_layout_packed(NULL, dpd, 0, 2, 0, 0, &error), SCORELINE_INVALID_DATA, "layout");
    scoreline_layout_free(layout);
    REFUSED(scoreline_layout_new(scorer, 0, 0, &layout, &error), SCORELINE_INVALID_DATA, "record_length");
    CHECK(layout == NULL);
    REFUSED(scoreline_layout_new(scorer, 20, 2, &layout, &error), SCORELINE_INVALID_DATA, "page");
    REFUSED(scoreline_layout_new(NULL, 20, 0, &layout, &error), SCORELINE_INVALID_DATA, "scorer");
    REFUSED(scoreline_layout_new(scorer, 20, 0, NULL, &error), SCORELINE_INVALID_DATA, "layout");
    CHECK(scoreline_layout_hash(NULL) == NULL);

    layout = empty(20, SCORELINE_PAGE_UTF8);
    LAID(scoreline_layout_packed(layout, dpd, 0, 2, 0, 0, NULL));
    REFUSED(scoreline_layout_packed(layout, dpd, 4, 2, 0, 0, &error), SCORELINE_INVALID_DATA, "dpd");
    REFUSED(scoreline_layout_packed(layout, balance, 1, 2, 0, 0, &error), SCORELINE_INVALID_DATA, "balance");
    char before[65];
    strcpy(before, scoreline_layout_hash(layout));
    LAID(scoreline_layout_packed(layout, balance, 2, 2, 0, 0, NULL));
    CHECK(strcmp(before, scoreline_layout_hash(layout)) != 0);
    scoreline_layout_free(layout);
}

/* Runs records as one block of a new run, and says which field of which row is refused. */
static uint32_t one_block(const scoreline_layout *layout, const void *records, size_t count, scoreline_review *reviews, char *refused_field,
                          int64_t *row) {
    scoreline_run *run = NULL;
    scoreline_error *refused = NULL;
    NEED(scoreline_run_new(scorer, today, &run, NULL) == SCORELINE_OK);
    reviews->size = sizeof *reviews;
    uint32_t code = scoreline_run_block(run, layout, 0, records, count, 1, reviews, count, &refused, NULL);
    *row = scoreline_error_problem_row(refused, 0);
    strcpy(refused_field, refused == NULL ? "" : scoreline_error_problem_field(refused, 0));
    scoreline_error_free(refused);
    scoreline_run_free(run);
    return code;
}

static void bad_cells_refuse_their_record(const scoreline_layout *layout) {
    static const struct {
        size_t offset;
        const char *bytes;
        size_t length;
        const char *field;
    } cases[] = {{BALANCE + 2, "\x4f", 1, "balance"},      {BALANCE + 5, "\x09", 1, "balance"}, {BALANCE, "      ", 6, "balance"},
                 {INFLOW, "\0\0\0\0\0\0", 6, "inflow"},    {BUREAU, "6 0", 3, "bureau"},        {BUREAU, "64p", 3, "bureau"},
                 {CONTACTABLE, "J", 1, "contactable"},     {STAGE, "\xff", 1, "stage"},         {SINCE, "20260230", 8, "since"},
                 {SINCE, "2026x901", 8, "since"},          {SINCE, "00000000", 8, "since"},     {SINCE, "20261122", 8, "since"},
                 {TIER, "E", 1, "previous_tier"},          {TIER, "\0", 1, "previous_tier"}};
    unsigned char records[ROWS][RECORD];
    scoreline_review reviews[ROWS];
    char named[64];
    int64_t row = 0;
    for (size_t i = 0; i < ROWS; i++) good(records[i]);
    NEED(one_block(layout, records, ROWS, reviews, named, &row) == SCORELINE_OK);
    CHECK(*named == 0 && row == -1);
    scoreline_review well = reviews[1];
    CHECK(well.status == SCORELINE_OK && well.previous == SCORELINE_TIER_B && well.limit != SCORELINE_NO_MONEY && well.reason_count > 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        good(records[1]);
        memcpy(records[1] + cases[i].offset, cases[i].bytes, cases[i].length);
        NEED(one_block(layout, records, ROWS, reviews, named, &row) == SCORELINE_OK);
        CHECK(row == 1 && strcmp(named, cases[i].field) == 0);
        if (row != 1 || strcmp(named, cases[i].field) != 0) fprintf(stderr, "case %zu names '%s'\n", i, named);
        CHECK(reviews[1].status == SCORELINE_INVALID_DATA && reviews[1].tier == SCORELINE_NONE && isnan(reviews[1].pd));
        CHECK(memcmp(&reviews[0], &well, sizeof well) == 0 && memcmp(&reviews[2], &well, sizeof well) == 0);
    }
    /* Blanks where they are declared, and no tier yet. */
    good(records[1]);
    memset(records[1] + BUREAU, ' ', 3);
    memset(records[1] + TIER, ' ', 9);
    NEED(one_block(layout, records, ROWS, reviews, named, &row) == SCORELINE_OK);
    CHECK(*named == 0 && reviews[1].previous == SCORELINE_NONE && reviews[1].since == today);
}

static void a_row_a_batch_and_a_record_agree(const scoreline_layout *layout) {
    unsigned char record[RECORD];
    char named[64];
    int64_t at = 0;
    scoreline_review read, one = SCORELINE_REVIEW_INIT, many = SCORELINE_REVIEW_INIT;
    good(record);
    NEED(one_block(layout, record, 1, &read, named, &at) == SCORELINE_OK);

    scoreline_row *row = NULL;
    scoreline_batch *batch = NULL;
    NEED(scoreline_row_new(scorer, &row, NULL) == SCORELINE_OK && scoreline_batch_new(scorer, 1, &batch, NULL) == SCORELINE_OK);
    static const struct {
        const char *name;
        int64_t mantissa;
        int32_t scale;
    } numbers[] = {{"months_on_book", 48, 0}, {"payment_ratio", 5000, 4}, {"inflow", 250000, 2}, {"credit_limit", 1000000, 2},
                   {"balance", 400000, 2}, {"dpd", 0, 0}, {"bureau", 640, 0}, {"returned_debits", 1, 0},
                   {"days_since_change", SCORELINE_NO_DECIMAL, 0}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        NEED(scoreline_row_set_decimal(row, field(numbers[i].name), numbers[i].mantissa, numbers[i].scale, NULL) == SCORELINE_OK);
        NEED(scoreline_batch_set_decimals(batch, field(numbers[i].name), &numbers[i].mantissa, numbers[i].scale, 1, NULL) == SCORELINE_OK);
    }
    static const uint8_t yes = 1, no = 0;
    static const struct {
        const char *name;
        const uint8_t *flag;
    } flags[] = {{"contactable", &yes}, {"do_not_contact", &no}, {"hardship", &no}};
    for (size_t i = 0; i < 3; i++) {
        NEED(scoreline_row_set_flag(row, field(flags[i].name), *flags[i].flag, NULL) == SCORELINE_OK);
        NEED(scoreline_batch_set_flags(batch, field(flags[i].name), flags[i].flag, 1, NULL) == SCORELINE_OK);
    }
    static const char *const stage[] = {"current"}, *const industry[] = {"health"};
    NEED(scoreline_row_set_category(row, field("stage"), *stage, 7, NULL) == SCORELINE_OK);
    NEED(scoreline_row_set_category(row, field("industry"), *industry, 6, NULL) == SCORELINE_OK);
    NEED(scoreline_batch_set_categories(batch, field("stage"), stage, 1, NULL) == SCORELINE_OK);
    NEED(scoreline_batch_set_categories(batch, field("industry"), industry, 1, NULL) == SCORELINE_OK);

    int32_t since = day("2026-09-01"), late = today + 1, none = SCORELINE_NO_DATE;
    CHECK(scoreline_review_row(scorer, row, 'B', since, today, &one, NULL) == SCORELINE_OK);
    CHECK(memcmp(&one, &read, sizeof one) == 0);
    CHECK(scoreline_review_batch(scorer, batch, (const uint8_t *)"B", &since, today, 1, &many, 1, NULL, NULL) == SCORELINE_OK);
    CHECK(memcmp(&many, &read, sizeof one) == 0);
    CHECK(scoreline_review_row(scorer, row, ' ', none, today, &one, NULL) == SCORELINE_OK && one.previous == SCORELINE_NONE);
    CHECK(scoreline_review_batch(scorer, batch, NULL, NULL, today, 1, &many, 1, NULL, NULL) == SCORELINE_OK);
    CHECK(memcmp(&many, &one, sizeof one) == 0);
    CHECK_TEXT(scoreline_scorer_action_code(scorer, one.action), "KEEP");
    CHECK(scoreline_scorer_limit_binding(scorer, one.binding) != NULL && scoreline_scorer_limit_binding(scorer, 999) == NULL);
    CHECK(scoreline_scorer_action_code(scorer, scoreline_scorer_action_count(scorer)) == NULL);
    CHECK(scoreline_scorer_action_count(NULL) == 0 && scoreline_scorer_action_code(NULL, 0) == NULL);

    REFUSED(scoreline_review_row(scorer, row, 'E', since, today, &one, &error), SCORELINE_INVALID_DATA, "tier");
    CHECK(one.status == SCORELINE_INVALID_DATA && one.tier == SCORELINE_NONE);
    REFUSED(scoreline_review_row(scorer, row, 'B', none, today, &one, &error), SCORELINE_INVALID_DATA, "since");
    REFUSED(scoreline_review_row(scorer, row, 'B', late, today, &one, &error), SCORELINE_INVALID_DATA, "since");
    REFUSED(scoreline_review_row(scorer, row, 'B', since, none, &one, &error), SCORELINE_INVALID_DATA, "today");
    REFUSED(scoreline_review_row(scorer, row, 'B', since, today, NULL, &error), SCORELINE_INVALID_DATA, "review");
    REFUSED(scoreline_review_row(scorer, NULL, 'B', since, today, &one, &error), SCORELINE_INVALID_DATA, "row");
    REFUSED(scoreline_review_row(NULL, row, 'B', since, today, &one, &error), SCORELINE_INVALID_DATA, "scorer");
    CHECK(scoreline_review_row(scorer, row, 'B', INT32_MIN + 1, today, &one, NULL) != SCORELINE_INTERNAL);
    CHECK(scoreline_review_row(scorer, row, 'B', since, INT32_MAX, &one, NULL) == SCORELINE_INVALID_DATA);
    REFUSED(scoreline_review_batch(scorer, batch, (const uint8_t *)"B", NULL, today, 1, &many, 1, NULL, &error), SCORELINE_INVALID_DATA, "since");
    REFUSED(scoreline_review_batch(scorer, batch, NULL, NULL, today, 1, &many, 0, NULL, &error), SCORELINE_INVALID_DATA, "reviews");
    many.size = 1;
    REFUSED(scoreline_review_batch(scorer, batch, NULL, NULL, today, 1, &many, 1, NULL, &error), SCORELINE_INVALID_DATA, "reviews.size");
    scoreline_row_free(row);
    scoreline_batch_free(batch);
}

static scoreline_run *through_text(scoreline_run *run) {
    size_t length = 0;
    NEED(scoreline_run_json(run, NULL, 0, &length, NULL) == SCORELINE_OK);
    char *json = malloc(length + 3);
    NEED(json != NULL);
    REFUSED(scoreline_run_json(run, json, length, &length, &error), SCORELINE_INVALID_DATA, "json");
    NEED(scoreline_run_json(run, json, length + 1, &length, NULL) == SCORELINE_OK);
    scoreline_run_free(run);
    REFUSED(scoreline_run_parse(scorer, today + 1, json, length, &run, &error), SCORELINE_INCOMPATIBLE, "json");
    REFUSED(scoreline_run_parse(scorer, today, json, length - 1, &run, &error), SCORELINE_INCOMPATIBLE, "json");
    memset(json + length, ' ', 3);
    NEED(scoreline_run_parse(scorer, today, json, length + 3, &run, NULL) == SCORELINE_OK);
    free(json);
    return run;
}

static void a_block_counts_once(const scoreline_layout *layout) {
    unsigned char records[ROWS][RECORD];
    scoreline_review reviews[ROWS] = {SCORELINE_REVIEW_INIT};
    scoreline_run *run = NULL;
    int64_t total = 0;
    uint64_t moved = 0;
    char hash[SCORELINE_DIGEST_SIZE], again[SCORELINE_DIGEST_SIZE];
    for (size_t i = 0; i < ROWS; i++) good(records[i]);
    /* More than 90 days late: the tier falls to D. */
    packed(records[0] + DPD, 2, 120, 0xc);
    records[1][BALANCE] = 0xff;

    REFUSED(scoreline_run_new(scorer, SCORELINE_NO_DATE, &run, &error), SCORELINE_INVALID_DATA, "today");
    NEED(scoreline_run_new(scorer, today, &run, NULL) == SCORELINE_OK);
    CHECK(scoreline_run_today(run) == today && scoreline_run_next_block(run) == 0);
    NEED(scoreline_run_block(run, layout, 0, (const char *)records, ROWS, 0, reviews, ROWS, NULL, NULL) == SCORELINE_OK);
    run = through_text(run);
    CHECK(scoreline_run_next_block(run) == 1);
    NEED(scoreline_run_block(run, layout, 0, (const char *)records, ROWS, 1, reviews, ROWS, NULL, NULL) == SCORELINE_OK);
    CHECK(scoreline_run_total(run, "rows", &total, NULL) == SCORELINE_OK && total == ROWS);
    CHECK(scoreline_run_total(run, "refused", &total, NULL) == SCORELINE_OK && total == 1);
    CHECK(scoreline_run_total(run, "forced", &total, NULL) == SCORELINE_OK && total == 1);
    CHECK(scoreline_run_total(run, "held.dwell", &total, NULL) == SCORELINE_OK);
    CHECK(scoreline_run_total(run, "warning.2", &total, NULL) == SCORELINE_OK && total == 1);
    CHECK(scoreline_run_total(run, "action.MONITOR", &total, NULL) == SCORELINE_OK && total == 0);
    CHECK(scoreline_run_move(run, SCORELINE_TIER_B, SCORELINE_TIER_D, &moved, NULL) == SCORELINE_OK && moved == 1);
    CHECK(scoreline_run_move(run, SCORELINE_NONE, SCORELINE_TIER_D, &moved, NULL) == SCORELINE_OK && moved == 0);
    REFUSED(scoreline_run_total(run, "held.never", &total, &error), SCORELINE_INVALID_DATA, "name");
    REFUSED(scoreline_run_total(run, "warning.9", &total, &error), SCORELINE_INVALID_DATA, "name");
    REFUSED(scoreline_run_total(run, NULL, &total, &error), SCORELINE_INVALID_DATA, "name");
    REFUSED(scoreline_run_move(run, 4, 0, &moved, &error), SCORELINE_INVALID_DATA, "from");
    REFUSED(scoreline_run_move(run, 0, SCORELINE_NONE, &moved, &error), SCORELINE_INVALID_DATA, "to");

    /* Another result under the same number: nothing is written, nothing counted. */
    good(records[0]);
    scoreline_review before = reviews[0];
    REFUSED(scoreline_run_block(run, layout, 0, (const char *)records, ROWS, 1, reviews, ROWS, NULL, &error), SCORELINE_INCOMPATIBLE, "block");
    CHECK(memcmp(&before, &reviews[0], sizeof before) == 0);
    REFUSED(scoreline_run_block(run, layout, 1, NULL, ROWS, 1, reviews, ROWS, NULL, &error), SCORELINE_INVALID_DATA, "records");
    REFUSED(scoreline_run_block(run, layout, 1, (const char *)records, ROWS, 1, NULL, ROWS, NULL, &error), SCORELINE_INVALID_DATA, "reviews");
    REFUSED(scoreline_run_block(run, layout, 1, (const char *)records, ROWS, 1, reviews, ROWS - 1, NULL, &error), SCORELINE_INVALID_DATA, "reviews");
    REFUSED(scoreline_run_block(run, NULL, 1, (const char *)records, ROWS, 1, reviews, ROWS, NULL, &error), SCORELINE_INVALID_DATA, "layout");
    REFUSED(scoreline_run_block(NULL, layout, 1, (const char *)records, ROWS, 1, reviews, ROWS, NULL, &error), SCORELINE_INVALID_DATA, "run");
    REFUSED(scoreline_run_block(run, layout, 1, (const char *)records, SIZE_MAX / 2, 1, reviews, SIZE_MAX / 2, NULL, &error), SCORELINE_INVALID_DATA, "count");
    CHECK(scoreline_run_next_block(run) == 1);

    REFUSED(scoreline_run_hash(run, hash, sizeof hash, &error), SCORELINE_INVALID_DATA, "run");
    REFUSED(scoreline_run_close(run, 1000, -1, NULL, &error), SCORELINE_INVALID_DATA, "breaker");
    REFUSED(scoreline_run_close(run, 1000, -1, " ", &error), SCORELINE_INVALID_CONFIG, "forced_by");
    REFUSED(scoreline_run_close(run, 10001, -1, NULL, &error), SCORELINE_INVALID_CONFIG, "breaker.max_downgraded");
    CHECK(scoreline_run_close(run, 5000, 0, NULL, NULL) == SCORELINE_OK);
    CHECK(scoreline_run_hash(run, hash, sizeof hash, NULL) == SCORELINE_OK && strlen(hash) == 64);
    REFUSED(scoreline_run_hash(run, again, 64, &error), SCORELINE_INVALID_DATA, "hex");
    REFUSED(scoreline_run_hash(run, NULL, 65, &error), SCORELINE_INVALID_DATA, "hex");
    CHECK(scoreline_run_close(run, 1000, -1, "J. Doe", NULL) == SCORELINE_OK);
    char report[8192];
    size_t length = 0;
    CHECK(scoreline_run_report(run, report, sizeof report, &length, NULL) == SCORELINE_OK && strlen(report) == length);
    CHECK(strstr(report, "J. Doe") != NULL && strstr(report, hash) != NULL);

    /* A block beyond the next leaves a gap. */
    NEED(scoreline_run_block(run, layout, 2, (const char *)records, ROWS, 1, reviews, ROWS, NULL, NULL) == SCORELINE_OK);
    REFUSED(scoreline_run_close(run, -1, -1, NULL, &error), SCORELINE_INVALID_DATA, "block");
    REFUSED(scoreline_run_report(run, report, sizeof report, &length, &error), SCORELINE_INVALID_DATA, "run");
    CHECK(scoreline_run_today(NULL) == SCORELINE_NO_DATE && scoreline_run_next_block(NULL) == 0);
    scoreline_run_free(run);
    scoreline_run_free(NULL);
}

int main(void) {
    scoreline_scorer *loaded = load(NIGHTLY);
    scorer = loaded;
    today = day("2026-11-21");
    CHECK(sizeof(scoreline_review) == 176);
    layouts_are_checked();
    scoreline_layout *layout = whole();
    CHECK_TEXT(scoreline_layout_hash(layout), NIGHTLY_LAYOUT);
    CHECK(scoreline_layout_check(layout, NIGHTLY_LAYOUT, NULL) == SCORELINE_OK);
    REFUSED(scoreline_layout_check(layout, "00", &error), SCORELINE_INCOMPATIBLE, "layout");
    bad_cells_refuse_their_record(layout);
    a_row_a_batch_and_a_record_agree(layout);
    a_block_counts_once(layout);

    /* A layout and a run of different scorers do not go together. */
    scoreline_scorer *other = load(NIGHTLY);
    scoreline_run *run = NULL;
    scoreline_review review = SCORELINE_REVIEW_INIT;
    char record[RECORD] = {0};
    NEED(scoreline_run_new(other, today, &run, NULL) == SCORELINE_OK);
    REFUSED(scoreline_run_block(run, layout, 0, record, 1, 1, &review, 1, NULL, &error), SCORELINE_INVALID_DATA, "layout");
    scoreline_run_free(run);
    scoreline_scorer_free(other);
    scoreline_layout_free(layout);
    scoreline_scorer_free(loaded);
    return finish();
}
