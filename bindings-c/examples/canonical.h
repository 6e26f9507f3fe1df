/* The canonical line of a decision: 17 parts between '|', the same in every language, so that lists of decisions can be
 * compared by one hash. Doubles are the 16 hex digits of their bits, money is a decimal, what is absent is "-". */
#ifndef CANONICAL_H
#define CANONICAL_H

#include <inttypes.h>
#include <math.h>
#include <scoreline.h>
#include <stdio.h>
#include <string.h>

#define CANONICAL_SIZE 4096

/* A text that is built up; one that does not fit stays cut short. */
typedef struct line {
    char text[CANONICAL_SIZE];
    size_t length;
} line;

static inline void line_add(line *line, const char *text) {
    size_t length = strlen(text);
    if (line->length + length < sizeof line->text) {
        memcpy(line->text + line->length, text, length + 1);
        line->length += length;
    }
}

static inline void line_add_double(line *line, double value, const char *separator) {
    char text[17] = "-";
    if (!isnan(value)) {
        uint64_t bits = 0;
        memcpy(&bits, &value, sizeof bits);
        snprintf(text, sizeof text, "%016" PRIx64, bits);
    }
    line_add(line, text);
    line_add(line, separator);
}

static inline void line_add_money(line *line, int64_t minor, unsigned decimals) {
    char text[32] = "-";
    if (minor != SCORELINE_NO_MONEY) {
        uint64_t unit = 1, size = minor < 0 ? 0 - (uint64_t)minor : (uint64_t)minor;
        for (unsigned i = 0; i < decimals; i++) unit *= 10;
        int length = snprintf(text, sizeof text, "%s%" PRIu64, minor < 0 ? "-" : "", size / unit);
        if (decimals > 0) snprintf(text + length, sizeof text - (size_t)length, ".%0*" PRIu64, (int)decimals, size % unit);
    }
    line_add(line, text);
    line_add(line, "|");
}

static inline void line_add_name(line *line, const char *name) {
    line_add(line, name == NULL ? "-" : name);
    line_add(line, "|");
}

static inline void canonical(const scoreline_scorer *scorer, const scoreline_decision *decision, line *line) {
    static const char *const letters[] = {"A", "B", "C", "D"};
    static const char *const outcomes[] = {"approve", "refer", "decline"};
    static const char *const bounds[] = {"hurdle", "floor", "cap"};
    unsigned decimals = scoreline_scorer_decimals(scorer);
    char unseen[16];

    line->length = 0;
    line->text[0] = 0;
    line_add_double(line, decision->score, "|");
    line_add_double(line, decision->pd, "|");
    line_add_name(line, decision->tier <= SCORELINE_TIER_D ? letters[decision->tier] : NULL);
    line_add_name(line, decision->outcome <= SCORELINE_OUTCOME_DECLINE ? outcomes[decision->outcome] : NULL);
    line_add_money(line, decision->limit, decimals);
    line_add_name(line, scoreline_scorer_limit_name(scorer, decision->limit_binding));
    line_add_money(line, decision->amount, decimals);
    line_add_money(line, decision->instalment, decimals);
    line_add_double(line, decision->rate, "|");
    line_add_name(line, decision->rate_bound <= SCORELINE_RATE_BOUND_CAP ? bounds[decision->rate_bound] : NULL);
    line_add_double(line, decision->raroc, "|");
    line_add_double(line, decision->rate_needed, "|");
    line_add_double(line, decision->rate_cap, "|");
    for (uint32_t i = 0; i < decision->reason_count; i++) {
        if (i > 0) line_add(line, ",");
        line_add(line, scoreline_scorer_reason_code(scorer, decision->reasons[i]));
    }
    line_add(line, decision->reason_count == 0 ? "-|" : "|");
    snprintf(unseen, sizeof unseen, "%" PRIu32, decision->unseen);
    line_add(line, unseen);
    line_add(line, "|");
    line_add_double(line, decision->expert_score, "|");
    line_add(line, decision->client_class <= SCORELINE_CLASS_C ? letters[decision->client_class] : "-");
}

#endif
