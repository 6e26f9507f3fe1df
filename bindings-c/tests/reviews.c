/* Every conformance vector of reviews, alone and in a batch of columns: the canonical line, and that each member says what the line
 * says. Then what is no review. */
#include "../examples/canonical.h"
#include "vectors.h"

enum { DAY, TIER, SINCE, HEAD };

static const scoreline_scorer *scorer;
static vector vectors[MAX_CASES];
static size_t vector_count;

static uint8_t letter_of(const vector *vector) {
    return (uint8_t)(*vector->head[TIER] == 0 ? ' ' : *vector->head[TIER]);
}

static int32_t day_or_none(const char *text) {
    return *text == 0 || *text == '-' ? SCORELINE_NO_DATE : day(text);
}

static void add_number(line *line, uint32_t number) {
    char text[16] = "-|";
    if (number != SCORELINE_NONE) snprintf(text, sizeof text, "%" PRIu32 "|", number);
    line_add(line, text);
}

static int ones(uint64_t bits) {
    int count = 0;
    for (; bits != 0; bits &= bits - 1) count++;
    return count;
}

static int codes(const char *part) {
    int count = strcmp(part, "-") != 0;
    for (; *part != 0; part++) count += *part == ',';
    return count;
}

/* The members against the parts of the line, read without the library. Rules have no names here: their number counts. */
static void members(const scoreline_review *review, const char *expected) {
    static const char *const letters[] = {"A", "B", "C", "D"}, *const held[] = {"no", "band", "dwell", "step", "ceiling"};
    static const char *const changes[] = {"keep", "increase", "decrease", "unknown"};
    static const size_t plain[] = {0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 17, 18, 19, 20, 22, 23};
    char copy[CANONICAL_SIZE], *part[MAX_PARTS];
    line told = {"", 0}, wanted = {"", 0};
    strcpy(copy, expected);
    NEED(split(copy, part, '|') == 24 && review->tier < 4 && review->indicated < 4 && review->held < 5 && review->change < 4);
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        line_add(&wanted, part[plain[i]]);
        line_add(&wanted, "|");
    }
    line_add_double(&told, review->score, "|");
    line_add_double(&told, review->pd, "|");
    line_add_name(&told, letters[review->tier]);
    line_add_name(&told, review->previous < 4 ? letters[review->previous] : NULL);
    line_add_name(&told, letters[review->indicated]);
    line_add_name(&told, held[review->held]);
    add_number(&told, review->forced);
    add_number(&told, review->refer);
    add_number(&told, review->decline);
    line_add_double(&told, review->to_better, "|");
    line_add_double(&told, review->to_worse, "|");
    add_number(&told, review->warning);
    line_add_money(&told, review->limit, scoreline_scorer_decimals(scorer));
    line_add_name(&told, changes[review->change]);
    line_add_name(&told, scoreline_scorer_limit_binding(scorer, review->binding));
    line_add_name(&told, scoreline_scorer_action_code(scorer, review->action));
    for (uint32_t i = 0; i < review->reason_count; i++) {
        if (i > 0) line_add(&told, ",");
        line_add(&told, scoreline_scorer_reason_code(scorer, review->reasons[i]));
    }
    line_add(&told, review->reason_count == 0 ? "-|" : "|");
    add_number(&told, review->unseen);
    CHECK_TEXT(told.text, wanted.text);
    CHECK(review->since == day(part[4]) && review->next_review == day_or_none(part[21]));
    CHECK(ones(review->strong) + ones(review->overlays) + ones(review->weak) + ones(review->indicators) == codes(part[14]));
    CHECK(ones(review->missing) == codes(part[15]) && ones(review->expired) == codes(part[16]));
}

/* The vector alone. A refusal may come when a cell is set or when the row is reviewed. */
static scoreline_review alone(const vector *vector) {
    scoreline_error *error = NULL;
    scoreline_row *row = NULL;
    scoreline_review review = SCORELINE_REVIEW_INIT;
    char text[CANONICAL_SIZE] = "";
    size_t length = 0;
    NEED(scoreline_row_new(scorer, &row, NULL) == SCORELINE_OK);
    uint32_t code = fill(scorer, row, vector, &error);
    int32_t since = day_or_none(vector->head[SINCE]), today = day(vector->head[DAY]);
    if (code == SCORELINE_OK) code = scoreline_review_row(scorer, row, letter_of(vector), since, today, &review, &error);
    if (code == SCORELINE_OK) {
        NEED(scoreline_review_canonical(scorer, &review, text, sizeof text, &length, NULL) == SCORELINE_OK && strlen(text) == length);
        members(&review, vector->expected);
    }
    judge(vector, code, text, error);
    scoreline_row_free(row);
    return review;
}

