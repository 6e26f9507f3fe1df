/* The smallest test harness: CHECK counts, finish() prints the closing line and is the exit code. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <string.h>

static int passed, failed;

#define CHECK(condition)                                                                                                          \
    do {                                                                                                                          \
        if (condition) {                                                                                                          \
            passed++;                                                                                                             \
        } else {                                                                                                                  \
            failed++;                                                                                                             \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                                               \
        }                                                                                                                         \
    } while (0)

#define CHECK_TEXT(text, expected) CHECK((text) != NULL && strcmp((text), (expected)) == 0)

static int finish(void) {
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0 || passed == 0;
}

#endif
