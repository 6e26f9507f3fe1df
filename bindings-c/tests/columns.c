/* Every way to pass a value gives the same decision, by the bits, alone and in a batch, on any number of threads. */
#include <math.h>

#include "model.h"

#define ROWS 3000
#define WIDTH 14

static uint64_t state = 20261121;

static uint32_t below(uint32_t limit) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33) % limit;
}

/* Three columns of numbers as mantissas with a scale, one of levels, one of flags, two of days. */
static const char *const jobs[] = {"retired", "salaried", "student", "K\xc3\xbcnstler", "?", "n/a", "never seen"};
static int64_t utilisation[ROWS], income[ROWS], amount[ROWS];
static int32_t job[ROWS], opened[ROWS], applied[ROWS];
static uint8_t homeowner[ROWS];
static double utilisation_double[ROWS], income_double[ROWS], amount_double[ROWS];
static const char *job_text[ROWS], *number_text[ROWS], *date_text[ROWS], *flag_text[ROWS];
static char number_room[ROWS][32], date_room[ROWS][32], padded[ROWS][WIDTH];
static scoreline_decision single[ROWS], other[ROWS];

static size_t f_utilisation, f_income, f_amount, f_term, f_debt, f_enquiries, f_job, f_homeowner, f_opened, f_applied, f_sex, f_channel;
static double fixed_term[ROWS], fixed_debt[ROWS], fixed_enquiries[ROWS];
static const char *fixed_level[ROWS];

static void make(void) {
    for (size_t i = 0; i < ROWS; i++) {
        utilisation[i] = below(20) == 0 ? SCORELINE_NO_DECIMAL : below(20) == 0 ? -100 : below(20) == 0 ? -900 : 5 * (int64_t)below(31);
        income[i] = below(20) == 0 ? -99900 : 12345 + 50 * (int64_t)below(20000);
        amount[i] = 1000000 + 1000 * (int64_t)below(30000);
        job[i] = (int32_t)below(8) - 1;
        homeowner[i] = below(3) == 0 ? SCORELINE_NO_FLAG : (uint8_t)below(2);
        opened[i] = below(10) == 0 ? SCORELINE_NO_DATE : 9000 + (int32_t)below(9000);
        applied[i] = 18300 + (int32_t)below(500);
        utilisation_double[i] = utilisation[i] == SCORELINE_NO_DECIMAL ? NAN : (double)utilisation[i] / 100.0;
        income_double[i] = (double)income[i] / 100.0;
        amount_double[i] = (double)amount[i] / 1000.0;
        job_text[i] = job[i] < 0 ? NULL : jobs[job[i]];
        memset(padded[i], ' ', WIDTH);
        if (job_text[i] != NULL) memcpy(padded[i], job_text[i], strlen(job_text[i]));
        snprintf(number_room[i], sizeof number_room[i], "%lld.%02lld", (long long)(income[i] / 100), (long long)llabs(income[i] % 100));
        number_text[i] = number_room[i];
        snprintf(date_room[i], sizeof date_room[i], "%04d-03-%02d", 1995 + (int)below(25), 1 + (int)below(31));
        date_text[i] = opened[i] == SCORELINE_NO_DATE ? (i % 2 == 0 ? NULL : "") : date_room[i];
        opened[i] = opened[i] == SCORELINE_NO_DATE ? SCORELINE_NO_DATE : day(date_room[i]);
        flag_text[i] = homeowner[i] == SCORELINE_NO_FLAG ? NULL : homeowner[i] ? "true" : "false";
        fixed_term[i] = 31;
        fixed_debt[i] = 160;
        fixed_enquiries[i] = below(12);
        fixed_level[i] = below(2) ? "m" : "f";
    }
}

#define OK(call) CHECK((call) == SCORELINE_OK)

static void one_by_one(const scoreline_scorer *scorer, int32_t as_of, int decimals, scoreline_decision *out) {
    scoreline_row *row = NULL;
    NEED(scoreline_row_new(scorer, &row, NULL) == SCORELINE_OK);
    for (size_t i = 0; i < ROWS; i++) {
        if (decimals) {
            OK(scoreline_row_set_decimal(row, f_utilisation, utilisation[i], 2, NULL));
            OK(scoreline_row_set_decimal_ref(row, f_income, &income[i], 2, NULL));
            OK(scoreline_row_set_decimal(row, f_amount, amount[i], 3, NULL));
            if (job_text[i] == NULL) OK(scoreline_row_set_missing(row, f_job, NULL));
            else OK(scoreline_row_set_category(row, f_job, job_text[i], strlen(job_text[i]), NULL));
            if (homeowner[i] == SCORELINE_NO_FLAG) OK(scoreline_row_set_missing(row, f_homeowner, NULL));
            else OK(scoreline_row_set_flag(row, f_homeowner, homeowner[i], NULL));
            OK(scoreline_row_set_date(row, f_opened, opened[i], NULL));
        } else {
            OK(scoreline_row_clear(row, NULL));
            OK(scoreline_row_set_number(row, f_utilisation, utilisation_double[i], NULL));
            OK(scoreline_row_set_text(row, f_income, number_text[i], strlen(number_text[i]), NULL));
            OK(scoreline_row_set_number(row, f_amount, amount_double[i], NULL));
            OK(scoreline_row_set_padded(row, f_job, padded[i], WIDTH, NULL));
            if (flag_text[i] != NULL) OK(scoreline_row_set_text(row, f_homeowner, flag_text[i], strlen(flag_text[i]), NULL));
            if (date_text[i] != NULL) OK(scoreline_row_set_text(row, f_opened, date_text[i], strlen(date_text[i]), NULL));
        }
        OK(scoreline_row_set_date(row, f_applied, applied[i], NULL));
        OK(scoreline_row_set_number(row, f_term, 31, NULL));
        OK(scoreline_row_set_number(row, f_debt, 160, NULL));
        OK(scoreline_row_set_number(row, f_enquiries, fixed_enquiries[i], NULL));
        OK(scoreline_row_set_category(row, f_sex, fixed_level[i], 1, NULL));
        OK(scoreline_row_set_category(row, f_channel, "web", 3, NULL));
        out[i] = (scoreline_decision)SCORELINE_DECISION_INIT;
        OK(scoreline_decide(scorer, row, as_of, &out[i], NULL));
    }
    scoreline_row_free(row);
}