/* The good cases of a day as columns. */
static size_t batched(int32_t today, const scoreline_review *alone) {
    static vector *good[MAX_CASES];
    static const scoreline_review *expected[MAX_CASES];
    static scoreline_review reviews[MAX_CASES];
    static uint8_t tiers[MAX_CASES];
    static int32_t since[MAX_CASES];
    size_t count = 0;
    for (size_t i = 0; i < vector_count; i++) {
        if (vectors[i].refused || day(vectors[i].head[DAY]) != today) continue;
        good[count] = &vectors[i];
        expected[count] = &alone[i];
        tiers[count] = letter_of(&vectors[i]);
        since[count++] = day_or_none(vectors[i].head[SINCE]);
    }
    columns columns = columns_of(scorer, good, count);
    for (uint32_t threads = 0; threads < 3; threads++) {
        scoreline_error *refused = (scoreline_error *)&threads;
        memset(reviews, 0, sizeof reviews);
        reviews[0].size = sizeof *reviews;
        CHECK(scoreline_review_batch(scorer, columns.batch, tiers, since, today, threads, reviews, count, &refused, NULL) == SCORELINE_OK);
        CHECK(refused == NULL);
        for (size_t row = 0; row < count; row++) CHECK(memcmp(&reviews[row], expected[row], sizeof *reviews) == 0);
    }
    columns_free(&columns);
    return count;
}

static void no_reviews(const scoreline_review *good) {
    char text[CANONICAL_SIZE];
    size_t length = 0, measured = 0;
    REFUSED(scoreline_review_canonical(NULL, good, text, sizeof text, &length, &error), SCORELINE_INVALID_DATA, "scorer");
    REFUSED(scoreline_review_canonical(scorer, NULL, text, sizeof text, &length, &error), SCORELINE_INVALID_DATA, "review");
    REFUSED(scoreline_review_canonical(scorer, good, text, sizeof text, NULL, &error), SCORELINE_INVALID_DATA, "length");
    CHECK(scoreline_review_canonical(scorer, good, NULL, 0, &measured, NULL) == SCORELINE_OK && measured > 100);
    REFUSED(scoreline_review_canonical(scorer, good, NULL, 1, &length, &error), SCORELINE_INVALID_DATA, "text");
    REFUSED(scoreline_review_canonical(scorer, good, text, measured, &length, &error), SCORELINE_INVALID_DATA, "text");
    CHECK(length == measured);
    CHECK(scoreline_review_canonical(scorer, good, text, measured + 1, &length, NULL) == SCORELINE_OK && strlen(text) == measured);

    scoreline_review absent = SCORELINE_REVIEW_INIT;
    REFUSED(scoreline_review_canonical(scorer, &absent, text, sizeof text, &length, &error), SCORELINE_INVALID_DATA, "review.tier");
    absent.status = SCORELINE_INVALID_DATA;
    REFUSED(scoreline_review_canonical(scorer, &absent, text, sizeof text, &length, &error), SCORELINE_INVALID_DATA, "review");

#define BROKEN(member, value) \
    do { \
        scoreline_review broken = *good; \
        broken.member = value; \
        REFUSED(scoreline_review_canonical(scorer, &broken, text, sizeof text, &length, &error), SCORELINE_INVALID_DATA, "review." #member); \
    } while (0)
    BROKEN(size, 0);
    BROKEN(tier, 4);
    BROKEN(previous, 4);
    BROKEN(since, SCORELINE_NO_DATE);
    BROKEN(indicated, SCORELINE_NONE);
    BROKEN(held, 5);
    BROKEN(forced, 2);
    BROKEN(refer, 2);
    BROKEN(decline, SCORELINE_NONE);
    BROKEN(warning, 9);
    BROKEN(change, 4);
    BROKEN(binding, 255);
    BROKEN(action, (uint32_t)scoreline_scorer_action_count(scorer));
    BROKEN(reason_count, SCORELINE_MAX_REASONS + 1);
    BROKEN(unseen, 256);
    scoreline_review broken = *good;
    broken.reasons[0] = (uint32_t)scoreline_scorer_reason_count(scorer);
    REFUSED(scoreline_review_canonical(scorer, &broken, text, sizeof text, &length, &error), SCORELINE_INVALID_DATA, "review.reasons");
}

int main(void) {
    static scoreline_review reviews[MAX_CASES];
    size_t length = 0, good = 0, batched_cases = 0;
    char *text = read_file("tests/conformance/reviews/nightly.tsv", &length);
    scoreline_scorer *loaded = load(NIGHTLY);
    scorer = loaded;
    vector_count = read_vectors(text, HEAD, vectors);
    CHECK(vector_count > 50);
    for (size_t i = 0; i < vector_count; i++) {
        reviews[i] = alone(&vectors[i]);
        good += !vectors[i].refused;
    }
    for (size_t i = 0; i < vector_count; i++) {
        int seen = 0;
        for (size_t before = 0; before < i; before++) seen |= strcmp(vectors[before].head[DAY], vectors[i].head[DAY]) == 0;
        if (!seen) batched_cases += batched(day(vectors[i].head[DAY]), reviews);
    }
    CHECK(batched_cases == good && good < vector_count);
    no_reviews(&reviews[0]);
    scoreline_scorer_free(loaded);
    free(text);
    return finish();
}
