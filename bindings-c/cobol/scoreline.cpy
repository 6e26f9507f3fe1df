*> scoreline for COBOL: constants of include/scoreline.h, which is the manual. Free format, for working storage.
*>
*> How the types of the header are written:
*>   handles (scoreline_scorer * and the like)   usage pointer value null, by value; by reference where the header has **
*>   uint32_t                                    usage binary-long unsigned
*>   uint8_t, the letter of a tier               usage binary-char unsigned
*>   int32_t, days                               usage binary-long
*>   size_t                                      usage binary-double unsigned
*>   int64_t, money                              usage binary-double
*>   double                                      usage comp-2
*>   const char * ended by a zero byte           a literal z"...", or text with x"00" behind it
*>   const char * with a length                  the item, by reference, and its length, by value
*>   uint64_t                                    usage binary-double unsigned
*>   scoreline_decision *                        a group with the members of scoreline-decision.cpy, by reference
*>   scoreline_review *                          a group with the members of scoreline-review.cpy, by reference
*> Write BY VALUE SIZE AUTO: without it GnuCOBOL passes every whole number by value as 32 bits, also a binary-double, and drops the
*> rest without a word. (The phrase holds for all that follow in the call.) Pass items, not bare numbers: those are 32 bits too.
*>
*> Numbers: pass a scaled decimal (scoreline_row_set_decimal_ref) or text, not comp-2. GnuCOBOL moves 0.2 into comp-2 as the double
*> below 0.2, which may lie in another bin. 12345.67 in an item pic s9(13)v99 is the mantissa 1234567 with scale 2: multiply by
*> 100 into a binary-double, with ON SIZE ERROR. A MOVE or COMPUTE into a packed or display item that is too small drops the
*> leading digits without a word, and the decision is then taken on another number: declare items as wide as their source, and
*> write ON SIZE ERROR wherever a number is computed.
*>
*> Records of a file need no conversion at all: declare once where packed, zoned and binary fields lie (scoreline_layout_packed and
*> the like), and give whole blocks of records to scoreline_run_block. A field that holds no number refuses its record, not the
*> block; in COBOL the same field would end the program, or count as another number.
*>
*> Text of a fixed width goes by scoreline_row_set_padded and scoreline_batch_set_padded, which leave blanks at
*> its end out. Text is UTF-8.

01 scoreline-ok                  constant as 0.
01 scoreline-invalid-config      constant as 1.
01 scoreline-invalid-data        constant as 2.
01 scoreline-insufficient-data   constant as 3.
01 scoreline-not-converged       constant as 4.
01 scoreline-incompatible        constant as 5.
01 scoreline-artefact            constant as 6.
01 scoreline-io                  constant as 7.
01 scoreline-internal            constant as 99.

01 scoreline-kind-number         constant as 0.
01 scoreline-kind-category       constant as 1.
01 scoreline-kind-date           constant as 2.
01 scoreline-kind-flag           constant as 3.

01 scoreline-tier-a              constant as 0.
01 scoreline-tier-b              constant as 1.
01 scoreline-tier-c              constant as 2.
01 scoreline-tier-d              constant as 3.

01 scoreline-class-a             constant as 0.
01 scoreline-class-b             constant as 1.
01 scoreline-class-c             constant as 2.

01 scoreline-outcome-approve     constant as 0.
01 scoreline-outcome-refer       constant as 1.
01 scoreline-outcome-decline     constant as 2.

01 scoreline-rate-bound-hurdle   constant as 0.
01 scoreline-rate-bound-floor    constant as 1.
01 scoreline-rate-bound-cap      constant as 2.

01 scoreline-held-no             constant as 0.
01 scoreline-held-band           constant as 1.
01 scoreline-held-dwell          constant as 2.
01 scoreline-held-step           constant as 3.
01 scoreline-held-ceiling        constant as 4.

01 scoreline-change-keep         constant as 0.
01 scoreline-change-increase     constant as 1.
01 scoreline-change-decrease     constant as 2.
01 scoreline-change-unknown      constant as 3.

01 scoreline-page-utf8           constant as 0.
01 scoreline-page-ebcdic         constant as 1.

01 scoreline-blank-refused       constant as 0.
01 scoreline-blank-spaces        constant as 1.
01 scoreline-blank-low           constant as 2.
01 scoreline-blank-high          constant as 4.

01 scoreline-sign-none           constant as 0.
01 scoreline-sign-overpunch-ascii  constant as 1.
01 scoreline-sign-overpunch-ebcdic constant as 2.
01 scoreline-sign-trailing       constant as 3.
01 scoreline-sign-leading        constant as 4.

01 scoreline-order-big           constant as 0.
01 scoreline-order-little        constant as 1.

*> What is absent.
01 scoreline-none                constant as 4294967295.
01 scoreline-no-money            usage binary-double value -9223372036854775808.
01 scoreline-no-decimal          usage binary-double value -9223372036854775808.
01 scoreline-no-date             constant as -2147483648.
01 scoreline-no-flag             constant as 255.
01 scoreline-no-level            constant as -1.

01 scoreline-max-reasons         constant as 4.
01 scoreline-max-refused         constant as 100.
01 scoreline-digest-size         constant as 65.
01 scoreline-decision-size       constant as 136.
01 scoreline-review-size         constant as 176.