static void batched(const scoreline_scorer *scorer, int32_t as_of, int way) {
    scoreline_batch *batch = NULL;
    NEED(scoreline_batch_new(scorer, ROWS, &batch, NULL) == SCORELINE_OK);
    if (way == 0) {
        OK(scoreline_batch_set_numbers(batch, f_utilisation, utilisation_double, ROWS, NULL));
        OK(scoreline_batch_set_numbers(batch, f_income, income_double, ROWS, NULL));
        OK(scoreline_batch_set_numbers(batch, f_amount, amount_double, ROWS, NULL));
        OK(scoreline_batch_set_categories(batch, f_job, job_text, ROWS, NULL));
        OK(scoreline_batch_set_flags(batch, f_homeowner, homeowner, ROWS, NULL));
        OK(scoreline_batch_set_dates(batch, f_opened, opened, ROWS, NULL));
    } else {
        OK(scoreline_batch_set_decimals(batch, f_utilisation, utilisation, 2, ROWS, NULL));
        OK(scoreline_batch_set_texts(batch, f_income, number_text, ROWS, NULL));
        OK(scoreline_batch_set_decimals(batch, f_amount, amount, 3, ROWS, NULL));
        if (way == 1) OK(scoreline_batch_set_levels(batch, f_job, job, ROWS, jobs, sizeof jobs / sizeof *jobs, NULL));
        else OK(scoreline_batch_set_padded(batch, f_job, padded[0], WIDTH, ROWS, NULL));
        OK(scoreline_batch_set_texts(batch, f_homeowner, flag_text, ROWS, NULL));
        OK(scoreline_batch_set_texts(batch, f_opened, date_text, ROWS, NULL));
    }
    OK(scoreline_batch_set_dates(batch, f_applied, applied, ROWS, NULL));
    OK(scoreline_batch_set_numbers(batch, f_term, fixed_term, ROWS, NULL));
    OK(scoreline_batch_set_numbers(batch, f_debt, fixed_debt, ROWS, NULL));
    OK(scoreline_batch_set_numbers(batch, f_enquiries, fixed_enquiries, ROWS, NULL));
    OK(scoreline_batch_set_categories(batch, f_sex, fixed_level, ROWS, NULL));
    for (uint32_t threads = 0; threads < 4; threads++) {
        memset(other, 0xee, sizeof other);
        other[0].size = sizeof *other;
        OK(scoreline_decide_batch(scorer, batch, as_of, threads, other, ROWS, NULL, NULL));
        size_t equal = 0;
        for (size_t i = 0; i < ROWS; i++) equal += (size_t)same(&other[i], &single[i]);
        CHECK(equal == ROWS);
    }
    scoreline_batch_free(batch);
}

int main(void) {
    scoreline_scorer *scorer = load(SYNTHETIC);
    int32_t as_of = day("2026-11-21");
    f_utilisation = field_of(scorer, "utilisation");
    f_income = field_of(scorer, "income");
    f_amount = field_of(scorer, "amount");
    f_term = field_of(scorer, "term");
    f_debt = field_of(scorer, "debt");
    f_enquiries = field_of(scorer, "enquiries");
    f_job = field_of(scorer, "job");
    f_homeowner = field_of(scorer, "homeowner");
    f_opened = field_of(scorer, "opened");
    f_applied = field_of(scorer, "applied");
    f_sex = field_of(scorer, "sex");
    f_channel = field_of(scorer, "channel");
    make();
    one_by_one(scorer, as_of, 0, single);
    one_by_one(scorer, as_of, 1, other);
    size_t equal = 0, outcomes[3] = {0};
    for (size_t i = 0; i < ROWS; i++) {
        equal += (size_t)same(&other[i], &single[i]);
        NEED(single[i].outcome <= SCORELINE_OUTCOME_DECLINE);
        outcomes[single[i].outcome]++;
    }
    CHECK(equal == ROWS);
    CHECK(outcomes[0] > 50 && outcomes[1] > 50 && outcomes[2] > 50); /* the records are worth comparing */
    for (int way = 0; way < 3; way++) batched(scorer, as_of, way);
    scoreline_scorer_free(scorer);
    return finish();
}
