/* The record of an account: offsets of its fields. nightly.cob declares the same record in COBOL. */
#ifndef NIGHTLY_H
#define NIGHTLY_H

enum {
    ACCOUNT = 0,            /* PIC X(12) */
    TIER = 12,              /* PIC X: A to D, or a space */
    SINCE = 13,             /* PIC 9(8): YYYYMMDD, or spaces */
    MONTHS_ON_BOOK = 21,    /* PIC S9(3) COMP-3 */
    PAYMENT_RATIO = 23,     /* PIC S9V9(4) COMP-3 */
    INFLOW = 26,            /* PIC S9(9)V99 COMP-3 */
    CREDIT_LIMIT = 32,      /* PIC S9(9)V99 COMP-3 */
    BALANCE = 38,           /* PIC S9(9)V99 COMP-3 */
    DPD = 44,               /* PIC S9(3) COMP-3 */
    BUREAU = 46,            /* PIC 9(3), or spaces */
    RETURNED_DEBITS = 49,   /* PIC S9(4) COMP */
    DAYS_SINCE_CHANGE = 51, /* PIC S9(5) COMP-3, or spaces */
    CONTACTABLE = 54,       /* PIC X: Y, N or a space */
    DO_NOT_CONTACT = 55,    /* PIC X */
    HARDSHIP = 56,          /* PIC X */
    STAGE = 57,             /* PIC X(7) */
    INDUSTRY = 64,          /* PIC X(8) */
    RECORD = 80             /* with 8 bytes of filler */
};

/* The hash of the layout that the programs were written for. */
#define NIGHTLY_LAYOUT "c623048f94fef00ded42cdb5c89750829c5075851e768714846256fa4429f599"

#endif
