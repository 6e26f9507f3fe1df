/* The cost of one decision from C: prints one line of JSON a kind of call. usage: call FOLDER */
#include <scoreline.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROWS = 1000, FIELDS = 20, SWEEPS = 200 };

static double cells[ROWS][FIELDS];
static scoreline_row *rows[ROWS];

static void must(uint32_t code, const char *what) {
    if (code != SCORELINE_OK) {
        fprintf(stderr, "%s failed with code %u\n", what, (unsigned)code);
        exit(EXIT_FAILURE);
    }
}

static double now(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec * 1e9 + (double)at.tv_nsec;
}

static void report(const char *name, const scoreline_scorer *scorer, int set) {
    double best = 1e300;
    scoreline_decision decision = SCORELINE_DECISION_INIT;
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
        double start = now();
        for (int r = 0; r < ROWS; r++) {
            for (int f = 0; set && f < FIELDS; f++) scoreline_row_set_number(rows[r], (size_t)f, cells[r][f], NULL);
            scoreline_decide(scorer, rows[r], SCORELINE_NO_DATE, &decision, NULL);
        }
        double time = (now() - start) / ROWS;
        if (time < best) best = time;
    }
    printf("{\"name\": \"%s\", \"ns\": %.1f}\n", name, best);
}

int main(int argc, char **argv) {
    char path[4096], line[8192];
    scoreline_scorer *scorer = NULL;
    if (argc != 2) return EXIT_FAILURE;
    snprintf(path, sizeof path, "%s/model.json", argv[1]);
    must(scoreline_scorer_load(path, &scorer, NULL), "load");
    snprintf(path, sizeof path, "%s/rows.csv", argv[1]);
    FILE *file = fopen(path, "r");
    if (file == NULL || fgets(line, sizeof line, file) == NULL) return EXIT_FAILURE;
    for (int r = 0; r < ROWS && fgets(line, sizeof line, file) != NULL; r++) {
        must(scoreline_row_new(scorer, &rows[r], NULL), "row");
        char *at = line;
        for (int f = 0; f < FIELDS; f++, at++) {
            cells[r][f] = strtod(at, &at);
            must(scoreline_row_set_number(rows[r], (size_t)f, cells[r][f], NULL), "set");
        }
    }
    fclose(file);
    report("decide from C, row of 20 fields", scorer, 0);
    report("20 set_number and decide from C", scorer, 1);
    for (int r = 0; r < ROWS; r++) scoreline_row_free(rows[r]);
    scoreline_scorer_free(scorer);
    return EXIT_SUCCESS;
}
