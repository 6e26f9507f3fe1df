/* One const scorer serves many threads, each with a row of its own; a batch may be decided by several at once. */
#include <pthread.h>

#include "model.h"

#define THREADS 8
#define ROUNDS 2000

static scoreline_scorer *scorer;
static scoreline_batch *batch;
static int32_t as_of;
static scoreline_decision expected[8];
static double utilisation[8];

static int decide(scoreline_row *row, size_t i, scoreline_decision *decision) {
    return scoreline_row_set_number(row, field_of(scorer, "utilisation"), utilisation[i], NULL) == SCORELINE_OK
           && scoreline_row_set_category(row, field_of(scorer, "job"), "salaried", 8, NULL) == SCORELINE_OK
           && scoreline_decide(scorer, row, as_of, decision, NULL) == SCORELINE_OK;
}

static void *work(void *wrong) {
    scoreline_row *row = NULL;
    NEED(scoreline_row_new(scorer, &row, NULL) == SCORELINE_OK);
    for (size_t round = 0; round < ROUNDS; round++) {
        scoreline_decision decision = SCORELINE_DECISION_INIT;
        if (!decide(row, round % 8, &decision) || !same(&decision, &expected[round % 8])) (*(size_t *)wrong)++;
        if (round % 100 == 0) {
            scoreline_decision decisions[8] = {SCORELINE_DECISION_INIT};
            if (scoreline_decide_batch(scorer, batch, as_of, 1, decisions, 8, NULL, NULL) != SCORELINE_OK) (*(size_t *)wrong)++;
            for (size_t i = 0; i < 8; i++) *(size_t *)wrong += (size_t)!same(&decisions[i], &expected[i]);
        }
    }
    scoreline_row_free(row);
    return NULL;
}

/* Calculations give the same bytes on any number of threads. */
static void calculations(void) {
    enum { ROWS = 50000 };
    static const char exposure[] = "{\"framework\": \"basel3\", \"exposure\": {\"class\": \"other_retail\", \"pd\": 0.01, \"lgd\": 0.45}}";
    static double pd[ROWS];
    static char lines[200 * 80];
    size_t length = 0;
    for (size_t i = 0; i < ROWS; i++) pd[i] = (double)(i % 999 + 1) / 1000;
    for (size_t i = 0; i < 200; i++) length += (size_t)sprintf(lines + length, "{\"risk_free\": 0, \"beta\": %zu, \"premium\": 0.05}\n", i);
    const scoreline_figures figures[] = {{"pd", pd}};
    scoreline_columns *columns[2] = {NULL};
    scoreline_answer *answers[2] = {NULL};
    for (uint32_t i = 0; i < 2; i++) {
        NEED(scoreline_calculate_lines("capm_hurdle", lines, length, 1 + 2 * i, &answers[i], NULL) == SCORELINE_OK);
        NEED(scoreline_calculate_columns("irb_capital", exposure, sizeof exposure - 1, figures, 1, ROWS, 1 + 2 * i, &columns[i], NULL, NULL)
             == SCORELINE_OK);
    }
    CHECK_TEXT(scoreline_answer_text(answers[0], NULL), scoreline_answer_text(answers[1], NULL));
    CHECK(memcmp(scoreline_columns_figures(columns[0], "k"), scoreline_columns_figures(columns[1], "k"), sizeof pd) == 0);
    for (size_t i = 0; i < 2; i++) {
        scoreline_columns_free(columns[i]);
        scoreline_answer_free(answers[i]);
    }
}

int main(void) {
    scoreline_row *row = NULL;
    scorer = load(SYNTHETIC);
    as_of = day("2026-11-21");
    NEED(scoreline_row_new(scorer, &row, NULL) == SCORELINE_OK && scoreline_batch_new(scorer, 8, &batch, NULL) == SCORELINE_OK);
    const char *levels[8], *missing[8] = {NULL};
    for (size_t i = 0; i < 8; i++) {
        utilisation[i] = (double)i / 10;
        levels[i] = "salaried";
        expected[i] = (scoreline_decision)SCORELINE_DECISION_INIT;
        NEED(decide(row, i, &expected[i]));
    }
    NEED(!same(&expected[0], &expected[7]));
    for (size_t field = 0; field < scoreline_scorer_field_count(scorer); field++) {
        const char *name = scoreline_scorer_field_name(scorer, field);
        if (strcmp(name, "utilisation") == 0) CHECK(scoreline_batch_set_numbers(batch, field, utilisation, 8, NULL) == SCORELINE_OK);
        else CHECK(scoreline_batch_set_texts(batch, field, strcmp(name, "job") == 0 ? levels : missing, 8, NULL) == SCORELINE_OK);
    }

    calculations();
    pthread_t threads[THREADS];
    size_t wrong[THREADS] = {0};
    for (size_t i = 0; i < THREADS; i++) NEED(pthread_create(&threads[i], NULL, work, &wrong[i]) == 0);
    for (size_t i = 0; i < THREADS; i++) {
        NEED(pthread_join(threads[i], NULL) == 0);
        CHECK(wrong[i] == 0);
    }
    scoreline_batch_free(batch);
    scoreline_row_free(row);
    scoreline_scorer_free(scorer);
    return finish();
}
